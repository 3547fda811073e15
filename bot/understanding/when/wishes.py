"""The message as a whole: what was corrected, refused, offered instead, and what belongs together."""

from __future__ import annotations

from dataclasses import replace

from bot.understanding.when import algebra as al
from bot.understanding.when.assemble import SOFT
from bot.understanding.when.clock import like
from bot.understanding.when.language import Language
from bot.understanding.when.limits import limit_of, rest_of_day, within
from bot.understanding.when.moments import Gap, Moment, join, rules_of
from bot.understanding.when.refusals import links, mark_refusals

_MOST = 24  # moments of one message that are weighed
_OWN_DAYS = (
    "booked?",
    "busy",
    "busy?",
    "due",
    "leaving",
    "ending",
    "over",
    "closed?",
    "fact?",
)  # told of a day that a wish may be for
_FEW = 5  # words between the times of two guests


def wishes(
    moments: list[Moment], gaps: list[Gap], language: Language, *, moving: bool, talked: bool = False
) -> list[Moment]:
    """The independent wishes of a message, in the order said; corrections and refusals are done.

    `talked`: a day is being spoken of, on which a clock time without one lies.
    """
    if not moments:
        return []
    marked = mark_refusals(moments[:_MOST], gaps[: _MOST + 1], language)
    busy = [_busy(m) for m, _ in marked if m.told in ("busy", "busy?", "closed?")]
    marked = _without_told(marked, language, talked=talked)
    if moving:
        marked = _targets(marked, gaps, language)
    if any(m.soonest for m, _ in marked) and any(not m.soonest and not m.refused for m, _ in marked):
        marked = [(m, g) for m, g in marked if not m.soonest]
    out: list[Moment] = []
    refused: Moment | None = None
    topic: int | None = None
    for m, gap in marked:
        if m.refused:
            refused = refused or m
        elif refused is not None and not out and _same_weekday_next(refused, m):
            # "not this Friday, next Friday"
            weekday = m.date.weekday if isinstance(m.date, al.Weekday) else 0
            out.append(replace(m, date=al.Shift(al.Weekday(weekday, "coming"), 7, "day")))
        elif (again := _of_listed(out, m, gap, language)) is not None:
            # what is said of one day of a list holds for it alone
            topic = None if m.timed else again
            out[again] = replace(m, date=out[again].date, either=out[again].either)
        elif topic is not None and m.date is None and m.timed and not m.special:
            out[topic] = replace(m, date=out[topic].date, either=out[topic].either)
        elif out:
            topic = None
            _add(out, m, gap, language)
        elif refused is not None and m.date is None and m.timed and refused.date is not None and refused.timed:
            # "Friday at three is no good, but at four": still Friday
            out.append(replace(m, date=refused.date))
        else:
            out.append(m)
    out = [_like_refused(m, refused) for m in out]
    taken_out = [m for m, _ in marked if m.refused]
    return _unique(_without_refused(_beside_refused(out, taken_out), [*busy, *taken_out]))


def _like_refused(m: Moment, refused: Moment | None) -> Moment:
    """ "Instead of six on Friday, seven": of the same half of the day."""
    if refused is None or refused.clock is None or m.clock is None or refused.tbound or m.tbound:
        return m
    return replace(m, clock=like(m.clock, refused.clock))


def _beside_refused(out: list[Moment], refused: list[Moment]) -> list[Moment]:
    """ "On Friday, but not in the morning": what is left of the day."""
    limits = [limit for m in refused if (limit := rest_of_day(m)) is not None]
    return [within(m, limits[0]) for m in out] if len(limits) == 1 else out


def _busy(m: Moment) -> Moment:
    """A day of the guest's own business; a weekday is its next one only, not that of every week."""
    if m.told != "closed?" and isinstance(m.date, al.Weekday) and m.date.mode == "bare":
        return replace(m, date=al.NthAfter(1, m.date, al.TODAY))
    return m


