"""Bitmaps of whole local days: packed for storage, and joined to one bitmap over many days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from booking_core.model.interval import Interval, day_interval


@lru_cache(maxsize=4096)
def day_ticks(day: date, zone: ZoneInfo) -> range:
    """The absolute ticks of a local date, midnight to midnight: 276, 288 or 300 of them where clocks change by an hour."""
    return day_interval(day, zone).ticks()


def pack(bits: int, count: int) -> bytes:
    """The bitmap of ``count`` ticks as bytes, the first tick in the lowest bit of the first byte."""
    return bits.to_bytes(-(-count // 8), "little")


def unpack(packed: bytes) -> int:
    """The bitmap that was packed."""
    return int.from_bytes(packed, "little")


def bits_in(interval: Interval, ticks: range) -> int:
    """Which of these ticks the interval touches, as a bitmap whose bit 0 is the first of them."""
    touched = interval.ticks()
    first = max(touched.start, ticks.start) - ticks.start
    beyond = min(touched.stop, ticks.stop) - ticks.start
    return ((1 << (beyond - first)) - 1) << first if beyond > first else 0


def part_of(bits: int, base: int, ticks: range) -> int:
    """The piece of a bitmap (bit 0 is tick ``base``) on these ticks, as a bitmap whose bit 0 is the first of them."""
    offset = ticks.start - base
    moved = bits >> offset if offset >= 0 else bits << -offset
    return moved & ((1 << len(ticks)) - 1)


def join(days: Iterable[tuple[int, int]], base: int) -> int:
    """One bitmap from base ``base`` out of ``(first tick, bits)`` of days that do not begin before it."""
    whole = 0
    for first_tick, bits in days:
        whole |= bits << (first_tick - base)
    return whole
