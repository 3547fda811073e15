"""Whether the calendar is known to be down, so that nobody waits for it in vain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_ENOUGH = 3
_REMEMBERED = timedelta(seconds=30)


@dataclass(slots=True)
class CalendarHealth:
    """Counts calls without an answer, one after the other. After three of them it counts as down, until a call succeeds.

    Half a minute after the last failure the next guest tries it again. All instants are real time.
    """

    _failures: int = 0
    _last: datetime | None = None

    def succeeded(self) -> None:
        """The calendar has answered, be it with a no."""
        self._failures = 0

    def failed(self, at: datetime) -> None:
        """The calendar has not answered."""
        self._failures += 1
        self._last = at

    def down(self, now: datetime) -> bool:
        """Whether to do without it for the moment."""
        return self._failures >= _ENOUGH and self._last is not None and now - self._last < _REMEMBERED
