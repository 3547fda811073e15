"""Days on which a tenant is closed although its weekly hours say otherwise."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Closures(Protocol):
    """Public holidays by country and region."""

    def reason(self, day: date, *, country: str, region: str | None, language: str) -> str | None:
        """The holiday's name in ``language``, or None on an ordinary day."""
        ...
