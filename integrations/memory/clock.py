"""The two clocks: the real one, and one whose business time a demo or a test sets."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SystemClock:
    """Business time is real time."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)

    def real(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)


class DemoClock:
    """Business time begins at a given instant and ticks from there at the pace of real time."""

    def __init__(self, start: datetime, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """``start`` is aware; ``monotonic`` counts seconds and never runs back, whatever happens to the system's clock."""
        self._monotonic = monotonic
        self.set(start)

    def set(self, instant: datetime) -> None:
        """Let business time go on from this aware instant."""
        if instant.tzinfo is None:
            raise ValueError("the clock is set to an aware instant")
        self._start = instant.astimezone(UTC)
        self._origin = self._monotonic()

    def now(self) -> datetime:
        """Business time, in UTC."""
        return self._start + timedelta(seconds=self._monotonic() - self._origin)

    def real(self) -> datetime:
        """The present instant, in UTC, never shifted."""
        return datetime.now(UTC)
