"""What a service and a guest's wish ask for, in ticks and lanes: one lane per staff member, one step per segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from booking_core.model.ids import ResourceId, StaffId, equipment_resource, staff_resource
from booking_core.model.interval import TICK_MINUTES
from booking_core.model.service import SameStaff, Segment, Service

PausePreference = Literal["shortest", "longest"]
SMALL_GAP = 6
"""Ticks: what is left free beside an appointment and is shorter than this (half an hour) serves nobody."""


@dataclass(frozen=True, slots=True)
class PlanWish:
    """What a guest wants beside a time.

    ``bound``: who must do a segment, by index. ``preferred``: who should do as much as possible.
    ``pause``: whether the guest wants to be done soon or to have long pauses within what the service allows.
    """

    bound: Mapping[int, StaffId] = field(default_factory=dict)
    preferred: StaffId | None = None
    pause: PausePreference = "shortest"

    @classmethod
    def first_by(cls, staff: StaffId | None) -> PlanWish:
        """The first segment by somebody, or no wish."""
        return cls() if staff is None else cls({0: staff})

    @classmethod
    def by(cls, service: Service, staff: StaffId | None) -> PlanWish:
        """What guests mean by "with Clara": that she begins, and does what else she can.

        Of a service that somebody else has to begin, all that she can do in it.
        """
        if staff is None:
            return cls()
        hers = segments_by(service, staff)
        bound = hers[:1] if hers[:1] == (0,) else hers
        return cls(dict.fromkeys(bound or (0,), staff), preferred=staff)


def segments_by(service: Service, staff: StaffId) -> tuple[int, ...]:
    """The segments that somebody can do as part of a whole plan, by index; where the same person has to go on, all or none."""
    found: list[int] = []
    chain: list[int] = []
    for index, segment in enumerate(service.segments):
        if segment.same_staff != "required":
            chain = []
        chain.append(index)
        follows = index + 1 < len(service.segments) and service.segments[index + 1].same_staff == "required"
        if not follows and all(staff in service.segments[each].staff for each in chain):
            found += chain
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Step:
    """One segment in ticks. ``work`` by lane, 0 where that staff member does not do it; ``same`` refers to the step before.

    ``least`` and ``most`` limit the pause after it; ``blocked`` keeps its staff member occupied through that pause.
    """

    work: tuple[int, ...]
    before: int
    after: int
    room: ResourceId | None
    same: SameStaff
    least: int
    most: int
    blocked: bool

    by_work: tuple[tuple[int, tuple[bool, ...]], ...]
    """Each length of work with the lanes that take so long, shortest first; empty where nobody does it."""

    @property
    def shortest(self) -> int:
        """The work of the quickest; 0 where nobody does it."""
        return self.by_work[0][0] if self.by_work else 0

    @property
    def longest(self) -> int:
        """The work of the slowest; 0 where nobody does it."""
        return self.by_work[-1][0] if self.by_work else 0


def tail_of(step: Step, pause: int) -> int:
    """Ticks for which the staff member stays occupied after the work: the buffer lies inside a blocked pause."""
    return max(pause, step.after) if step.blocked else step.after


@dataclass(frozen=True, slots=True)
class Demand:
    """All steps. Lanes are in order of free time, most first; who is named first in the service wins a tie."""

    service: Service
    wish: PlanWish
    staff: tuple[StaffId, ...]
    steps: tuple[Step, ...]
    back: int
    """Ticks before a start that matter."""
    ahead: int
    """Ticks from a start on that matter."""
    widest: int
    """The longest shift that working on the lanes takes."""
    preferred: int
    """The lane of the preferred person; -1 where that cannot be had."""
    entangled: bool
    """Whether buffers can reach over a whole segment, so that more than the next segment has to be looked at."""

    def pauses(self, step: Step) -> range:
        """The lengths that the pause after a step can have, the wished one first."""
        if self.wish.pause == "longest":
            return range(step.most, step.least - 1, -1)
        return range(step.least, step.most + 1)

    def slack(self, step: Step, pause: int) -> int:
        """Ticks by which a pause differs from the wished one."""
        return step.most - pause if self.wish.pause == "longest" else pause - step.least


def demand_of(service: Service, free: Mapping[ResourceId, int], wish: PlanWish) -> Demand:
    """Compile; staff members without free time get no lane."""
    bound = wish.bound
    allowed = [
        segment.staff if index not in bound else tuple(one for one in segment.staff if one == bound[index])
        for index, segment in enumerate(service.segments)
    ]
    able = {member for each in allowed for member in each}
    # By the order in the service, which a wish does not change.
    rows = [
        (-bits.bit_count(), order, member)
        for order, member in enumerate(service.staff())
        if member in able and (bits := free.get(staff_resource(member), 0))
    ]
    rows.sort()
    staff = tuple([row[2] for row in rows])
    steps = tuple([_step(segment, staff, can) for segment, can in zip(service.segments, allowed, strict=True)])
    before, after = max(step.before for step in steps), max(step.after for step in steps)
    return Demand(
        service,
        wish,
        staff,
        steps,
        back=before + SMALL_GAP,
        ahead=sum(step.longest + step.most for step in steps) + after + SMALL_GAP,
        widest=max(
            before + SMALL_GAP,
            *[step.before + step.longest + max(step.after, step.most) for step in steps],
        ),
        preferred=staff.index(wish.preferred) if wish.preferred in staff else -1,
        entangled=_entangled(steps),
    )


def _step(segment: Segment, staff: tuple[StaffId, ...], can: tuple[StaffId, ...]) -> Step:
    pause = segment.pause_after
    usual = segment.work_minutes // TICK_MINUTES
    by_work: tuple[tuple[int, tuple[bool, ...]], ...]
    if staff and not segment.work_by_staff and set(can).issuperset(staff):
        work: tuple[int, ...] = (usual,) * len(staff)
        by_work = ((usual, (True,) * len(staff)),)
    else:
        ticks = {member: segment.minutes_with(member) // TICK_MINUTES for member in can}
        work = tuple([ticks.get(member, 0) for member in staff])
        by_work = tuple([(length, tuple([one == length for one in work])) for length in sorted({*work} - {0})])
    return Step(
        work=work,
        before=segment.buffer_before // TICK_MINUTES,
        after=segment.buffer_after // TICK_MINUTES,
        room=None if segment.resource is None else equipment_resource(segment.resource),
        same=segment.same_staff,
        least=pause.min_minutes // TICK_MINUTES if pause else 0,
        most=pause.max_minutes // TICK_MINUTES if pause else 0,
        blocked=pause is not None and pause.staff == "blocked",
        by_work=by_work,
    )


def _entangled(steps: tuple[Step, ...]) -> bool:
    for index, first in enumerate(steps):
        rest = 0
        for between, second in zip(steps[index + 1 :], steps[index + 2 :], strict=False):
            rest += between.shortest + between.least
            if not any(one and other for one, other in zip(first.work, second.work, strict=True)):
                continue
            if first.least + rest < first.after + second.before or (first.blocked and rest < second.before):
                return True
    return False
