"""The calendar of record: free time of staff, and one entry per segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from booking_core.model.ids import ServiceId, StaffId, TenantId
from booking_core.model.interval import Interval


@dataclass(frozen=True, slots=True)
class FreeTime:
    """Free five-minute ticks of one staff member.

    ``asked`` is the interval asked for (nothing is known outside), ``ticks`` the free absolute ticks, ``read_at`` the real
    instant before the request was sent.
    """

    staff: StaffId
    asked: Interval
    ticks: frozenset[int]
    read_at: datetime


@dataclass(frozen=True, slots=True)
class EntryRequest:
    """One calendar entry to create; ``reference`` (hold id and segment) finds it again when the answer is lost."""

    tenant: TenantId
    service: ServiceId
    segment: int
    staff: StaffId
    starts_at: datetime
    reference: str
    booking: str
    attendee_name: str
    attendee_alias: str
    attendee_zone: str
    attendee_language: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A calendar entry as the calendar tells it; ``reference`` None for entries that are not ours."""

    uid: str
    entry_id: int
    staff: StaffId
    starts_at: datetime
    ends_at: datetime
    live: bool
    reference: str | None


@dataclass(frozen=True, slots=True)
class EventTypeReport:
    """What a push of event types did, by name ``service.segment@staff``."""

    created: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]


class Calendar(Protocol):
    """Every method may raise CalendarUnavailable (outcome unknown), RateLimited, Refused or Unintelligible."""

    async def read_free_time(self, tenant: TenantId, staff: StaffId, asked: Interval) -> FreeTime:
        """Free ticks of one staff member, working hours and all other appointments already taken out."""
        ...

    async def create_entry(self, request: EntryRequest) -> Entry:
        """Create one entry. Not retried: the caller finds a lost answer by reference."""
        ...

    async def find_entry(
        self, tenant: TenantId, staff: StaffId, alias: str, reference: str, near: Interval
    ) -> Entry | None:
        """The live entry of this reference, looked up by alias and window; None where there is none."""
        ...

    async def get_entry(self, tenant: TenantId, staff: StaffId, uid: str) -> Entry | None:
        """The entry of this uid, live or not."""
        ...

    async def list_entries(self, tenant: TenantId, staff: StaffId, window: Interval) -> Sequence[Entry]:
        """Live entries of one staff member that overlap the window, ours and foreign."""
        ...

    async def move_entry(
        self, tenant: TenantId, staff: StaffId, uid: str, starts_at: datetime, reason: str
    ) -> Entry:
        """Reschedule one entry with the same staff member; the answer carries a new uid."""
        ...

    async def cancel_entry(self, tenant: TenantId, staff: StaffId, uid: str, reason: str) -> None:
        """Cancel one entry; already cancelled is success."""
        ...

    async def push_event_types(self, tenant: TenantId, *, dry_run: bool = False) -> EventTypeReport:
        """Make the calendar's event types match the tenant's services; repeatable without effect."""
        ...

    async def ping(self) -> None:
        """Raise CalendarUnavailable unless the calendar answers."""
        ...
