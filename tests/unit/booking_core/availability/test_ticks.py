"""The bit algebra against plain sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from booking_core.availability.ticks import (
    bits_of,
    bits_within,
    first_from,
    full_of,
    last_before,
    ones_after,
    ones_before,
    run_around,
    spread_back,
    starts_of_runs,
    ticks_in,
)
from booking_core.model.interval import Interval

TICKS = st.frozensets(st.integers(0, 400), max_size=120)


@given(TICKS, st.integers(0, 400))
def test_a_bitmap_holds_exactly_its_ticks(ticks, base):
    assert list(ticks_in(bits_of(ticks, base), base)) == sorted(tick for tick in ticks if tick >= base)


@given(TICKS, st.integers(1, 40))
def test_runs_start_where_all_following_ticks_are_free(ticks, length):
    starts = set(ticks_in(starts_of_runs(bits_of(ticks, 0), length), 0))
    assert starts == {tick for tick in range(401) if all(tick + step in ticks for step in range(length))}


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 20))
def test_only_ticks_wholly_inside_an_interval_count(start, minutes, base):
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    interval = Interval(epoch + timedelta(minutes=start), epoch + timedelta(minutes=start + minutes))
    inside = {tick for tick in range(base, 1300) if start <= tick * 5 and (tick + 1) * 5 <= start + minutes}
    assert set(ticks_in(bits_within(interval, base), base)) == inside


@given(TICKS, st.integers(0, 20), st.integers(0, 20))
def test_a_bit_is_spread_to_all_from_which_it_is_within_reach(ticks, least, more):
    reached = set(ticks_in(spread_back(bits_of(ticks, 0), least, least + more), 0))
    assert reached == {
        tick for tick in range(401) if any(tick + step in ticks for step in range(least, least + more + 1))
    }
    assert spread_back(bits_of(ticks, 0), least + 1, least) == 0


@given(TICKS, st.integers(-5, 405))
def test_the_nearest_bits_before_and_after(ticks, offset):
    bits = bits_of(ticks, 0)
    assert first_from(bits, offset) == min((tick for tick in ticks if tick >= offset), default=None)
    assert last_before(bits, offset) == max((tick for tick in ticks if tick < offset), default=None)


@given(st.frozensets(st.integers(0, 60), max_size=60), st.integers(0, 62), st.integers(1, 9))
def test_how_many_bits_are_set_in_a_row(ticks, offset, most):
    bits = bits_of(ticks, 0)
    after = next(count for count in range(100) if offset + count not in ticks)
    before = next(count for count in range(100) if offset - 1 - count not in ticks)
    assert ones_after(bits, offset, most) == min(after, most)
    assert ones_before(bits, offset, most) == min(before, most)


@given(st.frozensets(st.integers(0, 60), min_size=1), st.data())
def test_the_run_around_a_bit(ticks, data):
    bit = data.draw(st.sampled_from(sorted(ticks)))
    begin, end = run_around(bits_of(ticks, 0), bit, 61)
    assert begin <= bit < end
    assert set(range(begin, end)) <= ticks
    assert begin - 1 not in ticks
    assert end not in ticks


def test_a_run_ends_where_the_bitmap_is_said_to_end():
    assert run_around(0b11111, 1, 3) == (0, 3)
    assert run_around(0b11111, 2, 5) == (0, 5)
    assert run_around(0b10110, 2, 5) == (1, 3)


def test_nothing_is_set_from_before_the_first_bit_on():
    assert [ones_after(0b111, offset, 5) for offset in (-6, -1, 0, 1, 3)] == [0, 0, 3, 2, 0]


def test_a_tick_is_full_when_as_many_seats_are_taken_as_there_are():
    taken = [0b1111, 0b0111, 0b0011]
    assert [full_of(taken, seats) for seats in (1, 2, 3, 4)] == [0b1111, 0b0111, 0b0011, 0]
    assert full_of([], 1) == 0
