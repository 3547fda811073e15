"""What goes wrong with calls to the calendar in memory, drawn from a generator that the caller has seeded."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CalendarFaults:
    """Rates are chances between 0 and 1, spans are seconds from shortest to longest.

    A call takes a time out of ``delay``, a stalled one out of ``stall``. ``error_rate``: an answer 5xx, nothing was done.
    ``lost_rate``: it was done and no answer ever comes. ``limit_rate``: a 429 with a pause of ``limit_seconds``, nothing was done.
    ``refuse_rate``: a 403, as of a key that may not, nothing was done.
    ``down``: no call gets an answer or does anything.
    """

    delay: tuple[float, float] = (0.0, 0.0)
    stall_rate: float = 0.0
    stall: tuple[float, float] = (10.0, 60.0)
    error_rate: float = 0.0
    lost_rate: float = 0.0
    limit_rate: float = 0.0
    limit_seconds: float = 60.0
    refuse_rate: float = 0.0
    down: bool = False

    def draw(self, chance: random.Random) -> Fate:
        """What happens to the next call; always takes as many numbers, so that a rate does not shift what follows."""
        delay, stalls, stall, fails, loses, limited, refuses = (chance.random() for _ in range(7))
        span, at = (self.stall, stall) if stalls < self.stall_rate else (self.delay, delay)
        return Fate(
            seconds=span[0] + (span[1] - span[0]) * at,
            limited=limited < self.limit_rate,
            fails=self.down or fails < self.error_rate,
            refuses=refuses < self.refuse_rate,
            loses_answer=loses < self.lost_rate,
        )


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to one call, and how many seconds after it was made."""

    seconds: float
    limited: bool
    fails: bool
    refuses: bool
    loses_answer: bool
