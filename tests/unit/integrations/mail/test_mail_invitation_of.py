"""From a booking to its invitation."""

import dataclasses
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking_core.model.booking import Attendee, Booking, BookingStatus
from booking_core.model.hours import WeeklyHours
from booking_core.model.service import LocalText, Pause, Segment, Service
from booking_core.model.slot import Placement, Plan
from booking_core.model.tenant import Policies, Staff, Tenant
from booking_core.services.invitations import invitation_of
from booking_core.services.notices import Notice

START = datetime(2026, 3, 26, 14, 30, tzinfo=UTC)
NOW = datetime(2026, 3, 24, 9, 15, tzinfo=UTC)


@pytest.fixture
def tenant():
    hours = WeeklyHours.parse({"thu": ["09:00-20:00"]})
    colour = Service(
        "colour",
        LocalText({"de": "Farbe", "en": "Colour"}),
        (
            Segment(
                30, ("anna",), name=LocalText({"de": "Auftragen", "en": "Application"}), pause_after=Pause(25, 40)
            ),
            Segment(75, ("anna",)),
        ),
        price=65,
    )
    return Tenant(
        id="salon",
        name="Salon",
        zone=ZoneInfo("Europe/Berlin"),
        languages=("de", "en"),
        hours=hours,
        staff=(Staff("anna", "Anna", hours),),
        services=(colour,),
        policies=Policies(cancel_hours=24, reschedule_hours=12),
        address="Kastanienallee 12",
        email="hallo@salon.example",
    )


@pytest.fixture
def booking():
    minutes = timedelta(minutes=1)
    plan = Plan(
        "colour",
        (
            Placement(0, "anna", START, START + 30 * minutes, buffer_before=10),
            Placement(1, "anna", START + 55 * minutes, START + 130 * minutes),
        ),
    )
    return Booking(
        reference="F7K2QX",
        tenant="salon",
        conversation=None,
        hold="0123456789abcdef",
        status=BookingStatus.CONFIRMED,
        plan=plan,
        attendee=Attendee("Jo", "en", email="jo@example.org", time_zone="Europe/London"),
        appointments=(),
        created_at=NOW,
        updated_at=NOW,
        door="chat",
        sequence=3,
    )


def test_an_invitation_speaks_the_guests_language(booking, tenant):
    invitation = invitation_of(booking, tenant, Notice.CONFIRMED)
    assert (invitation.service, invitation.language) == ("Colour", "en")
    assert [(segment.name, segment.staff) for segment in invitation.segments] == [
        ("Application", "Anna"),
        ("Colour", "Anna"),
    ]
    assert (invitation.starts_at, invitation.ends_at) == (START, START + timedelta(minutes=130)), (
        "without the buffer"
    )
    assert invitation.pause_after(0) == (START + timedelta(minutes=30), START + timedelta(minutes=55))
    assert invitation.pause_after(1) is None
    assert (invitation.sequence, invitation.stamp, invitation.price) == (3, NOW, 65)
    assert invitation.guest_zone == ZoneInfo("Europe/London")


def test_the_uid_lives_as_long_as_the_booking(booking, tenant):
    first = invitation_of(booking, tenant, Notice.CONFIRMED)
    changed_salon = dataclasses.replace(tenant, name="New name", email="new@elsewhere.example")
    later = dataclasses.replace(
        booking, sequence=4, updated_at=NOW + timedelta(days=1), attendee=Attendee("Jo K", "de")
    )
    assert invitation_of(later, changed_salon, Notice.CANCELLED).uid == first.uid
    assert first.uid.startswith("0123456789abcdef@")
    assert (
        invitation_of(booking, tenant, Notice.CONFIRMED, domain="salon.example").uid
        == "0123456789abcdef@salon.example"
    )


def test_deadlines_follow_the_policies_and_end(booking, tenant):
    invitation = invitation_of(booking, tenant, Notice.CONFIRMED)
    assert invitation.cancel_until == START - timedelta(hours=24)
    assert invitation.move_until == START - timedelta(hours=12)
    late = invitation_of(booking, tenant, Notice.CONFIRMED, stamp=START - timedelta(hours=20))
    assert (late.cancel_until, late.move_until) == (None, START - timedelta(hours=12))


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "Europe"])
def test_an_unknown_zone_of_the_guest_is_the_salons(booking, tenant, zone):
    guest = dataclasses.replace(booking.attendee, time_zone=zone)
    invitation = invitation_of(dataclasses.replace(booking, attendee=guest), tenant, Notice.CONFIRMED)
    assert invitation.guest_zone == tenant.zone


def test_a_service_that_no_longer_exists_is_named_by_its_id(booking, tenant):
    emptied = dataclasses.replace(tenant, services=())
    invitation = invitation_of(booking, emptied, Notice.CANCELLED)
    assert invitation.service == "colour"
    assert invitation.price is None
    shorter = dataclasses.replace(tenant.services[0], segments=(Segment(60, ("anna",)),))
    names = [
        segment.name
        for segment in invitation_of(
            booking, dataclasses.replace(tenant, services=(shorter,)), Notice.MOVED
        ).segments
    ]
    assert names == ["Colour", "Colour"]