def _without_refused(out: list[Moment], refused: list[Moment]) -> list[Moment]:
    """ "Any day next week but Wednesday": the days that are refused taken out of the longer stretch that is wished."""
    days = tuple(
        m.date
        for m in refused
        if m.date is not None and al.is_day(m.date) and not (m.timed or m.dbound or m.special)
    )
    return [
        replace(m, without=days) if days and m.date is not None and not al.is_day(m.date) and not m.special else m
        for m in out
    ]


def _of_listed(out: list[Moment], m: Moment, gap: Gap, language: Language) -> int | None:
    """ "Tomorrow or Monday, but tomorrow only from twelve": which day of the list is spoken of again."""
    if len(out) < 2 or m.date is None or m.special or m.dbound or links(gap, language)[1] or m.instead:
        return None
    return next(
        (k for k, wish in enumerate(out) if not (wish.timed or wish.dbound) and _again(wish.date, m.date)), None
    )


def _again(before: al.Node | None, node: al.Node) -> bool:
    """Whether a day is the one named before, or the weekday it was named with."""
    if isinstance(before, (al.Within, al.Nth)) and isinstance(node, al.Weekday) and node.mode == "bare":
        before = before.inner
    return before == node


def _without_told(
    marked: list[tuple[Moment, Gap]], language: Language, *, talked: bool
) -> list[tuple[Moment, Gap]]:
    """What was only told taken out; a time of day without a day is on the day of the guest's own business."""
    live = any(not m.told and not m.refused for m, _ in marked)
    out: list[tuple[Moment, Gap]] = []
    day: al.Node | None = None
    instead: al.Node | None = None
    limits: list[tuple[int, Moment]] = []
    agreed: Moment | None = None
    for m, gap in marked:
        if m.told.startswith(("past", "booked")):
            agreed = m if m.clock else agreed
        elif m.same and not m.clock and agreed is not None:
            m = _with_time_of(agreed, m)  # noqa: PLW2901 - "we had Friday at three, Monday at the same time"
        limit = limit_of(m)
        if limit is not None:
            day = m.date or day
            limits.append((len(out), replace(limit, date=day)))
            if not live and (day is not None or talked or m.told == "ending"):
                known = bool(out) and out[-1][0].date == day
                out.append((replace(limit, date=None if known else day), gap))
        elif m.told == "fact?" and live and day is None and (checked := _checked(out, m)):
            out[-1] = checked, out[-1][1]
        elif m.told and (live or not m.told.endswith("?")):
            again = m.told == "fact?" and day is not None and isinstance(m.date, al.Weekday)
            if not again:  # "the 14th is a Friday": one and the same day
                day = m.date or day if m.told in _OWN_DAYS else None
            instead = m.date if m.told in ("closed?", "fact?") else instead
        elif instead is not None and m.date is not None and not m.refused:
            out.append((replace(m, date=_beside_closed(instead, m.date)), gap))
        elif day is not None and m.date is None and m.timed and not m.refused:
            out.append((replace(m, date=day), gap))
        else:
            out.append((m, gap))
    for count, limit in limits if live else ():
        # without a day of its own it is said of the days before it: "I work till six, so Saturday"
        reach = count if limit.date is None else len(out)
        if not reach and limit.bounds_end and _appended(out[0][1], language):
            reach = 1
        out = [(within(m, limit), gap) if k < reach else (m, gap) for k, (m, gap) in enumerate(out)]
    return out


def _appended(gap: Gap, language: Language) -> bool:
    """Whether a day only follows what was told before it: "I have to leave at four, Tuesday"."""
    last = next((k for k in range(len(gap) - 1, -1, -1) if gap[k].text == ","), None)
    rest = gap[last + 1 :] if last is not None else gap
    return last is not None and all("glue" in it.values and it.text not in language.specifying for it in rest)


