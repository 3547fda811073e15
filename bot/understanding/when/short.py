"""Short answers to a pending question: "15." is a day after "for which day?", "the later one" an offer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.understanding.when import algebra as al
from bot.understanding.when.clock import Clock
from bot.understanding.when.grammar import Item
from bot.understanding.when.model import WhenContext
from bot.understanding.when.moments import Moment

_RULE = ("answer",)


def short_answer(items: Sequence[Item], context: WhenContext) -> list[Moment]:
    """The wish in a message without any time of its own, if a question or offers were pending."""
    if context.expects != "time":
        day = _day(items) if context.expects == "day" else None
        if day is not None:
            return [day]
    if context.offered:
        choice = _choice(items)
        if choice is not None:
            return [choice]
    if context.expects == "time" or (context.expects == "any" and (context.offered or context.day)):
        clock = _clock(items)
        return [] if clock is None else [clock]
    return []


def _day(items: Sequence[Item]) -> Moment | None:
    for item in items:
        v = item.values
        day = v.get("domord") or v.get("dom")
        if day is not None:
            return Moment(item.start, item.end, _RULE, date=al.Fields(day=day))
        if "adow" in v:
            return Moment(item.start, item.end, _RULE, date=al.Weekday(v["adow"]))
    return None


def _choice(items: Sequence[Item]) -> Moment | None:
    """ "der spätere", "the second one", "lieber etwas früher": an offer, or the side of all of them."""
    for index, item in enumerate(items):
        v = item.values
        pointed = index > 0 and "art" in items[index - 1].values
        for key, one, side in (("later_word", "later", "after"), ("earlier_word", "earlier", "before")):
            if key in v:
                return Moment(item.start, item.end, _RULE, choice=one if pointed else side)
        for key, end in (("latest_word", "later"), ("earliest_word", "earlier"), ("soonword", "earlier")):
            if key in v:
                return Moment(item.start, item.end, _RULE, choice=end)
        nth = v.get("nth", v.get("ord"))
        if nth is not None and "num" not in v:
            return Moment(item.start, item.end, _RULE, choice=nth)
        if "last" in v:
            return Moment(item.start, item.end, _RULE, choice=-1)
    return None


def _clock(items: Sequence[Item]) -> Moment | None:
    for index, item in enumerate(items):
        v = item.values
        if "h" in v and "zero" not in v:
            after = items[index + 1] if index + 1 < len(items) else None
            if after is not None and ("mm" in after.values or "mw" in after.values):
                c = Clock(v["h"], after.values["min"], fixed=v["h"] > 12 or v["h"] == 0, minutes_said=True)
                return Moment(item.start, after.end, _RULE, clock=c)
            return Moment(item.start, item.end, _RULE, clock=Clock(v["h"], fixed=v["h"] > 12 or v["h"] == 0))
        if "d4" in v:
            c = Clock(v["d4"] // 100, v["d4"] % 100, fixed=True, minutes_said=True)
            return Moment(item.start, item.end, _RULE, clock=c)
    return None
