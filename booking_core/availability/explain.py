"""Why a service cannot begin at a time: what stands in the way of the best attempt, and the nearest starts that are possible.

Finds facts; the words for them, and how many a guest wants to hear, are for others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking_core.availability.composite import NO_WISH, Planner
from booking_core.availability.demand import PlanWish
from booking_core.availability.rules import HolidayOf, Impediment, Window, find_impediment
from booking_core.availability.ticks import first_from, last_before, run_around
from booking_core.model.ids import ResourceId, StaffId, equipment_resource, staff_resource
from booking_core.model.interval import TICK_MINUTES, Interval, day_interval, instant_of, tick_of
from booking_core.model.service import Pause, Service
from booking_core.model.slot import Plan
from booking_core.model.tenant import Tenant


@dataclass(frozen=True, slots=True)
class RuledOut:
    """The past, a closed day, the hours, notice or horizon forbid it, whoever is free."""

    impediment: Impediment


@dataclass(frozen=True, slots=True)
class OffGrid:
    """No tick begins then: starts are multiples of five minutes."""


@dataclass(frozen=True, slots=True)
class NobodyDoesIt:
    """No staff member may do this segment, as the guest wants it or because the same person has to go on."""

    segment: int


@dataclass(frozen=True, slots=True)
class DoesNotWork:
    """A staff member does not work at a time that the segment needs: a break, before or after hours, or the whole day."""

    segment: int
    staff: StaffId
    time: Interval
    all_day: bool


@dataclass(frozen=True, slots=True)
class IsBusy:
    """A staff member is occupied from-to, of which the segment needs a part."""

    segment: int
    staff: StaffId
    time: Interval


@dataclass(frozen=True, slots=True)
class IsUnknown:
    """A staff member works and is not known to be busy, and yet not known to be free: the calendar was not read."""

    segment: int
    staff: StaffId
    time: Interval


@dataclass(frozen=True, slots=True)
class EquipmentTaken:
    """All seats of a room or device are taken from-to, of which the segment needs a part."""

    segment: int
    resource: str
    time: Interval


@dataclass(frozen=True, slots=True)
class PauseCannotBeKept:
    """What is before the pause after ``segment`` could be done; nobody could go on ``starts_within`` (both ends included)."""

    segment: int
    starts_within: Interval


Obstacle = (
    RuledOut | OffGrid | NobodyDoesIt | DoesNotWork | IsBusy | IsUnknown | EquipmentTaken | PauseCannotBeKept
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Either a plan, or at least one obstacle; those of who comes nearest to being free are first."""

    starts_at: datetime
    plan: Plan | None
    obstacles: tuple[Obstacle, ...]
    before: datetime | None
    """The last possible start before, if the bitmaps know one."""
    after: datetime | None
    """The first possible start after, if the bitmaps know one."""


@dataclass(frozen=True, slots=True)
class Times:
    """Bitmaps by resource, bit *i* being the absolute tick ``base + i``.

    ``free``: what the planner takes. ``working``: the hours of staff, closures taken out. ``busy``: what is taken by claims
    or in the calendar.
    """

    base: int
    free: Mapping[ResourceId, int]
    working: Mapping[ResourceId, int]
    busy: Mapping[ResourceId, int]

    def beginning(self, base: int) -> Times:
        """The same with an earlier base; nothing is free, worked or busy before the old one."""
        shift = self.base - base
        free, working, busy = (
            {name: bits << shift for name, bits in bitmaps.items()}
            for bitmaps in (self.free, self.working, self.busy)
        )
        return Times(base, free, working, busy)


def explain(
    tenant: Tenant,
    service: Service,
    start: datetime,
    times: Times,
    *,
    now: datetime,
    holiday_of: HolidayOf,
    wish: PlanWish = NO_WISH,
) -> Explanation:
    """Judge one start. Has a plan exactly if the planner finds one there and notice and horizon allow it."""
    earliest, latest = now + tenant.policies.notice, now + tenant.policies.horizon
    planner = Planner(service, times.free, times.base, wish)
    if (first := tick_of(start) - planner.demand.back) < times.base:
        # Below the bitmaps nothing can be told apart from free time: make room there.
        times = times.beginning(first)
        planner = Planner(service, times.free, times.base, wish)
    possible = 0
    if earliest <= latest:
        possible = planner.possible_starts(Interval(earliest, latest + timedelta(microseconds=1)))
    offset = tick_of(start) - times.base
    on_grid = instant_of(tick_of(start)) == start
    plan, obstacles = None, tuple[Obstacle, ...]()
    if on_grid and possible >> offset & 1:
        plan = planner.plan_at(start)
    else:
        exactly = Window(start, start + timedelta(seconds=1), exact=True)
        if no := find_impediment(tenant, service, exactly, now, holiday_of):
            obstacles = (RuledOut(no),)
        elif not on_grid:
            obstacles = (OffGrid(),)
        else:
            obstacles = tuple(Attempt(tenant, service, times, wish).obstacles(offset))
    return Explanation(
        start,
        plan,
        obstacles,
        before=_instant(last_before(possible, offset), times.base),
        after=_instant(first_from(possible, offset + 1), times.base),
    )


