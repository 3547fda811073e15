"""Answers of the last seconds, for the many who ask the same: the same week of the same service, until something changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

KEPT: Final = timedelta(seconds=5)
"""Only the running out of a hold changes an answer without raising a counter; it may show so much later."""
_MOST: Final = 128
_LARGEST: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class _Kept:
    state: object
    made_at: datetime
    body: bytes


@dataclass(slots=True)
class KeptAnswers:
    """By question; ``state`` is what an answer was made from, and only while it is equal the answer stands."""

    _kept: OrderedDict[Hashable, _Kept] = field(default_factory=OrderedDict)

    def find(self, question: Hashable, state: object, now: datetime) -> bytes | None:
        """The answer to the same question in the same state, if it was given a moment ago."""
        kept = self._kept.get(question)
        if kept is None or kept.state != state or not kept.made_at <= now < kept.made_at + KEPT:
            return None
        return kept.body

    def keep(self, question: Hashable, state: object, now: datetime, body: bytes) -> None:
        """Remember an answer; the oldest is forgotten when there are many, and a long one is not kept."""
        if len(body) > _LARGEST:
            return
        self._kept[question] = _Kept(state, now, body)
        self._kept.move_to_end(question)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
