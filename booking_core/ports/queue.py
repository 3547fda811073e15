"""A nudge for background work; losing one loses time, never work."""

from __future__ import annotations

from typing import Protocol


class Queue(Protocol):
    """Carries the wish to look at the outbox now."""

    async def nudge(self) -> None:
        """Ask a worker to look at the outbox soon; never raises for a broker that is away."""
        ...

    async def ping(self) -> None:
        """Raise Upstream unless the broker answers."""
        ...
