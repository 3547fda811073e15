"""Many bitmaps side by side in one integer, so that one bit operation works on all staff at once.

Lane *i* takes the bits from ``i * width`` on. Shifts stay inside a lane as long as its top ``shift`` bits are kept empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def lane_width(bits: int) -> int:
    """The width (whole bytes, which makes packing cheap) of lanes that have room for so many bits."""
    return -(-bits // 8) * 8


def pack(bitmaps: Sequence[int], width: int) -> int:
    """Bitmaps, each narrower than ``width``, as lanes; the first one lowest."""
    return int.from_bytes(b"".join([bits.to_bytes(width // 8, "little") for bits in bitmaps]), "little")


def filled(lanes: Iterable[bool], width: int) -> int:
    """A mask with all bits set of the lanes marked true."""
    full, empty = b"\xff" * (width // 8), bytes(width // 8)
    return int.from_bytes(b"".join([full if lane else empty for lane in lanes]), "little")


def in_every_lane(bits: int, width: int, count: int) -> int:
    """One bitmap repeated in each of ``count`` lanes (log2(count) shifts)."""
    have = 1
    while have < count:
        step = min(have, count - have)
        bits |= bits << step * width
        have += step
    return bits


def in_some_lane(lanes: int, width: int, count: int) -> int:
    """The union of all lanes as one bitmap (log2(count) shifts)."""
    while count > 1:
        half = (count + 1) // 2
        lanes = (lanes >> half * width) | (lanes & ((1 << half * width) - 1))
        count = half
    return lanes


def in_several_lanes(lanes: int, width: int, count: int) -> int:
    """The bits that are set in two lanes or more, as one bitmap (log2(count) shifts)."""
    twice = 0
    while count > 1:
        half = (count + 1) // 2
        mask = (1 << half * width) - 1
        high, low = lanes >> half * width, lanes & mask
        twice = (twice >> half * width) | (twice & mask) | (high & low)
        lanes = high | low
        count = half
    return twice


class Runs:
    """Starts of runs of several lengths in the same bits; what the lengths have in common is computed once."""

    __slots__ = ("_doubles",)

    def __init__(self, bits: int) -> None:
        self._doubles = [bits]

    def of(self, length: int) -> int:
        """Bits at which ``length`` (at least 1) consecutive bits are set."""
        doubles, power = self._doubles, length.bit_length() - 1
        while len(doubles) <= power:
            longest = doubles[-1]
            doubles.append(longest & (longest >> (1 << len(doubles) - 1)))
        block, rest = doubles[power], length - (1 << power)
        return block & (block >> rest) if rest else block
