"""What a service asks for in ticks, by staff member."""

from __future__ import annotations

import pytest

from booking_core.availability.demand import PlanWish, demand_of
from booking_core.model.ids import ServiceId, StaffId, staff_resource
from booking_core.model.service import LocalText, Segment, Service

ANNA, BEN, CLARA = StaffId("anna"), StaffId("ben"), StaffId("clara")
CUT = Service(
    ServiceId("cut"), LocalText({"en": "Cut"}), (Segment(30, (ANNA, BEN), work_by_staff={ANNA: 45, BEN: 20}),)
)


@pytest.mark.parametrize(
    ("free", "bound", "shortest", "longest"),
    [
        ((ANNA, BEN), {}, 4, 9),
        ((ANNA,), {}, 9, 9),
        ((ANNA, BEN), {0: BEN}, 4, 4),
        ((BEN,), {0: ANNA}, 0, 0),
        ((CLARA,), {}, 0, 0),
        ((), {}, 0, 0),
    ],
)
def test_the_quickest_and_the_slowest_of_those_who_have_time(
    free: tuple[StaffId, ...], bound: dict[int, StaffId], shortest: int, longest: int
) -> None:
    (step,) = demand_of(CUT, {staff_resource(staff): 0b1111 for staff in free}, PlanWish(bound)).steps
    assert (step.shortest, step.longest) == (shortest, longest)
