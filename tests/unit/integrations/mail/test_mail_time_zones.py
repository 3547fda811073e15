"""VTIMEZONE against the time zone database, read back by an independent library."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from icalendar import Calendar

from integrations.mail.time_zones import changes_between, timezone_component

ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",  # its changes follow the moon
    "Asia/Kathmandu",
    "UTC",
)


def read_back(component, key):
    calendar = Calendar()
    calendar.add("prodid", "-//test//")
    calendar.add("version", "2.0")
    calendar.add_component(component)
    return tzical(io.StringIO(calendar.to_ical().decode())).get(key)


@pytest.mark.parametrize("key", ZONES)
def test_offsets_are_right_all_through_the_years_of_the_event(key):
    zone = ZoneInfo(key)
    starts_at = datetime(2026, 1, 1, 0, 30, tzinfo=zone)
    ends_at = datetime(2026, 12, 31, 23, 30, tzinfo=zone)
    written = read_back(timezone_component(zone, starts_at, ends_at), key)
    changes = {change.onset.date() for change in changes_between(zone, 2025, 2027)}
    wall, wrong = datetime.fromisoformat("2026-01-01"), []
    while wall.year == 2026:
        ambiguous = wall.replace(tzinfo=zone, fold=0).utcoffset() != wall.replace(tzinfo=zone, fold=1).utcoffset()
        if not ambiguous and wall.replace(tzinfo=written).utcoffset() != wall.replace(tzinfo=zone).utcoffset():
            wrong.append(wall)
        near = {wall.date() + timedelta(days=days) for days in (-1, 0, 1)} & changes
        wall += timedelta(minutes=30) if near else timedelta(hours=8)
    assert wrong == []
    assert (key in ("UTC", "Asia/Kathmandu")) == (not changes)


def test_a_regular_zone_is_two_yearly_rules():
    zone = ZoneInfo("Europe/Berlin")
    text = timezone_component(zone, datetime(2026, 3, 26, tzinfo=UTC), datetime(2026, 3, 26, tzinfo=UTC)).to_ical()
    assert text.count(b"BEGIN:DAYLIGHT") == text.count(b"BEGIN:STANDARD") == 1
    assert b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in text
    assert b"DTSTART:20250330T020000" in text, "the onset counts in the offset before it"


def test_an_irregular_zone_has_no_rule():
    zone = ZoneInfo("Africa/Casablanca")
    text = timezone_component(zone, datetime(2026, 3, 26, tzinfo=UTC), datetime(2026, 3, 26, tzinfo=UTC)).to_ical()
    assert b"RRULE" not in text
    assert text.count(b"BEGIN:DAYLIGHT") >= 2


def test_changes_are_found_to_the_second():
    spring, autumn = changes_between(ZoneInfo("Europe/Berlin"), 2026, 2026)
    assert (spring.onset, spring.offset_from, spring.offset_to, spring.name) == (
        datetime.fromisoformat("2026-03-29T02:00"),
        timedelta(hours=1),
        timedelta(hours=2),
        "CEST",
    )
    assert (autumn.onset, autumn.name) == (datetime.fromisoformat("2026-10-25T03:00"), "CET")
