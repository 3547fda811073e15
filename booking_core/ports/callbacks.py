"""Where requests to call a guest are kept until a person has done so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from booking_core.model.callback import Callback
from booking_core.model.ids import TenantId


class Callbacks(Protocol):
    """All writes happen in the caller's unit of work."""

    async def add(self, callback: Callback) -> None:
        """Write a request; the same key again is no second one."""
        ...

    async def list_open(self, tenant: TenantId) -> Sequence[Callback]:
        """What nobody has done yet, by deadline."""
        ...

    async def count_open(self) -> int:
        """How many of all tenants nobody has done yet."""
        ...

    async def done(self, tenant: TenantId, key: str, *, now: datetime) -> bool:
        """A person has seen to it; False for an unknown or finished key."""
        ...
