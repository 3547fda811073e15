"""Which event types a tenant needs, and when an existing one must be changed."""

import dataclasses

import pytest

from booking_core.errors import Misconfigured
from booking_core.model.service import LocalText, Segment, Service
from integrations.calcom import wire
from integrations.calcom.event_types import difference, wanted_for

DEFAULT_SCHEDULE = 3


def existing(wanted, **changes):
    """The event type as Cal.com would list it after it was created from ``wanted``."""
    answer = {
        **wanted.fields,
        "id": 9,
        "scheduleId": None,
        "recurrence": None,
        "bookingWindow": {"disabled": True},
        "confirmationPolicy": {"disabled": True},
        "seats": {"disabled": True},
        "bookerActiveBookingsLimit": {"disabled": True},
        "disableCancelling": {"disabled": False},
        "disableRescheduling": {"disabled": False},
        "metadata": {},
    } | changes
    return wire.EventType.model_validate({name: value for name, value in answer.items() if value is not ...})


def test_each_staff_member_has_a_probe_and_the_segments_they_do(salon):
    anna, ben = (wanted_for(salon, member) for member in salon.staff)
    assert [(each.name, each.slug, each.length_minutes) for each in anna] == [
        ("probe@anna", "fermata-probe", 5),
        ("mens-cut.1@anna", "mens-cut-1", 30),
        ("colour.1@anna", "colour-1", 85),  # 5 before, 50 work, 20 blocked, 10 after
        ("colour.2@anna", "colour-2", 45),
    ]
    assert [(each.name, each.length_minutes) for each in ben] == [("probe@ben", 5), ("mens-cut.1@ben", 40)]


def test_fields_leave_nothing_to_cal_com_that_the_planner_decides(salon):
    probe, cut, colour, *_ = wanted_for(salon, salon.staff[0])
    for wanted in (probe, cut, colour):
        assert wanted.fields["slotInterval"] == 5
        assert wanted.fields["minimumBookingNotice"] == 0
        assert wanted.fields["beforeEventBuffer"] == wanted.fields["afterEventBuffer"] == 0
        assert wanted.fields["hidden"] is True
    assert cut.fields["title"] == "Herrenhaarschnitt"
    assert colour.fields["title"] == "Farbe 1/2: Auftragen"
    assert cut.fields["locations"] == [
        {"type": "address", "address": "Kastanienallee 12, 10435 Berlin", "public": True}
    ]


def test_a_fresh_event_type_does_not_differ(salon):
    for wanted in wanted_for(salon, salon.staff[0]):
        assert difference(existing(wanted), wanted, DEFAULT_SCHEDULE) == {}


@pytest.mark.parametrize(
    ("changed", "patch"),
    [
        ({"lengthInMinutes": 45}, {"lengthInMinutes": 30}),
        ({"slotInterval": None}, {"slotInterval": 5}),
        ({"minimumBookingNotice": 120}, {"minimumBookingNotice": 0}),
        ({"afterEventBuffer": 5}, {"afterEventBuffer": 0}),
        ({"hidden": False}, {"hidden": True}),
        ({"title": "Cut"}, {"title": "Herrenhaarschnitt"}),
        (
            {"locations": []},
            {"locations": [{"type": "address", "address": "Kastanienallee 12, 10435 Berlin", "public": True}]},
        ),
        ({"seats": {"disabled": False, "seatsPerTimeSlot": 4}}, {"seats": {"disabled": True}}),
        (
            {"bookingWindow": {"type": "calendarDays", "value": 7, "rolling": True}},
            {"bookingWindow": {"disabled": True}},
        ),
        ({"bookingLimitsCount": {"day": 1}}, {"bookingLimitsCount": {"disabled": True}}),
        ({"recurrence": {"interval": 1, "occurrences": 4}}, {"recurrence": {"disabled": True}}),
        ({"confirmationPolicy": {"type": "always"}}, {"confirmationPolicy": {"disabled": True}}),
        ({"scheduleId": 8}, {"scheduleId": DEFAULT_SCHEDULE}),
        ({"disableCancelling": {"disabled": True}}, {"disableCancelling": {"disabled": False}}),
        ({"disableRescheduling": {"disabled": True}}, {"disableRescheduling": {"disabled": False}}),
    ],
)
def test_only_what_differs_is_changed(salon, changed, patch):
    cut = wanted_for(salon, salon.staff[0])[1]
    assert difference(existing(cut, **changed), cut, DEFAULT_SCHEDULE) == patch


@pytest.mark.parametrize(
    "changed",
    [
        {"scheduleId": DEFAULT_SCHEDULE},
        {"bookingLimitsCount": {}},
        {"bookingRequiresAuthentication": ...},  # a server that does not know the field
        {
            "locations": [
                {"type": "address", "address": "Kastanienallee 12, 10435 Berlin", "public": True, "extra": 1}
            ]
        },
        {"description": "written by the salon"},
    ],
)
def test_what_means_the_same_or_is_not_ours_is_left_alone(salon, changed):
    cut = wanted_for(salon, salon.staff[0])[1]
    assert difference(existing(cut, **changed), cut, DEFAULT_SCHEDULE) == {}


def test_services_whose_slugs_collide_are_refused(salon):
    twin = Service("Mens Cut", LocalText({"de": "Zwilling"}), (Segment(30, ("anna",)),))
    tenant = dataclasses.replace(salon, services=(*salon.services, twin))
    with pytest.raises(Misconfigured, match="mens-cut-1"):
        wanted_for(tenant, tenant.staff[0])
