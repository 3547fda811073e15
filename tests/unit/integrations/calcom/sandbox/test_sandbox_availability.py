"""Interval arithmetic of the sandbox's free time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from integrations.calcom.sandbox.accounts import Schedule
from integrations.calcom.sandbox.availability import Buffers, blocked, open_intervals, slot_starts, subtract
from integrations.calcom.sandbox.times import MINUTE, to_ms

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def schedule(start: str, end: str, *overrides: tuple[str, str, str]) -> Schedule:
    return Schedule(
        1,
        1,
        "Hours",
        "Europe/Berlin",
        [{"days": DAYS, "startTime": start, "endTime": end}],
        [{"date": day, "startTime": begin, "endTime": finish} for day, begin, finish in overrides],
    )


def utc(text: str) -> int:
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=UTC))


def day(text: str) -> tuple[int, int]:
    start = to_ms(datetime.fromisoformat(text).replace(tzinfo=BERLIN))
    return start, start + 26 * 60 * MINUTE


@pytest.mark.parametrize(
    ("date", "start", "end", "opened"),
    [
        ("2026-03-28", "09:00", "17:00", ("2026-03-28T08:00", "2026-03-28T16:00")),
        ("2026-03-29", "09:00", "17:00", ("2026-03-29T07:00", "2026-03-29T15:00")),
        ("2026-03-29", "00:00", "06:00", ("2026-03-28T23:00", "2026-03-29T04:00")),
        ("2026-10-25", "00:00", "06:00", ("2026-10-24T22:00", "2026-10-25T05:00")),
        ("2026-10-25", "02:00", "03:00", ("2026-10-25T00:00", "2026-10-25T02:00")),
    ],
    ids=["winter", "summer", "spring night is five hours", "autumn night is seven", "the hour that happens twice"],
)
def test_hours_follow_the_clock_change(date: str, start: str, end: str, opened: tuple[str, str]) -> None:
    assert open_intervals(schedule(start, end), day(date))[0] == (utc(opened[0]), utc(opened[1]))


def test_a_time_that_is_skipped_opens_when_the_clock_goes_on() -> None:
    opened = open_intervals(schedule("02:30", "04:00"), day("2026-03-29"))

    assert opened[0] == (utc("2026-03-29T01:30"), utc("2026-03-29T02:00"))


def test_a_time_that_is_skipped_closes_when_the_clock_goes_on() -> None:
    opened = open_intervals(schedule("01:00", "02:30"), day("2026-03-29"))

    assert opened[0] == (utc("2026-03-29T00:00"), utc("2026-03-29T01:30"))


def test_an_override_replaces_the_hours_of_its_date_only() -> None:
    hours = schedule("09:00", "17:00", ("2026-03-24", "10:00", "11:00"), ("2026-03-24", "15:00", "16:00"))

    assert open_intervals(hours, day("2026-03-24")) == [
        (utc("2026-03-24T09:00"), utc("2026-03-24T10:00")),
        (utc("2026-03-24T14:00"), utc("2026-03-24T15:00")),
    ]
    assert open_intervals(hours, day("2026-03-25")) == [(utc("2026-03-25T08:00"), utc("2026-03-25T16:00"))]


def test_an_override_from_midnight_to_midnight_closes_the_day() -> None:
    assert open_intervals(schedule("09:00", "17:00", ("2026-03-24", "00:00", "00:00")), day("2026-03-24")) == []


def test_inverted_hours_open_nothing() -> None:
    assert open_intervals(schedule("17:00", "09:00"), day("2026-03-24")) == []


def test_hours_until_the_last_minute_reach_midnight_and_join_the_next_day() -> None:
    start, _ = day("2026-03-24")

    assert open_intervals(schedule("00:00", "23:59"), (start, start + 48 * 60 * MINUTE)) == [
        (start, start + 48 * 60 * MINUTE)
    ]


def test_subtract_cuts_overlapping_and_touching_intervals() -> None:
    assert subtract([(0, 100), (200, 300)], [(10, 20), (15, 30), (100, 210), (290, 400)]) == [
        (0, 10),
        (30, 100),
        (210, 290),
    ]


def test_buffers_of_both_events_add_up_on_each_side() -> None:
    assert blocked(0, 10 * MINUTE, Buffers(before=5, after=7), Buffers(before=11, after=13)) == (
        -18 * MINUTE,
        28 * MINUTE,
    )


def test_slots_start_on_the_grid_of_their_step_after_an_odd_beginning() -> None:
    free = [(utc("2026-03-24T08:07"), utc("2026-03-24T10:00"))]

    starts = slot_starts(free, length=30, step=30, earliest=0, offset=0, zone=BERLIN)

    assert starts == [utc("2026-03-24T08:30"), utc("2026-03-24T09:00"), utc("2026-03-24T09:30")]
