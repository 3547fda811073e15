"""What "with Clara" binds in a service that several people do."""

from __future__ import annotations

import pytest

from booking_core.availability.composite import find_plans
from booking_core.availability.demand import PlanWish, segments_by
from booking_core.model.ids import ServiceId, StaffId, staff_resource
from booking_core.model.service import LocalText, Pause, SameStaff, Segment, Service

ANNA, BEN, CLARA = StaffId("anna"), StaffId("ben"), StaffId("clara")


def perm(same: SameStaff = "any") -> Service:
    return Service(
        ServiceId("perm"),
        LocalText({"en": "Perm"}),
        (
            Segment(50, (ANNA,), pause_after=Pause(15, 20)),
            Segment(5, (ANNA, BEN, CLARA), pause_after=Pause(10, 15), same_staff=same),
            Segment(55, (ANNA, CLARA)),
        ),
    )


@pytest.mark.parametrize(
    ("staff", "same", "able", "bound"),
    [
        (ANNA, "any", (0, 1, 2), {0: ANNA}),
        (CLARA, "any", (1, 2), {1: CLARA, 2: CLARA}),
        (BEN, "any", (1,), {1: BEN}),
        # Whoever rolls has to fix: Clara cannot fix without rolling.
        (CLARA, "required", (2,), {2: CLARA}),
        (BEN, "required", (), {0: BEN}),
    ],
)
def test_she_begins_or_does_all_that_she_can(
    staff: StaffId, same: SameStaff, able: tuple[int, ...], bound: dict[int, StaffId]
):
    service = perm(same)
    assert segments_by(service, staff) == able
    wish = PlanWish.by(service, staff)
    assert (wish.bound, wish.preferred) == (bound, staff)


def test_a_chain_that_ends_with_somebody_else_is_not_hers():
    service = Service(
        ServiceId("chain"),
        LocalText({"en": "Chain"}),
        (
            Segment(30, (ANNA, CLARA), pause_after=Pause(5, 5)),
            Segment(30, (ANNA,), same_staff="required"),
        ),
    )
    assert segments_by(service, CLARA) == ()
    assert segments_by(service, ANNA) == (0, 1)


def test_plans_are_found_in_which_she_does_her_part():
    day = (1 << 12 * 9) - 1
    free = {staff_resource(member): day for member in (ANNA, BEN, CLARA)}
    plans = find_plans(perm(), free, 0, wish=PlanWish.by(perm(), CLARA))
    assert plans
    assert {plan.staff for plan in plans} == {(ANNA, CLARA, CLARA)}
    assert {plan.staff for plan in find_plans(perm(), free, 0, wish=PlanWish.by(perm(), BEN))} == {
        (ANNA, BEN, ANNA)
    }


def test_nobody_wished_binds_nobody():
    assert PlanWish.by(perm(), None) == PlanWish()


def test_a_wish_does_not_change_who_wins_a_tie():
    """Who is named first in the service does, also where the first to name them is not wished."""
    service = Service(
        ServiceId("two"),
        LocalText({"en": "Two"}),
        (
            Segment(10, (BEN, ANNA, CLARA), pause_after=Pause(5, 5)),
            Segment(10, (ANNA, BEN)),
        ),
    )
    free = {staff_resource(member): (1 << 40) - 1 for member in (ANNA, BEN, CLARA)}
    (first, *_) = find_plans(service, free, 0, wish=PlanWish({0: CLARA}))
    assert first.staff == (CLARA, BEN)
