"""Two clocks: business time, which a demo may set, and real time for signatures, limits and TLS."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; both answers are aware and in UTC."""

    def now(self) -> datetime:
        """Business time: what guests mean by "today"."""
        ...

    def real(self) -> datetime:
        """Real time, never shifted."""
        ...
