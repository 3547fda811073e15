"""Mutual exclusion between turns and workers: an optimisation, never the proof that nothing is booked twice."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Locks(Protocol):
    """Names are taken sorted and all at once, so that rivals never wait for each other in a circle."""

    def holding(self, names: Iterable[str], *, wait_seconds: float) -> AbstractAsyncContextManager[None]:
        """Hold all names inside the block; raises Conflict when the wait is over without them."""
        ...

    async def ping(self) -> None:
        """Raise Upstream unless the lock store answers."""
        ...
