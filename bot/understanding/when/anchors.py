"""Days and times told from others: "two days before that", "the Saturday before", "after that"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.understanding.when import algebra as al
from bot.understanding.when.grammar import Item
from bot.understanding.when.language import Language
from bot.understanding.when.moments import Bound, Gap, Moment


def told_from(last: Moment, item: Item, gap: Gap) -> tuple[Moment, bool] | None:
    """ "two days before that", "or an hour later": told from the moment before it."""
    sign, length = item.values["relative"]
    either = any("or" in it.values for it in gap)
    if length.seconds is None:
        if last.date is None:
            return None
        node = al.Shift(last.date, sign * int(length.n), length.unit)
        return Moment(item.start, item.end, item.rules, date=node), not either
    if last.clock is None:
        return None
    total = last.clock.seconds + sign * int(length.seconds)
    if not 0 <= total < 86400:
        return None
    c = replace(last.clock, hour=total // 3600, minute=total % 3600 // 60, minutes_said=True)
    # "we had said nine, an hour later please": what is told from a past time is a wish
    return replace(
        last, start=item.start, end=item.end, rules=item.rules, clock=c, tbound="", told=item.told
    ), False


def beside(moments: Sequence[Moment], item: Item, gap: Gap, language: Language) -> tuple[Moment, bool] | None:
    """ "The Saturday before that", "Friday after": a day seen from the day that was said before it."""
    sign, inner = item.values["beside"]
    last = moments[-1]
    base = _most_exact([m.date for m in moments[-2:] if m.date is not None and m.told == last.told])
    if base is None or last.date is None:
        return None
    either = any("or" in it.values for it in gap)
    node = al.NthAfter(sign, inner, base if last.told == "fact?" else last.date)
    # "she has a show on the 30th, she'd come the day before": a day alone was only said to tell the other
    parted = any(it.text in language.clause_ends and (last.timed or it.text.isalpha()) for it in gap)
    joined = any("and" in it.values or (it.text.isalpha() and it.text in language.clause_ends) for it in gap)
    apart = either or joined or parted or bool(last.told) or refuses(gap, language)
    return Moment(item.start, item.end, item.rules, date=node), not apart


def another(last: Moment, item: Item) -> Moment | None:
    """ "Not this Friday, the one after": the same weekday, week or month beside the one said before it."""
    if last.date is None or last.timed or last.special:
        return None
    weekly = isinstance(last.date, al.Weekday) or al.grain_of(last.date) in ("week", "weekend")
    if not weekly and al.grain_of(last.date) != "month":
        return None
    node = al.Shift(last.date, item.values["another"], "week" if weekly else "month")
    return Moment(item.start, item.end, item.rules, date=node)


def told_on(moments: Sequence[Moment], item: Item, language: Language) -> Moment | None:
    """ "Danach", "davor": open from the end (or until the start) of what was told just before."""
    after = item.text in language.after_that or item.values.get("told_from") == 1
    if not after and item.text not in language.before_that and "told_from" not in item.values:
        return None
    day: al.Node | None = None
    timed: Moment | None = None
    for m in reversed(moments[-2:]):
        day = day or m.date
        timed = timed or (m if m.clock or m.trange else None)
    side: Bound = ("from" if after else "before") if timed else ("after" if after else "before")
    m = Moment(item.start, item.end, ("told.after" if after else "told.before",), date=day)
    if timed is None:
        return None if day is None else replace(m, dbound=side)
    edge = timed.clock
    if timed.trange is not None:
        edge = timed.trange.last if after else timed.trange.first
    return replace(m, clock=edge, tbound=side)


def _most_exact(dates: Sequence[al.Node]) -> al.Node | None:
    """Of days that are one and the same ("Weihnachten ist Freitag"), the one that says more than a weekday."""
    return next((d for d in dates if not isinstance(d, al.Weekday)), dates[-1] if dates else None)


def refuses(gap: Gap, language: Language) -> bool:
    return any(
        it.text in language.refusals or it.text in language.verdicts or it.text in language.full for it in gap
    )