def _checked(out: list[tuple[Moment, Gap]], m: Moment) -> Moment | None:
    """The date just wished with the weekday that it is said to be: "on 3 November, that's a Tuesday"."""
    last = out[-1][0] if out else None
    if last is None or last.refused or not isinstance(last.date, al.Fields) or last.date.day is None:
        return None
    return replace(last, date=al.Checked(last.date, m.date.weekday)) if isinstance(m.date, al.Weekday) else None


def _same_weekday_next(refused: Moment, m: Moment) -> bool:
    return (
        isinstance(refused.date, al.Weekday)
        and isinstance(m.date, al.Weekday)
        and refused.date.weekday == m.date.weekday
        and refused.date.mode != "next"
        and m.date.mode == "next"
    )


def _add(out: list[Moment], m: Moment, gap: Gap, language: Language) -> None:
    """Takes one more moment into the wishes: completing, correcting, or beside the last."""
    last = out[-1]
    either, correcting, listing = links(gap, language)
    correcting = correcting or m.instead
    if last.dbound in ("from", "after") and last.date and _weekday_only(m) and not (either or last.timed):
        # "after Easter, ideally a Thursday"
        first = last.date if al.is_day(last.date) else al.Nth(1, al.Cycle("day"), last.date)
        base = al.Shift(first, -1, "day") if last.dbound == "from" else last.date
        out[-1] = replace(m, date=al.NthAfter(1, m.date, base))  # type: ignore[arg-type]
        return
    if last.rules[:1] in (("told.after",), ("told.before",)) and last.date and m.date and not either:
        out[-1] = m  # "danach gern, am 23. um neun"
        return
    if not (either and _same_slots(last, m)) and not (correcting and _asked(gap) and _same_slots(last, m)):
        whole = _complete(last, m)
        if whole is not None:
            out[-1] = whole
            _complete_list(out, m, listing)
            return
    if _apposed(last, m, gap):
        out[-1] = _override(last, m)
        return
    if correcting and last.relative and m.clock and not m.relative:
        # "half an hour later, that is at 15:30"
        out[-1] = replace(m, date=m.date or last.date)
        if len(out) > 1 and (whole := _complete(out[-2], out[-1])) is not None:
            out[-2:] = [whole]
        return
    if correcting and _conflict(last, m):
        out[-1] = _override(last, m)
        return
    if last.dbound in ("until", "before") and m.date is None and m.part and not m.clock and not either:
        return  # a part of one of the days before a date; which of them is open
    one, two = last.clock, m.clock
    same_day = last.date is None or m.date in (None, last.date)
    if either and one and two and same_day and not (last.tbound or m.tbound):
        # "at six or seven" is one half of the day
        last, m = replace(last, clock=like(one, two)), replace(m, clock=like(two, one))
        out[-1] = last
    together = listing or _of_several(last, m, gap, language)
    often = m.repeats or (together and last.repeats and m.date != last.date)
    out.append(_inherit(last, replace(m, listed=together, either=either, repeats=often)))
    _share_back(out)


def _weekday_only(m: Moment) -> bool:
    return isinstance(m.date, al.Weekday) and m.date.mode == "bare" and not m.dbound


def _of_several(last: Moment, m: Moment, gap: Gap, language: Language) -> bool:
    """ "Me at two and my sister at three on Saturday": two clock times of one sentence."""
    if not (last.clock and m.clock) or last.date is not None or len(gap) > _FEW:
        return False
    return any("and" in it.values for it in gap) and not any(it.text in language.clause_ends for it in gap)


def _apposed(last: Moment, m: Moment, gap: Gap) -> bool:
    """ "The Tuesday after that, the 27th of October": a day told from another, then its date."""
    dated = isinstance(m.date, al.Fields) and m.date.day is not None
    counted = isinstance(last.date, (al.NthAfter, al.Shift))
    return dated and counted and bool(gap) and all(it.text == "," or "art" in it.values for it in gap)


def _asked(gap: Gap) -> bool:
    return any(it.text == "?" for it in gap)


