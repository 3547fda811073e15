"""Many bitmaps side by side in one integer, so that one bit operation works on all staff at once.

Lane *i* takes the bits from ``i * width`` on. Shifts stay inside a lane as long as its top ``shift`` bits are kept empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_NARROW = 320
"""Up to this width one multiplication repeats faster than shifts do."""


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


class Lanes:
    """The layout of ``count`` lanes of ``width`` bits, for what goes across lanes; each takes about log2(count) shifts."""

    __slots__ = ("_halves", "count", "firsts", "width")

    def __init__(self, count: int, width: int) -> None:
        self.count = count
        self.width = width
        halves = []
        while count > 1:
            count = (count + 1) // 2
            halves.append((count * width, (1 << count * width) - 1))
        self._halves = tuple(halves)
        self.firsts = 0
        """The first bit of each lane."""
        if self.count:
            self.firsts = _repeated(1, width, self.count)

    def everywhere(self, bits: int) -> int:
        """One bitmap repeated in each lane."""
        if self.width <= _NARROW:
            return bits * self.firsts
        return _repeated(bits, self.width, self.count)

    def in_some(self, lanes: int) -> int:
        """The union of all lanes as one bitmap."""
        for shift, mask in self._halves:
            lanes = (lanes >> shift) | (lanes & mask)
        return lanes

    def in_others(self, lanes: int) -> int:
        """In each lane the bits that are set in at least one other lane."""
        if not lanes:
            return 0
        once, twice = lanes, 0
        for shift, mask in self._halves:
            high, low = once >> shift, once & mask
            twice = (twice >> shift) | (twice & mask) | (high & low)
            once = high | low
        if once == twice:
            return self.everywhere(once)
        return self.everywhere(once) & ~(lanes & self.everywhere(once & ~twice))


def _repeated(bits: int, width: int, count: int) -> int:
    have = 1
    while have < count:
        step = min(have, count - have)
        bits |= bits << step * width
        have += step
    return bits


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
