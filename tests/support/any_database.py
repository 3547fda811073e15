"""What the databases have in common, whatever they keep their rows in."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from booking_core.ports.unit_of_work import Database


class AnyDatabase(Database, Protocol):
    """The port, and what the worker does with the database besides."""

    async def sweep(self, *, now: datetime, real: datetime | None = None) -> None:
        """Delete what ran out a while ago; ``real`` is by default ``now``."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...
