"""Answers kept for a day, so that a repeated request gets the same bytes, and calls under way, so that it waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """``fingerprint`` is a digest of the request's body; ``body`` the answer's exact bytes."""

    fingerprint: str
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Begun:
    """The call is ours to run. ``token`` names its effect: whoever runs it again after a crash gets the same one."""

    token: str


@dataclass(frozen=True, slots=True)
class Running:
    """Somebody else runs the call, or has left it unanswered with another body (then its ``fingerprint`` differs)."""

    fingerprint: str


class Idempotency(Protocol):
    """``scope`` holds tenant, route and owner. All instants are real time."""

    async def find(self, scope: str, key: str, *, now: datetime) -> StoredAnswer | None:
        """The answer kept for this key, unless it is older than 24 h."""
        ...

    async def find_running(self, scope: str, key: str, *, now: datetime) -> Running | None:
        """The call that is under way with this key; None where its lease was given back or has run out."""
        ...

    async def begin(
        self, scope: str, key: str, fingerprint: str, *, owner: str, token: str, now: datetime, until: datetime
    ) -> Begun | Running | StoredAnswer:
        """Lease the call for ``owner``, or tell who has it or what the answer was.

        ``token`` counts only for the first attempt; one that takes over a lease that was given back or has run out gets the
        first one's, for a day. An attempt with another fingerprint gets no lease within that day.
        """
        ...

    async def abandon(self, scope: str, key: str, *, owner: str, now: datetime) -> None:
        """Give the lease back without an answer; one that somebody else has by now stays."""
        ...

    async def store(
        self, scope: str, key: str, answer: StoredAnswer, *, now: datetime, owner: str | None = None
    ) -> None:
        """Keep an answer; an older one of the same key that has run out is replaced. The lease of ``owner`` ends with it.

        Raises Conflict where the key has been answered, LeaseLost where ``owner`` is given and does not have the lease any more;
        nothing that was written with it may last then.
        """
        ...
