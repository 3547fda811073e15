"""Whether the calendar is known to be down, so that nobody waits for it in vain."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from booking_core.errors import FermataError, Misconfigured, Refused, Unintelligible

ANSWERS: Final[tuple[type[FermataError], ...]] = (Refused, Unintelligible)
"""What the calendar may answer without doing what it was asked for."""
REFUSALS: Final[tuple[type[FermataError], ...]] = (*ANSWERS, Misconfigured)
"""What may last until somebody mends the calendar or how it is asked; other trouble, such as a busy database, passes by itself."""

_ENOUGH = 3
_REMEMBERED = timedelta(seconds=30)


@dataclass(slots=True)
class CalendarHealth:
    """Counts attempts without an answer, one after the other. After three of them it counts as down, until a call succeeds.

    One guest's change makes many calls when it fails: it looks for lost answers again and again. However often it calls, it is one
    attempt, for its trouble may be its own; three guests who get no answer are not chance.
    Half a minute after the last failure the next guest tries it again. All instants are real time.
    """

    _failed: set[Hashable] = field(default_factory=set)
    _last: datetime | None = None
    _answered: datetime | None = None

    def succeeded(self, at: datetime) -> None:
        """The calendar has answered, be it with a no."""
        self._failed.clear()
        self._answered = at

    def failed(self, at: datetime, attempt: Hashable | None = None) -> None:
        """The calendar has not answered. Calls of the same ``attempt`` count once, each without one for itself."""
        if len(self._failed) < _ENOUGH:
            self._failed.add(object() if attempt is None else attempt)
        self._last = at

    def answered_since(self, at: datetime) -> bool:
        """Whether it is known to have answered anybody since then."""
        return self._answered is not None and self._answered >= at

    def down(self, now: datetime) -> bool:
        """Whether to do without it for the moment."""
        return len(self._failed) >= _ENOUGH and self._last is not None and now - self._last < _REMEMBERED
