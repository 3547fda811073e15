"""Answers kept for a day, so that a repeated request gets the same bytes."""

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


class Idempotency(Protocol):
    """``scope`` holds tenant, route and owner."""

    async def find(self, scope: str, key: str, *, now: datetime) -> StoredAnswer | None:
        """The answer kept for this key, unless it is older than 24 h."""
        ...

    async def store(self, scope: str, key: str, answer: StoredAnswer, *, now: datetime) -> None:
        """Keep an answer; an older one of the same key that has run out is replaced."""
        ...