def _instant(offset: int | None, base: int) -> datetime | None:
    return None if offset is None else instant_of(base + offset)


@dataclass(frozen=True, slots=True)
class _State:
    """So far it would work: the last segment's staff member, begin and end, and who was occupied until when before that."""

    staff: StaffId
    begin: int
    end: int
    done: frozenset[tuple[StaffId, int]]


@dataclass(frozen=True, slots=True)
class _Try:
    """One staff member for one segment at one begin: what is missing, as bitmaps."""

    staff: StaffId
    segment: int
    missing: int
    room_missing: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """Tries one start segment by segment, as far as anybody can go."""

    tenant: Tenant
    service: Service
    times: Times
    wish: PlanWish

    def obstacles(self, start: int) -> list[Obstacle]:
        """Why nobody can go further, for a start (a bit of the bitmaps) that has no plan; never empty."""
        tries = [self._try(0, staff, start) for staff in self._able(0)]
        if not tries:
            return [NobodyDoesIt(0)]
        states = [self._state(one, start) for one in tries if not one.missing and not one.room_missing]
        if not states:
            return self._reasons(tries)
        for index in range(1, len(self.service.segments)):
            found: dict[_State, None] = {}
            failed: list[_Try] = []
            for state in states:
                for begin, one in self._onward(index, state):
                    if one.missing or one.room_missing:
                        failed.append(one)
                    else:
                        found[self._state(one, begin, state)] = None
            if not found:
                return self._broken_pause(index, states, failed)
            states = list(found)
        # Everything fits as far as free time goes; what remains are buffers of one person that would meet.
        return self._broken_pause(len(self.service.segments) - 1, states, [])

    def _able(self, index: int) -> list[StaffId]:
        bound = self.wish.bound.get(index)
        return [staff for staff in self.service.segments[index].staff if bound in {None, staff}]

    def _pause(self, index: int) -> Pause:
        return self.service.segments[index].pause_after or Pause(0, 0)

    def _tail(self, index: int, pause: int) -> int:
        after = self.service.segments[index].buffer_after // TICK_MINUTES
        return max(after, pause) if self._pause(index).staff == "blocked" else after

    def _try(self, index: int, staff: StaffId, begin: int) -> _Try:
        segment = self.service.segments[index]
        work = segment.minutes_with(staff) // TICK_MINUTES
        tail = self._tail(index, self._pause(index).min_minutes // TICK_MINUTES)
        missing = _span(begin - segment.buffer_before // TICK_MINUTES, begin + work + tail)
        room_missing = 0
        if segment.resource is not None:
            room = self.times.free.get(equipment_resource(segment.resource), 0)
            room_missing = _span(begin, begin + work) & ~room
        return _Try(staff, index, missing & ~self.times.free.get(staff_resource(staff), 0), room_missing)

    def _state(self, one: _Try, begin: int, before: _State | None = None) -> _State:
        work = self.service.segments[one.segment].minutes_with(one.staff) // TICK_MINUTES
        done: set[tuple[StaffId, int]] = set()
        if before is not None:
            until = self._tail(one.segment - 1, begin - before.end) + before.end
            if one.staff == before.staff:
                until = begin - self.service.segments[one.segment].buffer_before // TICK_MINUTES
            # Only what reaches beyond this begin can still be in the way of anything.
            reach = max(segment.buffer_before for segment in self.service.segments) // TICK_MINUTES
            done = {(staff, end) for staff, end in {*before.done, (before.staff, until)} if end > begin - reach}
        return _State(one.staff, begin, begin + work, frozenset(done))

    def _onward(self, index: int, state: _State) -> Iterator[tuple[int, _Try]]:
        """Everybody who might do the next segment, at every begin that the pause allows."""
        segment, pause = self.service.segments[index], self._pause(index - 1)
        before = segment.buffer_before // TICK_MINUTES
        both = before + self.service.segments[index - 1].buffer_after // TICK_MINUTES
        mine = self.times.free.get(staff_resource(state.staff), 0)
        for length in range(pause.min_minutes // TICK_MINUTES, pause.max_minutes // TICK_MINUTES + 1):
            begin = state.end + length
            if missing := _span(state.end, state.end + self._tail(index - 1, length)) & ~mine:
                yield begin, _Try(state.staff, index - 1, missing, 0)
                continue
            for staff in self._able(index):
                if staff != state.staff and segment.same_staff == "required":
                    continue
                if staff == state.staff and length < both:
                    continue
                if all(other != staff or until <= begin - before for other, until in state.done):
                    yield begin, self._try(index, staff, begin)

    def _broken_pause(self, index: int, states: list[_State], failed: list[_Try]) -> list[Obstacle]:
        if index == 0:
            return [NobodyDoesIt(0)]
        able = self._able(index)
        required = self.service.segments[index].same_staff == "required"
        if not able or (required and not any(state.staff in able for state in states)):
            return [NobodyDoesIt(index)]
        pause = self._pause(index - 1)
        earliest = min(state.end for state in states) + pause.min_minutes // TICK_MINUTES
        latest = max(state.end for state in states) + pause.max_minutes // TICK_MINUTES
        within = Interval(self._at(earliest), self._at(latest))
        return [PauseCannotBeKept(index - 1, within), *self._reasons(failed)]

    def _reasons(self, tries: list[_Try]) -> list[Obstacle]:
        """One reason for each staff member, from whose best try; only the equipment's where somebody would be free."""
        best: dict[tuple[int, StaffId], _Try] = {}
        for one in tries:
            known = best.get((one.segment, one.staff))
            if known is None or _lack(one) < _lack(known):
                best[one.segment, one.staff] = one
        ordered = sorted(best.values(), key=_lack)
        found: dict[Obstacle, None] = {}
        if free := [one for one in ordered if not one.missing]:
            found.update(dict.fromkeys(self._equipment(one) for one in free))
            return list(found)
        for one in ordered:
            found[self._person(one)] = None
        found.update(dict.fromkeys(self._equipment(one) for one in ordered if one.room_missing))
        return list(found)

    def _person(self, one: _Try) -> Obstacle:
        name = staff_resource(one.staff)
        working, busy = self.times.working.get(name, 0), self.times.busy.get(name, 0)
        if off := one.missing & ~working:
            at = _lowest(off)
            day = day_interval(self._at(at).astimezone(self.tenant.zone).date(), self.tenant.zone)
            opens, closes = (tick_of(instant) - self.times.base for instant in (day.starts_at, day.ends_at))
            first = last_before(working, at)
            first = opens if first is None else max(opens, first + 1)
            last = first_from(working, at)
            last = closes if last is None else min(closes, last)
            time = Interval(self._at(first), self._at(last))
            return DoesNotWork(one.segment, one.staff, time, all_day=(first, last) == (opens, closes))
        if taken := one.missing & busy:
            first, last = run_around(busy, _lowest(taken), busy.bit_length())
            return IsBusy(one.segment, one.staff, Interval(self._at(first), self._at(last)))
        first, last = run_around(one.missing, _lowest(one.missing), one.missing.bit_length())
        return IsUnknown(one.segment, one.staff, Interval(self._at(first), self._at(last)))

    def _equipment(self, one: _Try) -> Obstacle:
        resource = self.service.segments[one.segment].resource or ""
        free, at = self.times.free.get(equipment_resource(resource), 0), _lowest(one.room_missing)
        first, last = last_before(free, at), first_from(free, at)
        end = one.room_missing.bit_length() if last is None else last
        return EquipmentTaken(
            one.segment, resource, Interval(self._at(0 if first is None else first + 1), self._at(end))
        )

    def _at(self, offset: int) -> datetime:
        return instant_of(self.times.base + offset)


def _span(first: int, last: int) -> int:
    return ((1 << last - first) - 1) << first if last > first else 0


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _lack(one: _Try) -> int:
    return one.missing.bit_count() + one.room_missing.bit_count()
