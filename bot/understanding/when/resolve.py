"""From a wish to instants: opening hours choose the half of the day, the zone knows about DST."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.understanding.when import algebra as al
from bot.understanding.when import calendar as cal
from bot.understanding.when.clock import Clock, DayPart, choices, is_fixed, settle
from bot.understanding.when.model import Grain, Kind, OpeningHours, Reading, When, WhenContext
from bot.understanding.when.moments import Bound, Moment
from bot.understanding.when.units import add_units, unit_start

_GROUPS = {"easter": "easter_group", "pentecost": "pentecost_group", "christmas": "christmas_days"}
"""Days that lead a group of days off; what comes after them comes after all of these."""

_LONGEST_PARTED = 62  # days of a stretch that refused days are taken out of


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when the question is asked. `now` is aware, `local` the same without zone."""

    now: datetime
    local: datetime
    zone: ZoneInfo
    region: str
    opening: OpeningHours | None
    context: WhenContext

    @property
    def today(self) -> date:
        """The local day."""
        return self.local.date()


@dataclass(frozen=True, slots=True)
class Local:
    """A reading in wall time, before it gets a zone."""

    kind: Kind
    start: datetime | None
    end: datetime | None
    grain: Grain


def answer(wishes: Sequence[Moment], place: Place) -> When:
    """The readings of all wishes. Several wishes are alternatives; one may be ambiguous."""
    all_readings: list[Reading] = []
    ambiguous = False
    count = 0
    for wish in wishes:
        readings = resolve(wish, place)
        if not readings:
            continue
        parted = bool(wish.without) and len(readings) > 1
        count += len(readings) if parted else 1
        if len(wishes) > 1 and not parted:
            # of an alternative only the preferred reading stays, so that their order is what was said
            readings = readings[:1]
            if all_readings and not wish.either and _narrows(readings[0], all_readings[-1]):
                all_readings.pop()  # "vor Ostern noch, am besten Gründonnerstag"
        ambiguous = len(readings) > 1 and not parted
        all_readings += [r for r in readings if all(r.start != x.start or r.end != x.end for x in all_readings)]
    several = count > 1 and len(all_readings) > 1
    return When(tuple(all_readings), ambiguous=ambiguous and not several, alternatives=several)


def _narrows(x: Reading, wide: Reading) -> bool:
    """Whether a reading lies inside a wider one that was said before it."""
    first = x.start or x.end
    last = x.end or x.start
    if first is None or last is None:
        return False
    fine = wide.grain in ("minute", "hour", "daypart")
    edge = wide.end if wide.kind == "open_start" else wide.start
    if fine and wide.kind != "interval" and edge is not None and edge.date() != first.date():
        return False  # "from two" ends with its day
    if x.kind == wide.kind and x.grain == wide.grain and not (_one_day(x) and not _one_day(wide)):
        return False
    if wide.kind == "instant" or (wide.kind == "interval" and wide.grain in ("minute", "hour")):
        return False
    return (wide.start is None or wide.start <= first) and (wide.end is None or last <= wide.end)


def _one_day(x: Reading) -> bool:
    """Whether a reading in days is a single one."""
    return x.grain != "day" or x.start is None or x.end is None or x.end - x.start < timedelta(hours=36)


def resolve(m: Moment, place: Place) -> list[Reading]:
    """The readings of one wish, the preferred first; empty if the calendar has no such time."""
    try:
        found = _resolve(m, place)
        return [_zoned(x, m, place, _certainty(m, k, 1 if m.without else len(found))) for k, x in enumerate(found)]
    except (OverflowError, ValueError):
        return []


