"""Why nothing is possible in a whole stretch of time: each person once, and the reason most starts share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from booking_core.availability.demand import PlanWish
from booking_core.availability.explain import (
    DoesNotWork,
    EquipmentTaken,
    IsBusy,
    NobodyDoesIt,
    PauseCannotBeKept,
    Times,
)
from booking_core.availability.explain_window import explain_window
from booking_core.availability.ticks import bits_within
from booking_core.model.hours import WeeklyHours
from booking_core.model.ids import ResourceId, ServiceId, StaffId, TenantId
from booking_core.model.interval import Interval, tick_of
from booking_core.model.service import LocalText, Pause, Segment, Service
from booking_core.model.tenant import Equipment, Staff, Tenant

DAY = datetime(2026, 3, 25, tzinfo=UTC)
BASE = tick_of(DAY)
ANNA, CLARA = StaffId("anna"), StaffId("clara")
ALWAYS = WeeklyHours.parse({"wed": ["00:00-23:55"]})
TENANT = Tenant(
    TenantId("salon"),
    "Salon",
    ZoneInfo("UTC"),
    ("en",),
    ALWAYS,
    (Staff(ANNA, "Anna", ALWAYS), Staff(CLARA, "Clara", ALWAYS)),
    (),
    equipment=(Equipment("bar", LocalText({"en": "Bar"})),),
)
CUT = Service(ServiceId("cut"), LocalText({"en": "Cut"}), (Segment(30, (ANNA, CLARA)),))
COLOUR = Service(
    ServiceId("colour"),
    LocalText({"en": "Colour"}),
    (Segment(30, (ANNA,), pause_after=Pause(30, 30), resource="bar"), Segment(60, (ANNA,))),
)


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def bits(*spans: tuple[float, float]) -> int:
    return sum(bits_within(Interval(at(first), at(last)), BASE) for first, last in spans)


def times(anna: Sequence[tuple[float, float]], clara: Sequence[tuple[float, float]] = (), **busy: int) -> Times:
    working = {ResourceId("staff:anna"): bits(*anna), ResourceId("staff:clara"): bits(*clara)}
    working[ResourceId("resource:bar")] = bits((0, 24))
    taken = {ResourceId(name.replace("_", ":")): value for name, value in busy.items()}
    free = {name: value & ~taken.get(name, 0) for name, value in working.items()}
    return Times(BASE, free, working, taken)


def starts(first: float, last: float) -> list[datetime]:
    return [at(first) + timedelta(minutes=15 * step) for step in range(int((last - first) * 4))]


def test_each_person_is_named_once_and_busy_wins_over_off():
    # Anna has a break until 14:30 and is busy from then on; Clara has the day off.
    when = times([(9, 14), (14.5, 18)], staff_anna=bits((14.5, 18)))
    assert explain_window(TENANT, CUT, starts(14, 17), when) == (
        IsBusy(0, ANNA, Interval(at(14.5), at(18))),
        DoesNotWork(0, CLARA, Interval(at(0), at(24)), all_day=True),
    )


def test_a_wish_leaves_the_others_out():
    when = times([(9, 18)], staff_anna=bits((9, 18)))
    found = explain_window(TENANT, CUT, starts(10, 12), when, PlanWish({0: CLARA}))
    assert found == (DoesNotWork(0, CLARA, Interval(at(0), at(24)), all_day=True),)


def test_the_reason_that_most_starts_share_is_told():
    # From 9:45 on Anna could begin but not go on: the pause breaks at most starts, the beginning at two.
    when = times([(9, 18)], staff_anna=bits((9, 9.75), (12, 18)))
    pause, busy = explain_window(TENANT, COLOUR, starts(9.25, 11.5), when)
    assert isinstance(pause, PauseCannotBeKept)
    assert pause.segment == 0
    assert isinstance(busy, IsBusy)
    assert (busy.segment, busy.staff) == (1, ANNA)


def test_the_device_is_named_where_somebody_would_be_free():
    when = times([(9, 18)], resource_bar=bits((9, 18)))
    (taken,) = explain_window(TENANT, COLOUR, starts(10, 12), when)
    assert isinstance(taken, EquipmentTaken)


def test_nobody_does_it():
    service = Service(ServiceId("x"), LocalText({"en": "X"}), (Segment(30, (CLARA,)),))
    found = explain_window(TENANT, service, starts(10, 12), times([(9, 18)]), PlanWish({0: ANNA}))
    assert found == (NobodyDoesIt(0),)


def test_before_the_bitmaps_everybody_is_off():
    late = Times(BASE, {}, {}, {})
    found = explain_window(TENANT, CUT, [at(-3), at(-2)], late)
    assert {type(each) for each in found} == {DoesNotWork}


def test_no_starts_no_reasons():
    assert explain_window(TENANT, CUT, [], times([(9, 18)])) == ()


def test_behind_a_pause_busy_wins_over_off_too():
    service = Service(
        ServiceId("two"),
        LocalText({"en": "Two"}),
        (Segment(30, (CLARA,), pause_after=Pause(30, 30)), Segment(60, (ANNA,))),
    )
    # Anna begins at 10:30: the first two starts would need her before, the others while she is busy.
    when = times([(10.5, 13)], [(9, 18)], staff_anna=bits((10.5, 13)))
    assert explain_window(TENANT, service, starts(9, 10), when) == (
        PauseCannotBeKept(0, Interval(at(10), at(10.75))),
        IsBusy(1, ANNA, Interval(at(10.5), at(13))),
    )
