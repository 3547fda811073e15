"""How old an answer is, told on the clock that its reader knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booking_core.services.timetable import on_business_clock
from tests.support.examples import NOW

REAL = datetime(2026, 11, 28, 17, 30, 0, 400_000, tzinfo=UTC)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(seconds=90), timedelta(hours=30)])
def test_an_age_is_the_same_on_both_clocks(age: timedelta) -> None:
    told = on_business_clock(REAL - age, NOW, REAL)
    assert told is not None
    assert abs((NOW - told) - age) < timedelta(seconds=1)


def test_one_reading_has_one_moment_however_often_the_clocks_are_looked_at() -> None:
    read_at, later = REAL - timedelta(minutes=3), timedelta(seconds=7, microseconds=123)
    drift = timedelta(microseconds=40)
    assert on_business_clock(read_at, NOW, REAL) == on_business_clock(read_at, NOW + later + drift, REAL + later)


def test_where_business_time_is_real_nothing_is_shifted() -> None:
    assert on_business_clock(REAL, REAL + timedelta(microseconds=3), REAL) == REAL
    assert on_business_clock(None, NOW, REAL) is None