def _resolve(m: Moment, place: Place) -> list[Local]:
    if m.choice is not None and (place.context.offered or not m.soonest):
        return _chosen(m.choice, place)
    if m.relative is not None:
        return _relative(m, place)
    if m.offset is not None:
        at = _later(place.now, m.offset.seconds, place)
        return [_bounded(m.tbound, at, at, "minute")]
    if m.elapsed is not None:
        a, b = (_later(place.now, s, place) for s in (m.elapsed.start, m.elapsed.end))
        return [Local("interval", a, b, "minute")]
    if m.soonest:
        return [Local("open_end", place.local, None, "minute")]
    if m.now and m.date is not None:
        # "this time tomorrow"
        clock = Clock(place.local.hour, place.local.minute, fixed=True, minutes_said=True)
        m = replace(m, now=False, clock=clock)
    elif m.now:
        return [Local("instant", place.local, None, "minute")]
    if m.until is not None:
        return _from_to(m, m.until, place)
    if m.date is None and m.same:
        m = _same_time(m, place)
    if m.beside is not None:
        m = replace(m, date=_beside(m.beside, place) or m.date)
        if m.date is None:
            return []
    if m.date is None:
        return _time_alone(m, place)
    return _dated(m, m.date, place)


def _later(base: datetime, seconds: float, place: Place) -> datetime:
    """Wall time a while after a moment: elapsed time, also across a change of the clocks."""
    return _local(base.astimezone(UTC) + timedelta(seconds=seconds), place)


def _local(at: datetime, place: Place) -> datetime:
    return at.astimezone(place.zone).replace(tzinfo=None)


# --- days ------------------------------------------------------------------------------------------


def _dated(m: Moment, node: al.Node, place: Place) -> list[Local]:
    base = place.context.day if m.next_day else None
    if m.next_day and place.context.offered and base is None:
        base = place.context.offered[0].astimezone(place.zone).date()
    if m.same:
        m = _same_time(m, place)
    node = _spoken_of(node, place, offered=m.earliest)
    env = cal.Env(base or place.today, region=place.region)
    if m.timed:
        today = _on_day(m, place.today, place.today, place)
        if any(_is_ahead(x, place) for x in today) and m.part is None:
            env = replace(env, today_counts=True)
    found = cal.find(node, env)
    if found is None:
        return []
    if m.dbound == "after" and m.clock is not None and isinstance(node, al.Holiday):
        # "nach Ostern um acht": the first day after
        group = cal.find(al.Holiday(_GROUPS.get(node.key, node.key)), env)
        first = max(found.end, group.end) if group is not None and group.start <= found.end else found.end
        return _on_day(replace(m, dbound=""), first, first, place)
    spans = [(found.start, found.end)] + ([found.other] if found.other else [])
    if m.without:
        spans = _parted(m.without, found, env)
    out: list[Local] = []
    for start, end in spans:
        if not m.timed:
            grain: Grain = "day" if m.without and (start, end) != (found.start, found.end) else found.grain
            out.append(_days(m, node, start, end, grain, place))
            continue
        last = end - timedelta(days=1)
        first = _first_day(m, start, last, place)
        hits = _on_day(m, first, last, place)
        if _late_night(m, node, hits, place):
            hits = _on_day(m, first + timedelta(days=1), last + timedelta(days=1), place)
        out += hits
    return out


def _parted(without: Sequence[al.Node], found: cal.Found, env: cal.Env) -> list[tuple[date, date]]:
    """The days of a stretch that are left between those that are refused, none of them over if others are not."""
    length = (found.end - found.start).days
    if length > _LONGEST_PARTED:
        return [(found.start, found.end)]
    days = [found.start + timedelta(days=k) for k in range(length)]
    for node in without:
        if isinstance(node, al.Weekday) and node.mode == "bare":
            days = [d for d in days if d.weekday() != node.weekday]
            continue
        counted = isinstance(node, (al.Shift, al.NthAfter))
        out = cal.find(node, env) if counted else cal.next_from(node, found.start, env)
        days = [d for d in days if out is None or not out.start <= d < out.end]
    if not days or len(days) == length:
        return [(found.start, found.end)]
    spans: list[tuple[date, date]] = []
    for day in days:
        if spans and spans[-1][1] == day:
            spans[-1] = spans[-1][0], day + timedelta(days=1)
        else:
            spans.append((day, day + timedelta(days=1)))
    return [span for span in spans if span[1] > env.today] or spans


