"""Bitmaps side by side against the same bitmaps one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.availability.lanes import Lanes, Runs, filled, lane_width, pack
from booking_core.availability.ticks import starts_of_runs

# Both sides of the width from which repeating goes by shifts.
BITS = st.sampled_from([40, 400])
ROWS = st.tuples(BITS, st.integers(0, 2**64)).flatmap(
    lambda drawn: st.tuples(st.just(drawn[0]), st.lists(st.integers(0, 2 ** drawn[0] - 1), min_size=1, max_size=9))
)


def unpacked(lanes: int, width: int, count: int) -> list[int]:
    return [lanes >> number * width & ((1 << width) - 1) for number in range(count)]


@given(ROWS)
def test_across_lanes(drawn):
    bits, rows = drawn
    width = lane_width(bits)
    lanes, packed = Lanes(len(rows), width), pack(rows, width)
    assert unpacked(packed, width, len(rows)) == rows
    union = 0
    for row in rows:
        union |= row
    assert lanes.in_some(packed) == union
    assert unpacked(lanes.everywhere(rows[0]), width, len(rows)) == [rows[0]] * len(rows)
    others = unpacked(lanes.in_others(packed), width, len(rows))
    for number, found in enumerate(others):
        expected = 0
        for other, row in enumerate(rows):
            expected |= row if other != number else 0
        assert found == expected


@given(st.lists(st.booleans(), max_size=9))
def test_whole_lanes_are_filled(marks):
    assert unpacked(filled(marks, 16), 16, len(marks)) == [0xFFFF if mark else 0 for mark in marks]


@given(st.integers(0, 2**200), st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_runs_of_several_lengths(bits, lengths):
    runs = Runs(bits)
    assert [runs.of(length) for length in lengths] == [starts_of_runs(bits, length) for length in lengths]


def test_no_lane_at_all():
    assert Lanes(0, 16).in_some(0) == 0
    assert Lanes(0, 16).in_others(0) == 0
    assert pack([], 16) == 0


@pytest.mark.parametrize(("bits", "width"), [(1, 8), (7, 8), (8, 8), (9, 16), (16, 16), (320, 320), (321, 328)])
def test_lanes_are_no_wider_than_whole_bytes_need(bits: int, width: int):
    assert lane_width(bits) == width