def _complete_list(out: list[Moment], m: Moment, listing: bool) -> None:
    """A time said after a list of days holds for all of them."""
    for k in range(len(out) - 2, -1, -1):
        if not (out[k + 1].listed or listing) or not m.timed or out[k].timed or out[k].dbound:
            return
        whole = _complete(out[k], replace(m, start=out[k].start, end=out[k].end))
        if whole is None:
            return
        out[k] = whole


def _targets(marked: list[tuple[Moment, Gap]], gaps: list[Gap], language: Language) -> list[tuple[Moment, Gap]]:
    """Of a message that moves an appointment, only where it goes to."""
    live = [(m, g) for m, g in marked if not m.refused]
    if len(live) == 1 and isinstance(live[0][0].date, al.Days):
        only = live[0][0]
        return [(replace(only, date=live[0][0].date.last), live[0][1])]
    if len(live) == 1 and live[0][0].until is not None:
        return [(live[0][0].until, live[0][1])]
    if len(live) < 2:
        return marked
    for i in range(len(live) - 1, 0, -1):
        m, gap = live[i]
        words = [it.text for it in gap if it.text not in SOFT]
        if any(w in language.moving_to for w in words[-3:]):
            before = live[i - 1][0]
            if m.date is None and before.date is not None and m.timed:
                m = replace(m, date=before.date)
            return [(m, [])] + [(n, g) for n, g in live[i + 1 :]]
    return marked


def _same_slots(a: Moment, b: Moment) -> bool:
    return (a.date is not None and b.date is not None) or (a.timed and b.timed)


def _complete(a: Moment, b: Moment) -> Moment | None:
    """Two distant pieces as one wish: one says the day, the other the time, or one narrows the other."""
    if a.special or b.special:
        return None
    if a.date is not None and b.date is not None:
        if al.grain_of(a.date) == al.grain_of(b.date):
            return None
        coarse = {"week", "month", "season", "year", "quarter", "span"}
        if not (al.grain_of(a.date) in coarse or al.grain_of(b.date) in coarse):
            return None
    if (a.trange and b.part) or (a.prange and b.timed) or (b.prange and a.timed):
        return None
    if (
        a.timed
        and b.timed
        and not ((a.part and (b.clock or b.trange)) or ((a.clock or a.trange) and b.part))
        and not (a.clock and b.clock and a.tbound and b.tbound)
    ):
        return None
    if (a.dbound and not a.timed and b.date is None) and b.timed and not b.tbound:
        return None if a.dbound in ("until", "before") else join(a, b)
    return join(a, b)


def _conflict(a: Moment, b: Moment) -> bool:
    return _same_slots(a, b) or a.special or b.special


def _override(a: Moment, b: Moment) -> Moment:
    """The corrected wish: what was said again replaces, the rest stays."""
    if a.special or b.special:
        return b
    new = replace(b, rules=rules_of(a, b, "correction"), date=_in_month_of(a.date, b.date))
    if a.clock and b.clock and not (a.tbound or b.tbound):
        new = replace(new, clock=like(b.clock, a.clock))
    if b.date is None:
        new = replace(new, date=a.date, dbound=a.dbound, start=min(a.start, b.start))
        if b.clock and a.trange and not b.tbound:
            return new
    elif not b.timed or b.same:
        if isinstance(a.date, al.Within) and isinstance(b.date, al.Weekday) and b.date.mode == "bare":
            new = replace(new, date=al.Within(b.date, a.date.outer))
        new = replace(
            new,
            clock=a.clock,
            part=a.part,
            trange=a.trange,
            prange=a.prange,
            tbound=a.tbound,
            same=a.same,
            start=min(a.start, b.start),
        )
    return new


def _beside_closed(shut: al.Node, node: al.Node) -> al.Node | None:
    """A weekday said instead of a holiday on which the house is closed: the next one, or the one nearest to it."""
    if isinstance(shut, al.Holiday) and al.is_day(shut) and isinstance(node, al.Weekday) and node.mode == "bare":
        near = al.Days(al.Shift(shut, -3, "day"), al.Shift(shut, 3, "day"))
        return al.OneOf(node, al.Within(node, near))
    return _in_month_of(shut, node)