def _spoken_of(node: al.Node, place: Place, *, offered: bool = False) -> al.Node:
    """A weekday alone as the date that was offered or spoken of, if one of these is such a day.

    `offered`: one of what is offered is wished ("the earliest on Friday"); so the weekday lies in the week of the offers.
    """
    if isinstance(node, al.NthAfter):
        return replace(node, base=_spoken_of(node.base, place))
    if not isinstance(node, al.Weekday) or node.mode != "bare":
        return node
    days = [_local(offer, place).date() for offer in place.context.offered]
    if place.context.day is not None:
        days.append(place.context.day)
    day = min((d for d in days if d.weekday() == node.weekday and d >= place.today), default=None)
    weeks = {unit_start(d, "week") for d in days if d >= place.today}
    if day is None and offered and len(weeks) == 1:
        day = weeks.pop() + timedelta(days=node.weekday)
        day = day if day >= place.today else None
    return node if day is None else al.Fields(day.year, day.month, day.day)


def _beside(beside: tuple[int, al.Weekday | al.Cycle], place: Place) -> al.Node | None:
    """ "Am Tag davor", "Freitag danach", seen from the day spoken of or the first offer."""
    context = place.context
    day = context.day
    if day is None and context.offered:
        day = _local(context.offered[0], place).date()
    sign, inner = beside
    return None if day is None else al.NthAfter(sign, inner, al.Fields(day.year, day.month, day.day))


def _same_time(m: Moment, place: Place) -> Moment:
    """ "Zur gleichen Zeit": that of the first offer or of the booking; without one nothing is known but the day."""
    if m.timed and not (m.clock or m.part or m.trange or m.prange) and place.context.anchors:
        at = _local(place.context.anchors[0], place)
        return replace(m, same=False, clock=Clock(at.hour, at.minute, fixed=True, minutes_said=True))
    return replace(m, same=False)


def _first_day(m: Moment, start: date, last: date, place: Place) -> date:
    """Of several days, some of them over, the first on which the time of day is still ahead."""
    if not start < place.today <= last:
        return start
    ahead = any(_is_ahead(x, place) for x in _on_day(m, place.today, place.today, place))
    return place.today if ahead or place.today == last else place.today + timedelta(days=1)


def _late_night(m: Moment, node: al.Node, hits: list[Local], place: Place) -> bool:
    """ "heute Nacht um zwei" is the coming night."""
    return (
        m.part is not None
        and m.clock is not None
        and m.clock.hour < 6
        and node == al.TODAY
        and bool(hits)
        and not _is_ahead(hits[0], place)
    )


def _days(m: Moment, node: al.Node, start: date, end: date, grain: Grain, place: Place) -> Local:
    a, b = (place.local if m.from_now else _midnight(start)), _midnight(end)
    bound = m.dbound or m.tbound
    if bound == "until" and isinstance(node, al.Third) and node.part == 2:
        for day in (place.today, start):
            whole = cal.find(node.base, cal.Env(day, region=place.region))
            if whole is not None and whole.start <= start < whole.end:
                b = _midnight(whole.end)
    return _bounded(bound, a, b, grain, span=True)


def _bounded(bound: Bound, a: datetime, b: datetime, grain: Grain, *, span: bool = False) -> Local:
    """A point (or a span of days) with the side it is open to."""
    if bound == "from":
        return Local("open_end", a, None, grain)
    if bound == "after":
        return Local("open_end", b, None, grain)
    if bound == "until":
        return Local("open_start", None, b, grain)
    if bound == "before":
        return Local("open_start", None, a, grain)
    return Local("interval", a, b, grain) if span else Local("instant", a, None, grain)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall time, the zone comes last


# --- times of day ----------------------------------------------------------------------------------


def _at(day: date, seconds: int) -> datetime:
    return _midnight(day) + timedelta(seconds=seconds)


