"""How long somebody waits for an answer, shared by everything that is done for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Deadline:
    """``at`` is an instant of the running event loop's clock, in seconds."""

    at: float

    @classmethod
    def within(cls, seconds: float) -> Self:
        """So many seconds from now."""
        return cls(asyncio.get_running_loop().time() + seconds)

    @property
    def left(self) -> float:
        """Seconds until then, never negative."""
        return max(self.at - asyncio.get_running_loop().time(), 0.0)

    @property
    def over(self) -> bool:
        """Whether nobody waits any more."""
        return self.left <= 0.0
