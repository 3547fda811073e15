"""Bitmaps of five-minute ticks: bit *i* stands for the absolute tick ``base + i``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from booking_core.model.interval import Interval


def bits_of(ticks: Iterable[int], base: int) -> int:
    """The bitmap of absolute ticks; those before ``base`` are left out."""
    bits = bytearray()
    for tick in ticks:
        offset = tick - base
        if offset < 0:
            continue
        index = offset >> 3
        if index >= len(bits):
            bits.extend(bytes(index + 1 - len(bits)))
        bits[index] |= 1 << (offset & 7)
    return int.from_bytes(bits, "little")


def bits_within(interval: Interval, base: int) -> int:
    """The bitmap of all ticks that lie wholly inside the interval."""
    first = -(-int(interval.starts_at.timestamp()) // 300) - base
    last = int(interval.ends_at.timestamp()) // 300 - base
    first = max(first, 0)
    return ((1 << (last - first)) - 1) << first if last > first else 0


def starts_of_runs(bits: int, length: int) -> int:
    """Bits at which ``length`` consecutive ticks are set (log2(length) shifts)."""
    have = 1
    while have < length:
        step = min(have, length - have)
        bits &= bits >> step
        have += step
    return bits


def ticks_in(bits: int, base: int) -> Iterator[int]:
    """The absolute ticks of a bitmap, ascending."""
    while bits:
        low = bits & -bits
        yield base + low.bit_length() - 1
        bits ^= low