def _on_day(m: Moment, day: date, last: date, place: Place) -> list[Local]:
    """The time of day of a wish, laid on a day (or from the first to the last of several)."""
    weekday = day.weekday()
    if m.clock is not None:
        grain: Grain = "minute" if m.clock.minutes_said else "hour"
        bound = m.tbound or m.dbound
        out = []
        for c in choices(m.clock, place.opening, weekday):
            at = _at(day, c.seconds)
            if c.zone:
                at = _local(at.replace(tzinfo=ZoneInfo(c.zone)), place)
            hit = _bounded(bound, at, at, grain)
            if m.length is not None and hit.kind == "instant":
                hit = Local("interval", at, at + timedelta(seconds=m.length), grain)
            if last > day and hit.kind == "instant":
                hit = Local("interval", at, _midnight(last + timedelta(days=1)), "day")
            out.append(hit)
        return out
    if m.trange is not None:
        one, two = settle(m.trange, place.opening, weekday)
        a, b = _at(day, one.seconds), _at(last, two.seconds)
        if b <= a:
            b += timedelta(days=1)
        grain = "minute" if one.minutes_said or two.minutes_said else "hour"
        return [Local("interval", a, b, grain)]
    if m.prange is not None:
        return [Local("interval", _at(day, m.prange[0].start), _at(last, m.prange[1].end), "daypart")]
    if m.part is not None:
        return [_part(m.part, m.tbound or m.dbound, day, last)]
    return []


def _part(p: DayPart, bound: Bound, day: date, last: date) -> Local:
    a, b = _at(day, p.start), _at(last, p.end)
    if bound and p.name == "noon":
        a = b = _at(day, 12 * 3600)
    return _bounded(bound, a, b, "daypart", span=True)


def _is_ahead(x: Local, place: Place) -> bool:
    if x.kind == "interval" and x.grain == "daypart":
        return x.end is not None and x.end > place.local
    edge = x.end if x.kind == "open_start" else x.start
    return edge is not None and edge > place.local


def _time_alone(m: Moment, place: Place) -> list[Local]:
    """A time of day without a day: on the day spoken of, else today if still ahead, else tomorrow."""
    context = place.context
    if context.offered and m.clock is not None and not (m.tbound or m.dbound):
        picked = _offered_at(m.clock, place)
        if picked is not None:
            return [Local("instant", picked, None, "minute" if m.clock.minutes_said else "hour")]
    day = context.day
    if day is None and context.offered:
        day = context.offered[0].astimezone(place.zone).date()
    if day is not None:
        return _on_day(m, day, day, place)
    hits = _on_day(m, place.today, place.today, place)
    ahead = [x for x in hits if _is_ahead(x, place)]
    if ahead:
        return ahead
    if m.trange is not None and hits and hits[0].end is not None and hits[0].end > place.local:
        return hits
    tomorrow = place.today + timedelta(days=1)
    return _on_day(m, tomorrow, tomorrow, place)


def _offered_at(c: Clock, place: Place) -> datetime | None:
    """The offered time that a clock time picks; a bare hour may be either half."""
    for offer in place.context.offered:
        local = _local(offer, place)
        same_minute = local.minute == c.minute
        if same_minute and (local.hour == c.hour or (not c.fixed and local.hour % 12 == c.hour % 12)):
            return local
    return None


def _from_to(m: Moment, until: Moment, place: Place) -> list[Local]:
    first = _resolve(replace(m, until=None), place)
    if not first or first[0].start is None:
        return []
    start = first[0].start
    later = replace(place, local=start, now=start.replace(tzinfo=place.zone))
    last = _resolve(until, later)
    if not last:
        return []
    end = last[0].end or last[0].start
    if end is None or end <= start:
        return []
    return [Local("interval", start, end, "minute" if first[0].grain == "minute" else "hour")]


# --- what was spoken of ----------------------------------------------------------------------------


