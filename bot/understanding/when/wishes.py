"""The message as a whole: what was corrected, refused, offered instead, and what belongs together."""

from __future__ import annotations

from dataclasses import replace

from bot.understanding.when import algebra as al
from bot.understanding.when.language import Language
from bot.understanding.when.moments import SOFT, Gap, Moment, bound_of, join, rules_of

_ENDS = frozenset(",;.!?")
_MOST = 24  # moments of one message that are weighed


def wishes(moments: list[Moment], gaps: list[Gap], language: Language, *, moving: bool) -> list[Moment]:
    """The independent wishes of a message, in the order said; corrections and refusals are done."""
    if not moments:
        return []
    marked = _mark_refusals(moments[:_MOST], gaps[: _MOST + 1], language)
    if moving:
        marked = _targets(marked, gaps, language)
    if any(m.soonest for m, _ in marked) and any(not m.soonest and not m.refused for m, _ in marked):
        marked = [(m, g) for m, g in marked if not m.soonest]
    out: list[Moment] = []
    refused: Moment | None = None
    for m, gap in marked:
        if m.refused:
            refused = refused or m
        elif refused is not None and not out and _same_weekday_next(refused, m):
            # "not this Friday, next Friday"
            weekday = m.date.weekday if isinstance(m.date, al.Weekday) else 0
            out.append(replace(m, date=al.Shift(al.Weekday(weekday, "coming"), 7, "day")))
        elif out:
            _add(out, m, gap, language)
        elif refused is not None and m.date is None and m.timed and refused.date is not None and refused.timed:
            # "Friday at three is no good, but at four": still Friday
            out.append(replace(m, date=refused.date))
        else:
            out.append(m)
    return _unique(out)


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
    either, correcting, listing = _links(gap, language)
    if not (either and _same_slots(last, m)):
        whole = _complete(last, m)
        if whole is not None:
            out[-1] = whole
            _complete_list(out, m, listing)
            return
    if correcting and _conflict(last, m):
        out[-1] = _override(last, m)
        return
    out.append(_inherit(last, replace(m, listed=listing)))
    _share_back(out)


def _complete_list(out: list[Moment], m: Moment, listing: bool) -> None:
    """A time said after a list of days holds for all of them."""
    for k in range(len(out) - 2, -1, -1):
        if not (out[k + 1].listed or listing) or not m.timed or out[k].timed:
            return
        whole = _complete(out[k], replace(m, start=out[k].start, end=out[k].end))
        if whole is None:
            return
        out[k] = whole


def _mark_refusals(moments: list[Moment], gaps: list[Gap], language: Language) -> list[tuple[Moment, Gap]]:
    out = []
    count = len(moments)
    refused = [False] * count
    for i in range(count):
        before, after = gaps[i], gaps[i + 1]
        refused[i] = _refused_before(before, language) or _refused_after(after, language, i + 1 < count)
    for i in range(1, count):
        # "not Monday or Tuesday", "rather Tuesday than Wednesday"
        listed = bool(gaps[i]) and all("or" in it.values or "and" in it.values for it in gaps[i])
        limited = moments[i].timed and not moments[i - 1].timed
        if listed and not limited and refused[i - 1] and _refused_before(gaps[i - 1], language):
            refused[i] = True
        compared = [it.text for it in gaps[i] if it.text not in SOFT]
        if compared in (["als"], ["than"]) and any(it.text in language.corrections for it in gaps[i - 1]):
            refused[i] = True
    for i in range(count - 1, 0, -1):
        if (
            refused[i]
            and not refused[i - 1]
            and _links(gaps[i], language)[2]
            and gaps[i]
            and not _refused_before(gaps[i], language)
        ):
            refused[i - 1] = True
    for i in range(count):
        out.append((replace(moments[i], refused=True) if refused[i] else moments[i], gaps[i]))
    return out


def _refused_before(gap: Gap, language: Language) -> bool:
    words = gap
    i = len(words) - 1
    steps = 0
    while i >= 0 and steps < 5:
        text = words[i].text
        if text in _ENDS or "and" in words[i].values:
            return False
        if text in language.excluding or "excluded" in words[i].values:
            return True
        if text in ("than", "als") and i > 0 and (words[i - 1].text in language.corrections):
            return True
        if text in ("of", "from") and i > 0 and words[i - 1].text in language.excluding:
            return True
        if text in language.refusals or "refusal" in words[i].values:
            return not (i > 0 and words[i - 1].text in language.why) and not any(
                w.text in language.softeners for w in words[i + 1 :]
            )
        if "glue" not in words[i].values and "bind" not in words[i].values and text not in language.passing:
            return False
        i -= 1
        steps += 1
    return False