def _in_month_of(before: al.Node | None, node: al.Node | None) -> al.Node | None:
    """A day of the month that is said instead of a date is in the month of that date."""
    if isinstance(before, (al.Checked, al.Within)):
        before = before.day if isinstance(before, al.Checked) else before.inner
    if isinstance(before, al.Fields) and isinstance(node, al.Fields) and before.day and before.month:
        if node.day and node.month is None:
            return replace(node, month=before.month, year=before.year)
    return node


def _with_time_of(last: Moment, m: Moment) -> Moment:
    return replace(
        m,
        same=False,
        clock=last.clock,
        part=last.part,
        trange=last.trange,
        prange=last.prange,
        tbound=last.tbound,
        time_first=last.time_first,
    )


def _inherit(last: Moment, m: Moment) -> Moment:
    """What an alternative leaves out is as in the wish before it."""
    if m.special or last.special:
        return m
    if m.same and last.timed:
        m = _with_time_of(last, m)
    if m.date is None and m.timed and last.date is not None:
        return replace(m, date=last.date)
    if m.listed and last.time_first and m.date is not None and al.is_day(m.date) and not (m.timed or m.dbound):
        # "zwischen zehn und zwölf, Dienstag oder Mittwoch"
        return _with_time_of(last, m)
    if m.listed and (framed := _framed(m.date, last.date)) is not None:
        return replace(m, date=framed)
    if (
        m.listed
        and isinstance(m.date, al.Fields)
        and isinstance(last.date, al.Fields)
        and m.date.day
        and m.date.month is None
        and last.date.month
    ):
        return replace(m, date=replace(m.date, month=last.date.month, year=last.date.year))
    return m


def _framed(node: al.Node | None, other: al.Node | None) -> al.Node | None:
    """A bare weekday in the weeks of another one of its list: "in drei Wochen Montag oder Dienstag"."""
    if not isinstance(node, al.Weekday) or node.mode != "bare":
        return None
    if isinstance(other, al.Within):
        return al.Within(node, other.outer)
    weeks = isinstance(other, al.Shift) and (other.unit == "week" or (other.unit == "day" and other.n % 7 == 0))
    if weeks and isinstance(other, al.Shift) and isinstance(other.base, al.Weekday):
        return replace(other, base=node)
    return None


def _share_back(out: list[Moment]) -> None:
    """What was said once after a list holds for all of it: "Dienstag oder Mittwoch um zehn"."""
    for k in range(len(out) - 1, 0, -1):
        a, b = out[k - 1], out[k]
        if not b.listed or a.special or b.special or (a.dbound and not b.either):
            return
        if a.date is None and b.date is not None and a.timed and b.timed:
            a = replace(a, date=b.date)
        if a.date is not None and b.date is not None and not a.timed and b.timed:
            a = replace(a, clock=b.clock, part=b.part, trange=b.trange, prange=b.prange, tbound=b.tbound)
        if not (isinstance(b.date, al.Within) and not isinstance(b.date.inner, al.Weekday)):
            a = replace(a, date=_framed(a.date, b.date) or a.date)
        if (
            isinstance(a.date, al.Fields)
            and isinstance(b.date, al.Fields)
            and a.date.day
            and a.date.month is None
            and b.date.month
            and b.date.day
        ):
            a = replace(a, date=replace(a.date, month=b.date.month, year=b.date.year))
        out[k - 1] = a


def _unique(out: list[Moment]) -> list[Moment]:
    seen: set[tuple[object, ...]] = set()
    kept = []
    for m in out:
        key = (
            m.date,
            m.clock,
            m.part,
            m.trange,
            m.prange,
            m.offset,
            m.elapsed,
            m.now,
            m.soonest,
            m.dbound,
            m.tbound,
            m.until,
            m.choice,
            m.relative,
        )
        if key not in seen:
            seen.add(key)
            kept.append(m)
    return kept
