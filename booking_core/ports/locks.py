"""Mutual exclusion between turns and workers: an optimisation, never the proof that nothing is booked twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class HeldLock:
    """One name that is held. ``owner`` is random and the same for all names of one acquisition.

    ``seconds_left`` until it runs out by itself unless its holder renews it; None where it lasts until it is released.
    """

    name: str
    owner: str
    seconds_left: float | None


class Locks(Protocol):
    """Names are taken sorted and all at once, so that rivals never wait for each other in a circle.

    A store that does not answer lets everybody pass: what must not happen twice is decided by the database.
    """

    def holding(self, names: Iterable[str], *, wait_seconds: float) -> AbstractAsyncContextManager[None]:
        """Hold all names inside the block; raises Conflict when the wait is over without them."""
        ...

    async def list_held(self) -> Sequence[HeldLock]:
        """Every name held at this moment, sorted by name, of all tenants; raises Upstream unless the store answers."""
        ...

    async def release(self, owner: str) -> Sequence[str]:
        """Take everything away from this owner; the sorted names, none for an unknown owner.

        For operators: the block that held them goes on, unprotected. Raises Upstream unless the store answers.
        """
        ...

    async def ping(self) -> None:
        """Raise Upstream unless the lock store answers."""
        ...
