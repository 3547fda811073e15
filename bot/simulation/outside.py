"""What lies outside of a simulated business; who provides it is the composition root's affair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from booking_core.model.ids import StaffId, TenantId
from booking_core.model.interval import Interval
from booking_core.model.tenant import Tenant
from booking_core.ports.calendar import Calendar, Entry
from booking_core.ports.clock import Clock
from booking_core.ports.closures import Closures
from booking_core.ports.unit_of_work import Database
from bot.later_messages import PhrasesOf

START: Final = datetime(2026, 3, 24, 5, 0, tzinfo=UTC)
"""A Tuesday morning, five days before the clocks change."""


@dataclass(frozen=True, slots=True)
class Weather:
    """How the calendar does for a while: seconds for a call, chances of stalls, errors, lost answers, 429s and 403s, or nothing at all."""

    name: str
    delay: tuple[float, float] = (0.02, 0.3)
    stall_rate: float = 0.0
    error_rate: float = 0.0
    lost_rate: float = 0.0
    limit_rate: float = 0.0
    refuse_rate: float = 0.0
    down: bool = False


class SimulatedCalendar(Calendar, Protocol):
    """The calendar with what staff do in it by hand."""

    def book_outside(self, tenant: TenantId, staff: StaffId, starts_at: datetime, minutes: int) -> Entry:
        """Enter something; Refused for a second entry of the same start and length."""
        ...

    def move_outside(self, tenant: TenantId, uid: str, starts_at: datetime) -> Entry:
        """Move something; it has another uid afterwards."""
        ...

    def cancel_outside(self, tenant: TenantId, uid: str) -> None:
        """Cancel something."""
        ...

    def entries(self, tenant: TenantId) -> Sequence[Entry]:
        """Everything that ever was in it, live or not, the oldest first."""
        ...

    def standing(self, tenant: TenantId, staff: StaffId, window: Interval) -> Sequence[Entry]:
        """What is live and overlaps the window."""
        ...

    def peek(self, tenant: TenantId, uid: str) -> Entry | None:
        """The entry of this uid, live or not."""
        ...

    def watch(self, watcher: Callable[[Entry], None]) -> None:
        """Have somebody told of every entry that a call has made or ended, at that moment."""
        ...


class SweptDatabase(Database, Protocol):
    """The database with its sweep."""

    async def sweep(self, *, now: datetime, real: datetime | None = None) -> None:
        """Delete what ran out a while ago."""
        ...


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything that a business relies on, simulated. ``description`` is the tenant's, as it is stored."""

    tenant: Tenant
    description: dict[str, Any]
    database: SweptDatabase
    calendar: SimulatedCalendar
    clock: Clock
    closures: Closures
    phrases_of: PhrasesOf
    set_weather: Callable[[Weather], None]
