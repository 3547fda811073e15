"""What the handlers share: settings, store, clock, faults, limiter and the webhook sender."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from integrations.calcom.sandbox.config import SandboxConfig
from integrations.calcom.sandbox.delivery import Sender
from integrations.calcom.sandbox.faults import Faults
from integrations.calcom.sandbox.limiter import Limiter
from integrations.calcom.sandbox.store import Store
from integrations.calcom.sandbox.times import to_ms


@dataclass(frozen=True, slots=True)
class World:
    """The parts of one running sandbox.

    `gap` is awaited between the check and the write of a booking change.
    """

    config: SandboxConfig
    store: Store
    now: Callable[[], datetime]
    limiter: Limiter
    faults: Faults
    sender: Sender
    gap: Callable[[], Awaitable[None]]

    def now_ms(self) -> int:
        """The business clock in epoch milliseconds."""
        return to_ms(self.now())
