"""Why a wish cannot be, before anybody's calendar is looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from booking_core.availability.rules import Reason, Window, find_impediment
from booking_core.model.description import tenant_from
from booking_core.model.hours import WeeklyHours

ZONE = ZoneInfo("Europe/Berlin")
SALON = tenant_from(
    yaml.safe_load((Path(__file__).parents[4] / "bot/demo/salon.yaml").read_text(encoding="utf-8"))
)
NOW = datetime(2026, 3, 24, 10, 15, tzinfo=ZONE)  # a Tuesday
HOLIDAYS = {date(2026, 4, 3): "Karfreitag"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def exact(text: str) -> Window:
    return Window(at(text), at(text) + timedelta(minutes=1), exact=True)


def window(start: str, end: str) -> Window:
    return Window(at(start), at(end))


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (exact("2026-03-24T09:00"), Reason.IN_PAST),
        (exact("2025-03-24T15:00"), Reason.IN_PAST),
        (window("2026-03-23T00:00", "2026-03-24T00:00"), Reason.IN_PAST),
        (window("2026-03-24T00:00", "2026-03-24T10:15"), Reason.IN_PAST),  # is over just now
        (exact("2026-03-24T10:15"), Reason.NOTICE_TOO_SHORT),  # now is not the past
        (window("2026-03-24T00:00", "2026-03-25T00:00"), None),  # the rest of today
        (exact("2026-03-24T10:45"), Reason.NOTICE_TOO_SHORT),
        (exact("2026-03-24T11:14"), Reason.NOTICE_TOO_SHORT),
        (exact("2026-03-24T11:15"), None),
        (window("2026-03-24T10:30", "2026-03-24T11:00"), Reason.NOTICE_TOO_SHORT),
        (exact("2026-03-29T15:00"), Reason.CLOSED_DAY),  # Sunday, and the clocks change
        (window("2026-03-29T00:00", "2026-03-31T00:00"), Reason.CLOSED_DAY),  # Sunday and Monday
        (window("2026-03-28T00:00", "2026-03-30T00:00"), None),  # the weekend has a Saturday
        (exact("2026-04-03T11:00"), Reason.CLOSED_DAY),
        (exact("2026-03-25T08:30"), Reason.OUTSIDE_HOURS),
        (exact("2026-03-25T17:30"), None),  # ends at closing time
        (exact("2026-03-25T17:35"), Reason.OUTSIDE_HOURS),  # would end after it
        (exact("2026-03-26T19:30"), None),  # long Thursday
        (window("2026-03-25T18:00", "2026-03-25T22:00"), Reason.OUTSIDE_HOURS),
        (window("2026-03-25T17:00", "2026-03-25T22:00"), None),
        (exact("2026-06-22T10:00"), Reason.CLOSED_DAY),
        (exact("2026-06-22T10:15"), Reason.CLOSED_DAY),  # the very end of the horizon
        (exact("2026-06-23T10:15"), Reason.BEYOND_HORIZON),
        (window("2027-03-01T00:00", "2027-04-01T00:00"), Reason.BEYOND_HORIZON),
    ],
)
def test_reason(wish, reason):
    found = find_impediment(SALON, SALON.get_service("mens-cut"), wish, NOW, HOLIDAYS.get)
    assert (found.reason if found else None) is reason


def test_a_faster_colleague_may_still_fit_before_closing():
    cut = SALON.get_service("mens-cut")
    quick = replace(cut, segments=(replace(cut.segments[0], work_by_staff={"ben": 15}),))
    late = exact("2026-03-25T17:45")
    assert find_impediment(SALON, quick, late, NOW, HOLIDAYS.get) is None
    found = find_impediment(SALON, cut, late, NOW, HOLIDAYS.get)
    assert found is not None and found.reason is Reason.OUTSIDE_HOURS


@pytest.mark.parametrize(
    ("service", "clock", "possible"),
    [
        ("mens-cut", "11:30", True),
        ("mens-cut", "11:45", False),  # the work would reach into the closed hour
        ("mens-cut", "12:30", False),
        ("mens-cut", "13:00", True),
        ("root-colour", "11:30", True),  # its pause covers a part of the closed hour, its end lies after it
        ("root-colour", "11:35", False),
        ("root-colour", "15:50", True),
        ("root-colour", "15:55", False),
    ],
)
def test_closed_at_midday(service, clock, possible):
    hours = WeeklyHours.parse({"wed": ["09:00-12:00", "13:00-18:00"]})
    found = find_impediment(
        replace(SALON, hours=hours), SALON.get_service(service), exact(f"2026-03-25T{clock}"), NOW, HOLIDAYS.get
    )
    assert (found is None) == possible


def test_what_lies_between_the_notice_and_the_next_start_is_too_soon():
    now = NOW + timedelta(milliseconds=300)  # 11:15:00 is too soon by that much, 11:20 is not wished
    found = find_impediment(
        SALON, SALON.get_service("mens-cut"), window("2026-03-24T00:00", "2026-03-24T11:20"), now, HOLIDAYS.get
    )
    assert found is not None and found.reason is Reason.NOTICE_TOO_SHORT


def test_a_holiday_is_named():
    found = find_impediment(SALON, SALON.get_service("mens-cut"), exact("2026-04-03T11:00"), NOW, HOLIDAYS.get)
    assert found is not None
    assert (found.day, found.holiday) == (date(2026, 4, 3), "Karfreitag")


def test_the_last_second_of_a_closed_day_says_nothing_about_the_open_day_after_it():
    now = at("2026-03-23T23:59:59")  # a Monday
    found = find_impediment(
        SALON, SALON.get_service("mens-cut"), window("2026-03-22T00:00", "2026-03-24T00:00"), now, HOLIDAYS.get
    )
    assert found is not None
    assert (found.reason, found.day) == (Reason.CLOSED_DAY, date(2026, 3, 23))


@pytest.mark.parametrize(("ahead", "reason"), [(0, None), (369, None), (370, Reason.CLOSED_DAY)])
def test_of_a_very_long_window_the_first_370_days_count(ahead, reason):
    first = date(2026, 3, 25)
    always = WeeklyHours.parse({day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")})
    found = find_impediment(
        replace(SALON, hours=always),
        SALON.get_service("mens-cut"),
        window("2026-03-25T00:00", "2027-06-01T00:00"),
        NOW,
        lambda day: None if day == first + timedelta(days=ahead) else "closed for rebuilding",
    )
    assert (found.reason if found else None) is reason


@pytest.mark.parametrize(("clock", "possible"), [("11:55", False), ("12:00", True), ("12:05", False)])
def test_hours_just_as_long_as_the_service_have_one_start(clock, possible):
    hours = WeeklyHours.parse({"wed": ["12:00-12:30"]})
    found = find_impediment(
        replace(SALON, hours=hours), SALON.get_service("mens-cut"), exact(f"2026-03-25T{clock}"), NOW, HOLIDAYS.get
    )
    assert (found is None) == possible


def test_a_window_is_kept_in_utc():
    wish = window("2026-03-29T01:30", "2026-03-29T03:30")  # the clocks change between
    assert (wish.starts_from.tzinfo, wish.starts_before.tzinfo) == (UTC, UTC)
    assert wish.starts_before - wish.starts_from == timedelta(hours=1)


@pytest.mark.parametrize(("service", "last"), [("mens-cut", "14:30"), ("root-colour", "12:50")])
def test_a_window_that_bounds_the_end_leaves_time_for_the_service(service, last):
    wish = replace(window("2026-03-25T09:00", "2026-03-25T15:00"), bounds_end=True)
    fitting = wish.fitting(SALON.get_service(service))
    assert fitting == window("2026-03-25T09:00", f"2026-03-25T{last}:01")
    assert fitting.fitting(SALON.get_service(service)) == fitting


def test_where_there_is_no_time_for_it_the_very_first_start_is_left():
    wish = replace(window("2026-03-25T14:45", "2026-03-25T15:00"), bounds_end=True)
    assert wish.fitting(SALON.get_service("mens-cut")) == window("2026-03-25T14:45", "2026-03-25T14:45:01")
    assert window("2026-03-25T14:45", "2026-03-25T15:00").fitting(SALON.get_service("mens-cut")) == window(
        "2026-03-25T14:45", "2026-03-25T15:00"
    )
