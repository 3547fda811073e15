"""The bit algebra against plain sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from booking_core.availability.ticks import bits_of, bits_within, starts_of_runs, ticks_in
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
