"""Short answers to a pending question: "15." is a day after "for which day?", "drei" a time after "when?"."""

from __future__ import annotations

from collections.abc import Sequence

from bot.understanding.when import algebra as al
from bot.understanding.when.clock import Clock
from bot.understanding.when.grammar import Item
from bot.understanding.when.model import WhenContext
from bot.understanding.when.moments import Moment


def short_answer(items: Sequence[Item], context: WhenContext) -> list[Moment]:
    """The wish in a message without any time of its own, if a question was pending."""
    if context.expects == "any" and not context.offered and context.day is None:
        return []
    for index, item in enumerate(items):
        v = item.values
        rule = ("answer",)
        if context.expects == "day":
            day = v.get("domord") or v.get("dom")
            if day is not None:
                return [Moment(item.start, item.end, rule, date=al.Fields(day=day))]
            if "short_dow" in v:
                return [Moment(item.start, item.end, rule, date=al.Weekday(v["short_dow"]))]
            continue
        if "h" in v and "zero" not in v:
            following = items[index + 1] if index + 1 < len(items) else None
            if following is not None and ("mm" in following.values or "mw" in following.values):
                c = Clock(v["h"], following.values["min"], fixed=v["h"] > 12, minutes_said=True)
                return [Moment(item.start, following.end, rule, clock=c)]
            return [Moment(item.start, item.end, rule, clock=Clock(v["h"], fixed=v["h"] > 12 or v["h"] == 0))]
        if "d4" in v:
            c = Clock(v["d4"] // 100, v["d4"] % 100, fixed=True, minutes_said=True)
            return [Moment(item.start, item.end, rule, clock=c)]
    return []
