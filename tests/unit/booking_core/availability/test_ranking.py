"""The order in which plans at different starts are named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booking_core.availability.composite import find_plans
from booking_core.availability.demand import PlanWish
from booking_core.availability.ranking import distance, rank, small_gaps
from booking_core.availability.ticks import bits_within
from booking_core.model.interval import Interval, tick_of
from booking_core.model.service import LocalText, Pause, Segment, Service
from booking_core.model.slot import Placement, Plan

DAY = datetime(2026, 3, 25, tzinfo=UTC)
BASE = tick_of(DAY)
CUT = Service("cut", LocalText({"en": "Cut"}), (Segment(30, ("anna", "clara")),))
COLOUR = Service(
    "colour",
    LocalText({"en": "Colour"}),
    (
        Segment(30, ("anna", "clara"), pause_after=Pause(25, 25)),
        Segment(30, ("anna", "clara"), same_staff="preferred"),
    ),
)


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def free(**spans: tuple[float, float]) -> dict[str, int]:
    return {f"staff:{name}": bits_within(Interval(at(a), at(b)), BASE) for name, (a, b) in spans.items()}


def hours_of(plans: list[Plan]) -> list[float]:
    return [(plan.starts_at - DAY) / timedelta(hours=1) for plan in plans]


def ranked(
    times: dict[str, int], begins: float, ends: float | None = None, wish: PlanWish | None = None
) -> list[Plan]:
    wished = Interval(at(begins), at(begins if ends is None else ends))
    plans = find_plans(CUT, times, BASE, None, wish or PlanWish())
    return rank(plans, wished, service=CUT, free=times, base=BASE, wish=wish)


def test_the_nearest_start_is_first():
    assert hours_of(ranked(free(anna=(9, 18)), 12))[0] == 12


def test_within_a_window_all_are_equally_near_and_the_first_without_a_gap_wins():
    # 9:00 begins with the day; 9:05 to 9:25 would leave a small gap before.
    assert hours_of(ranked(free(anna=(9, 18)), 9.25, 9.5))[0] == 9.5
    assert hours_of(ranked(free(anna=(9, 18)), 9, 12))[0] == 9


def test_a_few_minutes_away_without_a_gap_beats_the_exact_time_with_one():
    assert hours_of(ranked(free(anna=(9, 18)), 9 + 1 / 12))[0] == 9


def test_distance_is_zero_inside_and_counted_from_the_nearer_end_outside():
    wished = Interval(at(10), at(11))
    assert distance(at(10.5), wished) == timedelta(0)
    assert distance(at(9.5), wished) == distance(at(11.5), wished) == timedelta(minutes=30)


def test_the_preferred_person_comes_before_gaps_and_fairness():
    times = free(anna=(9, 18), clara=(9, 12.25))
    plans = [Plan("cut", (Placement(0, staff, at(11.5), at(12)),)) for staff in ("anna", "clara")]
    wished = Interval(at(11.5), at(11.5))
    given = {"service": CUT, "free": times, "base": BASE}
    assert [plan.staff for plan in rank(plans, wished, **given)] == [("anna",), ("clara",)]
    clara = PlanWish(preferred="clara")
    assert [plan.staff for plan in rank(plans, wished, **given, wish=clara)] == [("clara",), ("anna",)]


def test_who_has_more_free_time_comes_first_among_equals():
    plans = [Plan("cut", (Placement(0, staff, at(11), at(11.5)),)) for staff in ("anna", "clara")]
    wished = Interval(at(11), at(11))
    times = free(anna=(10, 14), clara=(9, 18))
    assert [one.staff for one in rank(plans, wished, service=CUT, free=times, base=BASE)] == [
        ("clara",),
        ("anna",),
    ]


def test_staying_with_one_person_comes_before_gaps():
    def colour(first: str, second: str) -> Plan:
        begins = Placement(0, first, at(10), at(10.5)), Placement(1, second, at(10 + 55 / 60), at(10 + 85 / 60))
        return Plan("colour", begins)

    times = free(anna=(9.9, 18), clara=(9, 18))
    stays, changes = colour("anna", "anna"), colour("clara", "anna")
    order = rank([changes, stays], Interval(at(10), at(10)), service=COLOUR, free=times, base=BASE)
    assert order == [stays, changes]


@pytest.mark.parametrize("ticks", range(8))
def test_who_has_no_bitmap_has_no_gaps(ticks: int):
    starts_at = DAY + timedelta(minutes=5 * ticks)
    plan = Plan("cut", (Placement(0, "anna", starts_at, starts_at + timedelta(minutes=30)),))
    assert small_gaps(plan, {}, BASE) == 0
