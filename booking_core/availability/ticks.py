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


def spread_back(bits: int, least: int, most: int) -> int:
    """Bits from which a set bit lies ``least`` to ``most`` ticks ahead (log2(most - least) shifts)."""
    if most < least:
        return 0
    bits >>= least
    have, want = 1, most - least + 1
    while have < want:
        step = min(have, want - have)
        bits |= bits >> step
        have += step
    return bits


def first_from(bits: int, offset: int) -> int | None:
    """The lowest set bit at or after ``offset``, or None."""
    rest = bits >> max(offset, 0)
    return (rest & -rest).bit_length() - 1 + max(offset, 0) if rest else None


def last_before(bits: int, offset: int) -> int | None:
    """The highest set bit before ``offset``, or None."""
    rest = bits & ((1 << max(offset, 0)) - 1)
    return rest.bit_length() - 1 if rest else None


def run_around(bits: int, offset: int, length: int) -> tuple[int, int]:
    """The run of set bits around a set bit ``offset``, half open, never beyond ``0`` and ``length``."""
    below = last_before(~bits & ((1 << length) - 1), offset)
    above = first_from(~bits & ((1 << length) - 1), offset)
    return (0 if below is None else below + 1), (length if above is None else above)


def ones_after(bits: int, offset: int, most: int) -> int:
    """How many consecutive bits are set from ``offset`` on, counted up to ``most``."""
    window = ~(bits >> offset) & ((1 << most) - 1) if offset >= 0 else 1
    return (window & -window).bit_length() - 1 if window else most


def ones_before(bits: int, offset: int, most: int) -> int:
    """How many consecutive bits are set right before ``offset``, counted up to ``most``."""
    below, every = offset - most, (1 << most) - 1
    window = (bits >> below if below >= 0 else bits << -below) & every
    return most - (~window & every).bit_length()


def full_of(taken: Iterable[int], seats: int) -> int:
    """The bits that are set in at least ``seats`` of the bitmaps."""
    # at_least[n]: set in n or more of those looked at so far; -1 is all ones.
    at_least = [-1] + [0] * seats
    for bits in taken:
        for number in range(seats, 0, -1):
            at_least[number] |= at_least[number - 1] & bits
    return at_least[seats]