def _refused_after(gap: Gap, language: Language, more: bool) -> bool:
    """Whether the words after a moment refuse it: "… geht nicht", up to the end of the clause."""
    for k, item in enumerate(gap):
        text = item.text
        if text in language.clause_ends:
            return False
        if text in language.refusals or "refusal" in item.values:
            rest = gap[k + 1 :]
            if rest and rest[0].text in language.softeners:
                return False
            # a refusal right before the next moment is about that one
            next_refused = more and all(
                ("glue" in it.values or it.text in SOFT) and "and" not in it.values for it in rest
            )
            return not next_refused or _has_stop(rest, language)
    return False


def _has_stop(gap: Gap, language: Language) -> bool:
    return any(it.text in language.clause_ends for it in gap)


def _links(gap: Gap, language: Language) -> tuple[bool, bool, bool]:
    """Whether the words between two moments offer an alternative, correct, or merely list."""
    either = correcting = False
    listing = True
    for it in gap:
        if it.text in language.either or "or" in it.values:
            either = True
        elif it.text in language.corrections:
            correcting = True
            listing = False
        elif not (
            "and" in it.values
            or it.text == "-"
            or "glue" in it.values
            or it.text in SOFT
            or "bind" in it.values
            or bound_of(it.values)
        ):
            listing = False
    return either, correcting, listing


def _targets(marked: list[tuple[Moment, Gap]], gaps: list[Gap], language: Language) -> list[tuple[Moment, Gap]]:
    """Of a message that moves an appointment, only where it goes to."""
    live = [(m, g) for m, g in marked if not m.refused]
    if len(live) == 1 and isinstance(live[0][0].date, al.Days):
        only = live[0][0]
        return [(replace(only, date=live[0][0].date.last), live[0][1])]
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
    new = replace(b, rules=rules_of(a, b, "correction"))
    if b.date is None:
        new = replace(new, date=a.date, dbound=a.dbound, start=min(a.start, b.start))
        if b.clock and a.trange and not b.tbound:
            return new
    elif not b.timed:
        if isinstance(a.date, al.Within) and isinstance(b.date, al.Weekday) and b.date.mode == "bare":
            new = replace(new, date=al.Within(b.date, a.date.outer))
        new = replace(
            new,
            clock=a.clock,
            part=a.part,
            trange=a.trange,
            prange=a.prange,
            tbound=a.tbound,
            start=min(a.start, b.start),
        )
    return new


def _inherit(last: Moment, m: Moment) -> Moment:
    """What an alternative leaves out is as in the wish before it."""
    if m.special or last.special:
        return m
    if m.same and last.timed:
        m = replace(
            m,
            same=False,
            clock=last.clock,
            part=last.part,
            trange=last.trange,
            prange=last.prange,
            tbound=last.tbound,
        )
    if m.date is None and m.timed and last.date is not None:
        return replace(m, date=last.date)
    if m.listed and isinstance(m.date, al.Weekday) and m.date.mode == "bare" and isinstance(last.date, al.Within):
        return replace(m, date=al.Within(m.date, last.date.outer))
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


def _share_back(out: list[Moment]) -> None:
    """What was said once after a list holds for all of it: "Dienstag oder Mittwoch um zehn"."""
    for k in range(len(out) - 1, 0, -1):
        a, b = out[k - 1], out[k]
        if not b.listed or a.special or b.special:
            return
        if a.date is None and b.date is not None and a.timed and b.timed:
            a = replace(a, date=b.date)
        if a.date is not None and b.date is not None and not a.timed and b.timed:
            a = replace(a, clock=b.clock, part=b.part, trange=b.trange, prange=b.prange, tbound=b.tbound)
        if (
            isinstance(a.date, al.Weekday)
            and a.date.mode == "bare"
            and isinstance(b.date, al.Within)
            and isinstance(b.date.inner, al.Weekday)
        ):
            a = replace(a, date=al.Within(a.date, b.date.outer))
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
