"""What kind of time a piece of meaning is."""

from __future__ import annotations

from bot.understanding.when.grammar import Item

TIMES = frozenset(
    ("date", "time", "part", "trange", "prange", "offset", "elapsed", "relative", "dated", "nthdow", "dateds", "wrange", "h", "d4")
)  # fmt: skip
CLOCKS = frozenset(("time", "dated", "trange", "h", "d4"))
DAYS = frozenset(("date", "dated", "nthdow"))


def is_time(item: Item) -> bool:
    """Whether a piece says a time, a day or a length of time."""
    return not TIMES.isdisjoint(item.values)


def names_day(item: Item) -> bool:
    """Whether a piece names a day."""
    return not DAYS.isdisjoint(item.values)