def _chosen(choice: str | int, place: Place) -> list[Local]:
    offered = place.context.offered
    if not offered:
        return []
    if choice == "after":
        return [Local("open_end", _local(max(offered), place), None, "minute")]
    if choice == "before":
        return [Local("open_start", None, _local(min(offered), place), "minute")]
    if isinstance(choice, str):
        at = max(offered) if choice == "later" else min(offered)
    elif -len(offered) <= (choice - 1 if choice > 0 else choice) < len(offered):
        at = offered[choice - 1 if choice > 0 else choice]
    else:
        return []
    return [Local("instant", _local(at, place), None, "minute")]


def _relative(m: Moment, place: Place) -> list[Local]:
    """ "eine Stunde später": seen from what was offered last, what is booked, or the day spoken of."""
    if m.relative is None:
        return []
    sign, length = m.relative
    context = place.context
    seconds = length.seconds
    if context.anchors:
        base = context.anchors[-1 if sign > 0 else 0]
        if seconds is not None:
            return [Local("instant", _later(base, sign * seconds, place), None, "minute")]
        local = _local(base, place)
        moved = add_units(local.date(), sign * int(length.n), length.unit)
        if not m.timed:
            return [Local("instant", datetime.combine(moved, local.time()), None, "minute")]
        return _on_day(replace(m, relative=None), moved, moved, place)
    if context.day is not None and seconds is None:
        moved = add_units(context.day, sign * int(length.n), length.unit)
        if m.timed:
            return _on_day(replace(m, relative=None), moved, moved, place)
        return [Local("interval", _midnight(moved), _midnight(moved + timedelta(days=1)), "day")]
    return []


# --- the zone --------------------------------------------------------------------------------------


def _certainty(m: Moment, rank: int, readings: int) -> float:
    """One meaning of several is a guess; a bare hour whose half of the day was inferred nearly none."""
    if readings > 1:
        return 0.6 if rank == 0 else 0.4
    if m.repeats:
        return 0.5  # one appointment is booked, many were named
    inferred = m.clock is not None and not is_fixed(m.clock) and m.clock.hour <= 8
    return 0.9 if inferred else 1.0


def _zoned(x: Local, m: Moment, place: Place, certainty: float) -> Reading:
    start, shifted1, repeated1 = _aware(x.start, place.zone)
    end, shifted2, repeated2 = _aware(x.end, place.zone)
    if x.kind == "interval" and start is not None and end is not None and end <= start:
        end = start + timedelta(hours=1)
    over = end if x.kind in ("interval", "open_start") else start
    past = over is not None and (
        over < place.now if x.kind == "instant" else over <= place.now and x.kind != "open_end"
    )
    fine = x.grain in ("minute", "hour")
    return Reading(
        kind=x.kind,
        start=start,
        end=end,
        grain=x.grain,
        span=(m.start, m.end),
        rule=" + ".join(dict.fromkeys(m.rules)),
        certainty=certainty,
        past=past,
        day_said=m.date is not None,
        time_said=m.timed or m.offset is not None,
        dst_shifted=(shifted1 or shifted2) and fine,
        dst_repeated=(repeated1 or repeated2) and fine,
        approximate=m.clock is not None and m.clock.approximate,
        bounds_end=m.bounds_end and end is not None,
        repeats=m.repeats,
        earliest=m.earliest or m.soonest,
    )


def _aware(wall: datetime | None, zone: ZoneInfo) -> tuple[datetime | None, bool, bool]:
    """Wall time in the zone: a gap moves forward, of a repeated hour the first is meant, unless it was counted to."""
    if wall is None:
        return None, False, False
    first = wall.replace(tzinfo=zone)
    round_trip = first.astimezone(UTC).astimezone(zone)
    if round_trip.replace(tzinfo=None, fold=0) != wall.replace(fold=0):
        return round_trip, True, False
    repeated = first.utcoffset() != wall.replace(tzinfo=zone, fold=1).utcoffset()
    return first, False, repeated
