"""Instants and wall times around the clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.model.interval import Interval, day_interval, days_of, instant_of, local, tick_of

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 3, 24), 24)]
)
def test_a_day_has_its_true_length(day, hours):
    assert day_interval(day, BERLIN).minutes == hours * 60


def test_a_wall_time_that_does_not_exist_moves_forward_and_one_that_comes_twice_is_the_first():
    assert local(date(2026, 3, 29), time(2, 30), BERLIN).astimezone(UTC) == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )
    assert local(date(2026, 10, 25), time(2, 30), BERLIN).astimezone(UTC) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


@given(st.integers(1577836800, 2208988800).map(lambda second: datetime.fromtimestamp(second, UTC)))
def test_an_instant_lies_in_its_tick(instant):
    tick = tick_of(instant)
    assert instant_of(tick) <= instant < instant_of(tick + 1)


def test_touching_intervals_do_not_overlap():
    noon = datetime(2026, 3, 24, 12, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert not Interval(noon, noon + hour).overlaps(Interval(noon + hour, noon + 2 * hour))
    assert Interval(noon, noon + hour).intersection(Interval(noon + hour, noon + 2 * hour)) is None


def test_the_days_of_an_interval_are_local():
    late = datetime(2026, 3, 24, 22, 30, tzinfo=UTC)  # 23:30 in Berlin
    assert list(days_of(Interval(late, late + timedelta(hours=1)), BERLIN)) == [
        date(2026, 3, 24),
        date(2026, 3, 25),
    ]


def test_naive_or_inverted_intervals_are_refused():
    noon = datetime(2026, 3, 24, 12, tzinfo=UTC)
    with pytest.raises(ValueError, match="aware"):
        Interval(noon.replace(tzinfo=None), noon.replace(tzinfo=None))
    with pytest.raises(ValueError, match="before"):
        Interval(noon, noon - timedelta(minutes=1))
