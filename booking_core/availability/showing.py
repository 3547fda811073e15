"""Which of many possible starts a guest hears of: few and round ones, and among equals those that suit the salon.

Starts are cheap to find and plans are not: a plan is made for the starts that are shown or compared, and for no other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking_core.availability.composite import Planner
from booking_core.availability.demand import PlanWish
from booking_core.availability.ranking import distance, rank
from booking_core.availability.rules import Window
from booking_core.model.ids import ResourceId
from booking_core.model.interval import Interval
from booking_core.model.service import Service
from booking_core.model.slot import Plan

LEEWAY = timedelta(minutes=30)
"""So far from an even spread a start may lie if it leaves fewer gaps."""
_COMPARED = 4
"""For each start that is named, so many of the nearest are compared."""


@dataclass(frozen=True, slots=True)
class Openings:
    """The possible starts within some stretch of time, in order, and what their plans are found with."""

    starts: tuple[datetime, ...]
    planner: Planner
    free: Mapping[ResourceId, int]
    base: int

    @classmethod
    def find(
        cls,
        service: Service,
        free: Mapping[ResourceId, int],
        base: int,
        within: Interval,
        wish: PlanWish,
        without: Collection[datetime] = (),
    ) -> Openings:
        """Search a stretch of time; ``without`` are starts that are not wanted."""
        planner = Planner(service, free, base, wish)
        return cls(tuple(start for start in planner.starts(within) if start not in without), planner, free, base)

    def plan_at(self, start: datetime) -> Plan:
        """The best plan of one of the starts."""
        plan = self.planner.plan_at(start)
        if plan is None:
            raise AssertionError(f"no plan at the possible start {start}")
        return plan

    def ranked(
        self, starts: Sequence[datetime], wished: Interval, nearness: timedelta | None = None
    ) -> list[Plan]:
        """The plans of some of the starts, best first."""
        demand = self.planner.demand
        plans = [self.plan_at(start) for start in starts]
        given = {} if nearness is None else {"nearness": nearness}
        return rank(
            plans, wished, service=demand.service, free=self.free, base=self.base, wish=demand.wish, **given
        )


def spread(openings: Sequence[Openings], count: int) -> tuple[tuple[Plan, ...], bool]:
    """At most ``count`` plans from the first possible start on, by start, and whether there are others.

    The first is the earliest there is; each further one lies within ``LEEWAY`` of an even spread, where it suits best.
    """
    by_start: dict[datetime, Openings] = {}
    for each in openings:
        for start in each.starts:
            by_start.setdefault(start, each)
    starts = on_quarter_hours(sorted(by_start))
    if len(starts) <= count:
        return tuple(by_start[start].plan_at(start) for start in starts), False
    marks = [starts[round(index * (len(starts) - 1) / (count - 1))] for index in range(count)]
    shown = [by_start[marks[0]].plan_at(marks[0])]
    for mark in marks[1:]:
        around = [
            start
            for start in starts
            if abs(start - mark) <= LEEWAY
            and by_start[start] is by_start[mark]
            and min(marks, key=lambda other: abs(start - other)) == mark
        ]
        shown += by_start[mark].ranked(around, Interval(mark, mark), LEEWAY + timedelta(seconds=1))[:1]
    return tuple(shown), True


def nearest(openings: Openings, wished: Interval, count: int) -> tuple[Plan, ...]:
    """The plans nearest to the wished time, best first; fifteen minutes count for less than a gap.

    They lie ``LEEWAY`` apart where there are so many: three times in a row are hardly a choice.
    """
    by_distance = sorted(on_quarter_hours(openings.starts), key=lambda start: (distance(start, wished), start))
    ranked = openings.ranked(by_distance[: count * _COMPARED], wished)
    apart: list[Plan] = []
    for plan in ranked:
        if all(abs(plan.starts_at - other.starts_at) >= LEEWAY for other in apart):
            apart.append(plan)
    rest = [plan for plan in ranked if plan not in apart]
    return tuple((apart + rest)[:count])


def nearest_days(
    openings: Openings, starts: Sequence[datetime], anchor: Window, zone: ZoneInfo, wished: datetime, count: int
) -> tuple[Plan, ...]:
    """One plan on each of the days nearest to the wish, at the wished time of day or else about midday; by start."""
    local_wish = anchor.starts_from.astimezone(zone)
    of_day = local_wish.hour * 60 + local_wish.minute
    if not anchor.exact and of_day == 0:
        of_day = 12 * 60
    by_day: dict[date, datetime] = {}

    def away(start: datetime) -> int:
        at = start.astimezone(zone)
        return abs(at.hour * 60 + at.minute - of_day)

    for start in starts:
        day = start.astimezone(zone).date()
        if day not in by_day or away(start) < away(by_day[day]):
            by_day[day] = start
    around = wished.astimezone(zone).date()
    days = sorted(by_day, key=lambda day: (abs((day - around).days), day))[:count]
    return tuple(openings.plan_at(by_day[day]) for day in sorted(days))


def on_quarter_hours(starts: Sequence[datetime]) -> list[datetime]:
    """Those on quarter hours, or all where there are none; guests like round times."""
    return [start for start in starts if start.minute % 15 == 0] or list(starts)
