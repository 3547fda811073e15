"""From pieces of meaning to moments: neighbours that describe one day and time become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.understanding.when import algebra as al
from bot.understanding.when.anchors import another, beside, refuses, told_from, told_on
from bot.understanding.when.clock import Clock, ClockRange
from bot.understanding.when.grammar import Item
from bot.understanding.when.language import Language
from bot.understanding.when.moments import Bound, Gap, Moment, join, rules_of
from bot.understanding.when.neighbours import (
    is_day_again,
    is_next_of_list,
    is_of_list,
    is_often,
    is_said_instead,
    part_of_month,
)

_TEMPORAL = frozenset(
    (
        "date",
        "time",
        "part",
        "trange",
        "prange",
        "offset",
        "elapsed",
        "now",
        "soonest",
        "relative",
        "choice",
        "dated",
        "nthdow",
        "same",
        "beside",
    )
)

_NEAR = 12  # tokens between two pieces that may still be neighbours

_WEAK = frozenset(("wrange", "wtime", "wpart", "soonword", "nowword", "year", "d3", "d4"))

_BOUNDS: tuple[tuple[str, Bound], ...] = (
    ("b_from", "from"),
    ("b_until", "until"),
    ("b_before", "before"),
    ("b_after", "after"),
)

SOFT = frozenset(",()\"'.:;*")


def _of_item(item: Item, bound: Bound, start: int) -> Moment:
    v: dict[str, Any] = item.values
    if "dated" in v:
        v = {**v, **v["dated"]}
    elif "nthdow" in v:
        n, weekday = v["nthdow"]
        v = {**v, "date": al.Nth(n, al.Weekday(weekday), al.Cycle("month"))}
    m = Moment(
        start=start,
        end=item.end,
        rules=item.rules,
        date=v.get("date"),
        clock=v.get("time"),
        part=v.get("part"),
        trange=v.get("trange"),
        prange=v.get("prange"),
        offset=v.get("offset"),
        elapsed=v.get("elapsed"),
        now=bool(v.get("now")),
        soonest=bool(v.get("soonest")),
        relative=v.get("relative"),
        choice=v.get("choice"),
        shift=v.get("d_shift"),
        next_day="d_nextday" in v,
        length=v.get("lasting"),
        same="same" in v,
        from_now="d_within" in v,
        beside=v.get("beside"),
        refused="set_aside" in v,
        repeats="repeats" in v,
        without=v.get("without", ()),
    )
    after: Bound = "from" if "p_from" in v else "until" if "p_until" in v else v.get("p_bound", bound)
    if after:
        m = replace(m, tbound=after) if m.date is None or m.clock else replace(m, dbound=after)
    return m


def assemble(items: Sequence[Item], language: Language, *, moving: bool = False) -> tuple[list[Moment], list[Gap]]:
    """The moments of a text in order, neighbours merged, and the words before each and after the last."""
    moments: list[Moment] = []
    gaps: list[Gap] = []
    gap: Gap = []
    bound: Bound = ""
    bound_at = -1
    items = _spread(items)
    for index, item in enumerate(items):
        found = _moment_at(items, index, moments, gap, bound, language, moving)
        if found is None:
            side = bound_of(item.values)
            if side and leads(items, index):
                bound, bound_at = side, item.start
            elif bound and not ("glue" in item.values or item.text in SOFT):
                bound = ""
            if moments and "often" in item.values and soft(gap):
                moments[-1] = replace(moments[-1], repeats=True)
            after = _postfix(item)
            if moments and after and soft(gap):
                moments[-1] = _bind(moments[-1], after, item.end)
                if not (side and leads(items, index)):
                    continue
            gap.append(item)
            continue
        m, anchored = found
        if item.told and not anchored:
            m = replace(m, told=item.told)
        if is_often(gap):
            m = replace(m, repeats=True)
        if bound:
            m = replace(m, start=bound_at)
        had, bound = bound, ""
        if anchored:
            moments[-1], gap = m, []
            continue
        apart = "another" in item.values or any(it.text in language.specifying for it in gap)
        apart = apart or is_said_instead(moments, gaps, m, gap, language)
        if "d_nextday" in item.values:
            apart = apart or any("and" in it.values or "or" in it.values for it in gap)
        apart = apart or is_next_of_list(moments, gaps, m, gap) or is_of_list(moments, m)
        near = bool(moments) and (moments[-1].told, moments[-1].refused) == (m.told, m.refused) and not apart
        joined = _join_near(moments[-1], m, gap, had) if near else None
        if joined is not None:
            moments[-1] = joined
        else:
            moments.append(m)
            gaps.append(gap)
        gap = []
    gaps.append(gap)
    return moments, gaps


def _spread(items: Sequence[Item]) -> list[Item]:
    """The items with lists of days made several, and "or after" taken apart where a time follows it."""
    out: list[Item] = []
    for i, item in enumerate(items):
        if "or_bound" in item.values and leads(items, i):
            out.append(Item("or", {"or": True}, item.start, item.start))
            out.append(Item("", {item.values["or_bound"]: True}, item.start, item.end, item.rules))
            continue
        if "told_sides" in item.values:
            out.append(Item("", {"told_from": -1}, item.start, item.end, item.rules))
            out.append(Item("", {"or": True}, item.end, item.end))
            out.append(Item("", {"told_from": 1}, item.end, item.end, item.rules))
            continue
        for k, dated in enumerate(item.values.get("dateds", ())):
            if k:
                out.append(Item("", {"or": True}, item.start, item.start))
            out.append(Item("", {"dated": dated}, item.start, item.end, item.rules, told=item.told))
        if "dates" not in item.values:
            out += [item] if "dateds" not in item.values else []
            continue
        for k, node in enumerate(item.values["dates"]):
            if k:
                out.append(Item("", {"or": True}, item.start, item.start))
            out.append(Item("", {"date": node}, item.start, item.end, item.rules, told=item.told))
    return out


def _postfix(item: Item) -> Bound:
    return "from" if "p_from" in item.values else "until" if "p_until" in item.values else ""


def _moment_at(
    items: Sequence[Item],
    index: int,
    moments: list[Moment],
    gap: Gap,
    bound: Bound,
    language: Language,
    moving: bool,
) -> tuple[Moment, bool] | None:
    """The moment an item stands for here, and whether it takes the place of the one it is told from."""
    item = items[index]
    values = item.values
    last = moments[-1] if moments else None
    if last is not None and "relative" in values:
        told = told_from(last, item, gap)
        if told is not None:
            return told
    if last is not None and "beside" in values:
        besides = beside(moments, item, gap, language)
        if besides is not None:
            return besides
    if last is not None and "d_nextday" in values and last.date is not None and al.is_day(last.date):
        node = al.Shift(last.date, values["d_nextday"], "day")
        return replace(_of_item(item, bound, item.start), date=node, next_day=False), False
    if last is not None and (part := part_of_month(last, item)) is not None:
        return part, False
    if not _TEMPORAL.isdisjoint(values):
        return _of_item(item, bound, item.start), False
    open_from = last is not None and (bool(last.told) or last.rules[:1] == ("told.before",))
    if last is not None and (open_from or refuses(gap, language)) and not item.told:
        open_side = told_on(moments, item, language)
        if open_side is not None:
            return open_side, False
    if "past_minutes" in values and (hour := next((m.clock for m in reversed(moments) if m.clock), None)):
        c = replace(hour, minute=values["past_minutes"], minutes_said=True)
        return Moment(item.start, item.end, item.rules, clock=c, tbound=bound), False
    if "another" in values and last is not None and (other := another(last, item)) is not None:
        return other, False
    if "relday" in values and last is not None and last.date is not None:
        node = al.Shift(last.date, values["relday"], "day")
        return Moment(item.start, item.end, item.rules, date=node), False
    if last is not None and "domord" in values and is_day_again(item, last, gap, language):
        return Moment(item.start, item.end, ("day.again",), date=al.Fields(day=values["domord"])), False
    if not _WEAK.isdisjoint(values):
        weak = _weak(items, index, moments, gap, bound)
        if weak is not None:
            return weak, False
    if "h" in values and (
        _is_postfixed(items, index)
        or (moving and gap and gap[-1].text in language.moving_to and _is_bound_hour(items, index))
        or (bound and _is_bound_hour(items, index))
        or (last is not None and _is_hour(items, index, last, gap, language))
        or (last is not None and _is_proposed(items, index, last, gap, language))
        or _concludes(items, index, gap, language)
    ):
        h = values["h"]
        c = Clock(h, fixed=h == 0 or h > 12)
        return Moment(item.start, item.end, ("bare.hour",), clock=c, tbound=bound), False
    return None


def _weak(items: Sequence[Item], index: int, moments: list[Moment], gap: Gap, bound: Bound) -> Moment | None:
    """What counts as a time only alone or next to a day: "9-12", "now", "2027"."""
    item = items[index]
    alone = len(items) <= _NEAR and all(
        it is item
        or not (it.text.isalnum() or it.values)
        or "glue" in it.values
        or "wrange" in it.values
        or "or" in it.values
        for it in items
    )
    plain = Moment(item.start, item.end, (*item.rules, "alone"))
    following = items[index + 1].values if index + 1 < len(items) else {}
    beside_a_day = (
        (bool(moments) and moments[-1].date is not None and not moments[-1].timed and soft(gap))
        or any("date" in it.values for it in items[index + 1 : index + 3])
    ) and {"cnt", "unit", "mon"}.isdisjoint(following)
    if "wrange" in item.values:
        return replace(plain, trange=item.values["wrange"]) if alone or beside_a_day else None
    if "wtime" in item.values:
        return replace(plain, clock=item.values["wtime"], tbound=bound) if alone or beside_a_day else None
    if "soonword" in item.values:
        # Beside offers the one that comes first, else as soon as can be.
        return replace(plain, soonest=True, choice="earlier") if alone else None
    if "wpart" in item.values:
        return replace(plain, part=item.values["wpart"]) if alone else None
    if "year" in item.values:
        return replace(plain, date=al.Fields(year=item.values["year"]), dbound=bound) if alone else None
    if "d3" in item.values:
        hour, minute = divmod(item.values["d3"], 100)
        if not beside_a_day or minute % 5 or hour < 7:
            return None
        return replace(plain, clock=Clock(hour, minute, fixed=True, minutes_said=True), tbound=bound)
    if "d4" in item.values:
        hour, minute = divmod(item.values["d4"], 100)
        if not (alone or beside_a_day or bound) or (hour == 24 and minute):
            return None
        return replace(plain, clock=Clock(hour, minute, fixed=True, minutes_said=True), tbound=bound)
    return replace(plain, now=True) if alone else None


def bound_of(values: dict[str, Any]) -> Bound:
    for key, side in _BOUNDS:
        if key in values:
            return side
    return ""


def leads(items: Sequence[Item], index: int) -> bool:
    """Whether a time follows directly, small words aside."""
    if index + 1 < len(items) and items[index + 1].text == ",":
        return False  # "ich habe was vor, also Samstag"
    for item in items[index + 1 : index + 5]:
        if not _TEMPORAL.isdisjoint(item.values) or "h" in item.values or "d4" in item.values:
            return True
        if not ("glue" in item.values or bound_of(item.values) or item.text == ","):
            return False
    return False


def soft(gap: Gap) -> bool:
    return len(gap) <= _NEAR and all(
        "glue" in it.values or it.text in SOFT or "bind" in it.values or bound_of(it.values) for it in gap
    )


def _is_postfixed(items: Sequence[Item], index: int) -> bool:
    """Whether "or later", "at the earliest" or "or half past" follows a bare number."""
    after = [it.values for it in items[index + 1 : index + 3]]
    if not after:
        return False
    return not {"p_from", "p_until"}.isdisjoint(after[0]) or (
        len(after) > 1 and "or" in after[0] and "time" in after[1]
    )


def _concludes(items: Sequence[Item], index: int, gap: Gap, language: Language) -> bool:
    """Whether a bare number is what follows from all before: "I have to leave at 12, so 11 please"."""
    if not gap or gap[-1].text not in language.specifying or not _is_bound_hour(items, index):
        return False
    following = items[index + 1] if index + 1 < len(items) else None
    return (
        following is None
        or not following.text.isalpha()
        or "glue" in following.values
        or following.text in language.passing
        or following.text in language.clause_ends
    )


def _is_proposed(items: Sequence[Item], index: int, last: Moment, gap: Gap, language: Language) -> bool:
    """Whether a bare number is what is wished instead of a time that was only told: "we'd agreed nine, could we do ten?"."""
    if len(gap) > _NEAR or not _is_bound_hour(items, index):
        return False
    following = items[index + 1] if index + 1 < len(items) else None
    if following is not None and following.text.isalpha():
        if "glue" not in following.values and not any(
            following.text in words
            for words in (language.corrections, language.clause_ends, language.passing, language.proposing)
        ):
            return False
    start = next((k + 1 for k in range(len(gap) - 1, -1, -1) if _ends_clause(gap[k].text, language)), 0)
    set_aside = any("full" in it.values or it.text in language.refusals for it in gap)
    words = [it for it in gap[start:] if "glue" not in it.values]
    if last.date is not None and not last.timed and al.is_day(last.date):
        # "Friday, let's say ten", "on Friday I can only do three"
        return bool(words) and ("fix" in words[-1].values or gap[-1].text in language.doing)
    if last.clock is None or not gap:
        return False
    if not (
        (words and "fix" in words[-1].values)  # "Friday at one, I need to make it two"
        or set_aside
        or last.refused
        or last.told.startswith(("past", "booked"))
        or _is_set_aside(items, index, last, language)
    ):
        return False
    return all(
        not {"fix", "or", "full"}.isdisjoint(it.values)
        or it.text in language.proposing
        or it.text in language.passing
        or it.text in language.corrections
        for it in words
    )


def _ends_clause(text: str, language: Language) -> bool:
    told = language.told
    return (
        text in language.clause_ends
        or text in language.why
        or (told is not None and told.verb_last and text.isalpha() and told.participle(text))
    )


def _is_set_aside(items: Sequence[Item], index: int, m: Moment, language: Language) -> bool:
    """Whether another time than the last one is wished: "statt Freitag um sechs …"."""
    k = index - 1
    while k >= 0 and (items[k].end > m.start or "glue" in items[k].values):
        k -= 1
        if index - k > 2 * _NEAR:
            return False
    return k >= 0 and items[k].text in language.excluding


def _is_bound_hour(items: Sequence[Item], index: int) -> bool:
    """Whether a bare number after "ab", "vor", "until" is a clock time."""
    if "zero" in items[index].values or ("stop" in items[index].values and index + 1 < len(items)):
        return False
    if index + 1 == len(items):
        return True
    following = items[index + 1]
    if (
        "cnt" in following.values
        or "unit" in following.values
        or "num" in following.values
        or following.text in ("/", ":", "#", "%", "-")
    ):
        return False
    return not (following.upper and not following.values)


def _is_hour(items: Sequence[Item], index: int, last: Moment, gap: Gap, language: Language) -> bool:
    """Whether a bare number is a clock time: "Freitag 15", "um neun oder zehn", "um neun, nein, zehn"."""
    if "zero" in items[index].values or last.special:
        return False
    following = items[index + 1] if index + 1 < len(items) else None
    if following is not None and (
        "cnt" in following.values or "unit" in following.values or "mon" in following.values
    ):
        return False
    if len(gap) > _NEAR:
        return False
    if last.same and last.clock is None and gap and all(it.text == "," for it in gap):
        return following is None or not following.text.isalpha()
    if last.clock is not None and gap and all(it.text == "," for it in gap) and following is not None:
        after = items[index + 2].values if index + 2 < len(items) else {}
        if (following.text == "," or "or" in following.values) and ("h" in after or "time" in after):
            return True
    if last.timed:
        linking = [it for it in gap if it.text not in SOFT and "glue" not in it.values]
        return (
            bool(gap)
            and (last.clock is not None)
            and all(
                it.text in language.either
                or it.text in language.corrections
                or it.text in language.passing
                or "fix" in it.values
                or "or" in it.values
                or "and" in it.values
                for it in linking
            )
            and any(it.text not in language.passing for it in linking)
        )
    if last.date is None or not al.is_day(last.date) or not soft(gap):
        return False
    if any("and" in it.values or "or" in it.values for it in gap):
        return False
    return (
        following is None
        or not following.text.isalpha()
        or "glue" in following.values
        or not _TEMPORAL.isdisjoint(following.values)
        or "or" in following.values
    )


def _bind(m: Moment, bound: Bound, end: int) -> Moment:
    if m.timed or m.date is None:
        return replace(m, tbound=m.tbound or bound, end=end)
    return replace(m, dbound=m.dbound or bound, end=end)


def _join_near(a: Moment, b: Moment, gap: Gap, bound: Bound) -> Moment | None:
    """One moment of two neighbours, if only small words lie between and they agree."""
    if (
        a.dbound in ("until", "before")
        and not a.timed
        and b.date is None
        and b.part
        and any(it.text == "," for it in gap)
    ):
        return None  # "before the 17th, ideally an afternoon"
    if (
        a.dbound in ("until", "before", "after")
        and isinstance(b.date, al.Weekday)
        and any("one" in it.values for it in gap)
    ):
        return None  # "before Christmas, a Saturday if possible"
    if a.until is not None and b.date is None and b.timed and not a.until.timed and soft(gap):
        whole = join(a.until, replace(b, tbound=""))
        return None if whole is None else replace(a, until=whole, end=b.end)
    to = [it for it in gap if "to" in it.values]
    if not soft([it for it in gap if "to" not in it.values]):
        return None
    if len(to) == 1 and not a.special and not b.special and a.date is not None and bound in ("", "until"):
        if a.timed and a.clock is not None and b.date is not None and not a.tbound:
            return replace(
                a, until=replace(b, tbound="", dbound=""), end=b.end, rules=rules_of(a, b, "range.moments")
            )
        if a.clock is not None and b.clock is not None and b.date is None:
            return replace(
                a,
                clock=None,
                trange=ClockRange(a.clock, b.clock),
                tbound="",
                dbound="",
                end=b.end,
                rules=rules_of(a, b, "range.late"),
            )
    return join(a, b)
