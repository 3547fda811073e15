"""Bitmaps of whole days, on ordinary days and on those with 23 and 25 hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.availability.day_bits import bits_in, day_ticks, join, pack, part_of, unpack
from booking_core.model.ids import StaffId
from booking_core.model.interval import Interval, instant_of
from booking_core.ports.calendar import FreeTime
from booking_core.services.mirror import whole_days

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(("day", "count"), [(SPRING, 276), (date(2026, 3, 30), 288), (AUTUMN, 300)])
def test_a_day_has_the_ticks_between_its_midnights(day: date, count: int) -> None:
    ticks = day_ticks(day, BERLIN)
    assert len(ticks) == count
    assert instant_of(ticks.start).astimezone(BERLIN).isoformat()[:16] == f"{day}T00:00"
    assert ticks.stop == day_ticks(day + timedelta(days=1), BERLIN).start


@given(st.integers(min_value=0, max_value=2**300 - 1))
def test_packing_loses_nothing(bits: int) -> None:
    packed = pack(bits, 300)
    assert len(packed) == 38
    assert unpack(packed) == bits


def test_an_interval_takes_every_tick_it_touches() -> None:
    ticks = range(100, 110)
    start = instant_of(102)
    assert bits_in(Interval(start, start + timedelta(minutes=10)), ticks) == 0b1100
    assert bits_in(Interval(start + timedelta(minutes=1), start + timedelta(minutes=6)), ticks) == 0b1100
    assert bits_in(Interval(instant_of(90), instant_of(101)), ticks) == 0b1
    assert bits_in(Interval(instant_of(90), instant_of(300)), ticks) == 2**10 - 1
    assert bits_in(Interval(instant_of(110), instant_of(120)), ticks) == 0


@given(
    st.sets(st.integers(min_value=0, max_value=4 * 288)),
    st.sampled_from([date(2026, 3, 24), SPRING - timedelta(days=1), AUTUMN - timedelta(days=2)]),
)
def test_days_taken_apart_and_joined_are_what_was_read(offsets: set[int], first: date) -> None:
    days = [day_ticks(first + timedelta(days=ahead), BERLIN) for ahead in range(4)]
    base, beyond = days[0].start, days[-1].stop
    free = frozenset(base + offset for offset in offsets if base + offset < beyond)
    read = FreeTime(StaffId("anna"), Interval(instant_of(base), instant_of(beyond)), free, datetime.now(UTC))
    stored = whole_days(read, BERLIN)
    assert [day.local_date for day in stored] == [first + timedelta(days=ahead) for ahead in range(4)]
    assert [day.first_tick for day in stored] == [ticks.start for ticks in days]
    joined = join([(day.first_tick, unpack(day.bits or b"")) for day in stored], base)
    assert {base + offset for offset in range(beyond - base) if joined >> offset & 1} == free
    middle = range(base + 100, base + 500)
    assert part_of(joined, base, middle) == sum(1 << tick - middle.start for tick in free if tick in middle)


def test_a_day_that_was_asked_only_in_part_is_not_known() -> None:
    spring = day_ticks(SPRING, BERLIN)
    asked = Interval(instant_of(spring.start - 1), instant_of(spring.stop + 287))
    read = FreeTime(StaffId("anna"), asked, frozenset(), datetime.now(UTC))
    assert [day.local_date for day in whole_days(read, BERLIN)] == [SPRING]


@pytest.mark.parametrize(
    ("ticks", "part"),
    [
        (range(100, 104), 0b1011),
        (range(101, 104), 0b101),
        (range(101, 103), 0b01),
        (range(99, 103), 0b0110),
        (range(98, 101), 0b100),
        (range(104, 110), 0b1111),
        (range(110, 120), 0),
        (range(103, 103), 0),
    ],
)
def test_a_part_of_a_bitmap_begins_at_its_own_first_tick_and_ends_with_its_last(ticks: range, part: int) -> None:
    assert part_of(0b11111011, 100, ticks) == part
