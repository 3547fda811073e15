"""The request limit of Cal.com: a count per key or address and minute, then a block of a minute.

It runs on real (monotonic) time, whatever the business clock says.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

WINDOW_SECONDS = 60.0


@dataclass(slots=True)
class _Count:
    since: float
    hits: int = 0
    blocked_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass, and the numbers of its headers (`reset` in seconds left)."""

    allowed: bool
    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """The three headers every counted answer carries."""
        return {
            "X-RateLimit-Limit-Default": str(self.limit),
            "X-RateLimit-Remaining-Default": str(self.remaining),
            "X-RateLimit-Reset-Default": str(self.reset),
        }


class Limiter:
    """Counts requests per tracker; the one over the limit blocks its tracker for a minute."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._counts: dict[str, _Count] = {}

    def hit(self, tracker: str, limit: int) -> Verdict:
        """Count one request of `tracker` against `limit` a minute."""
        now = self._monotonic()
        count = self._counts.get(tracker)
        if count is not None and count.blocked_until > now:
            return Verdict(False, limit, 0, math.ceil(count.blocked_until - now))
        if count is None or count.blocked_until or now - count.since >= WINDOW_SECONDS:
            count = _Count(since=now)
            self._counts[tracker] = count
        count.hits += 1
        if count.hits > limit:
            count.blocked_until = now + WINDOW_SECONDS
            return Verdict(False, limit, 0, int(WINDOW_SECONDS))
        reset = math.ceil(count.since + WINDOW_SECONDS - now)
        return Verdict(True, limit, limit - count.hits, reset)

    def clear(self) -> None:
        """Forget all counts and blocks."""
        self._counts.clear()
