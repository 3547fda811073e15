"""Calendars to hold against each other: Cal.com's double over HTTP, and the one in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import httpx

from booking_core.errors import Misconfigured
from booking_core.model.hours import WeeklyHours
from booking_core.model.ids import ServiceId, StaffId, TenantId
from booking_core.model.service import LocalText, Pause, Segment, Service
from booking_core.model.tenant import Staff, Tenant
from booking_core.ports.calendar import Calendar
from booking_core.ports.tenants import EventTypeLink
from integrations.calcom.client import CalcomClient, Patience
from integrations.calcom.gateway import CalcomGateway
from integrations.calcom.sandbox import SandboxConfig, SandboxUser, start_sandbox
from integrations.memory.calendar import MemoryCalendar
from integrations.memory.calendar_faults import CalendarFaults

SALON = TenantId("salon")
ANNA, BEN = StaffId("anna"), StaffId("ben")
CUT, COLOUR = ServiceId("cut"), ServiceId("colour")
_KEYS = {ANNA: "cal_" + "a" * 32, BEN: "cal_" + "b" * 32}

# Long enough for a machine under load.
_PATIENT = Patience(read=20, read_budget=40, write=40)
_IMPATIENT = Patience(read=0.5, read_budget=1, write=0.5)


class StandingClock:
    """Business time stands where it was put; real time is real."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """Where it was put."""
        return self.instant

    def real(self) -> datetime:
        """The system's time."""
        return datetime.now(UTC)


def example_salon() -> Tenant:
    """Two people, a cut with buffers of its own, and a colour whose first pause is blocked."""
    hours = WeeklyHours.parse({day: ["09:00-12:30", "13:00-18:00"] for day in ("tue", "wed", "thu", "fri")})
    return Tenant(
        id=SALON,
        name="Salon",
        zone=ZoneInfo("Europe/Berlin"),
        languages=("de", "en"),
        hours=hours,
        staff=(Staff(ANNA, "Anna", hours), Staff(BEN, "Ben", hours)),
        services=(
            Service(
                CUT,
                LocalText({"de": "Schnitt"}),
                (Segment(30, (ANNA, BEN), buffer_before=5, buffer_after=10, work_by_staff={BEN: 40}),),
            ),
            Service(
                COLOUR,
                LocalText({"de": "Farbe"}),
                (Segment(30, (ANNA,), pause_after=Pause(25, 40, "blocked")), Segment(75, (ANNA,))),
            ),
        ),
        address="Kastanienallee 12, 10435 Berlin",
    )


@dataclass
class Directory:
    """Tenants, keys and links in memory."""

    tenant: Tenant
    stored: tuple[EventTypeLink, ...] = field(default=())

    async def tenant_of(self, tenant: TenantId) -> Tenant:
        """The only one there is."""
        assert tenant == self.tenant.id
        return self.tenant

    def key_of(self, tenant: TenantId, staff: StaffId) -> str:
        """The key of a staff member."""
        if staff not in _KEYS:
            raise Misconfigured(f"no key of {staff}")
        return _KEYS[staff]

    async def links(self, tenant: TenantId) -> Sequence[EventTypeLink]:
        """Every link."""
        return self.stored

    async def store_links(self, tenant: TenantId, links: Sequence[EventTypeLink]) -> None:
        """Replace all links."""
        self.stored = tuple(links)


class CalendarWorld(Protocol):
    """A calendar, and what others do to it. Faults hold until ``well``."""

    calendar: Calendar
    clock: StandingClock
    directory: Directory

    async def book_outside(self, staff: StaffId, starts_at: datetime, minutes: int) -> str:
        """A staff member enters something; its uid."""
        ...

    async def move_outside(self, uid: str, starts_at: datetime) -> str:
        """A staff member moves it; the uid it has then."""
        ...

    async def cancel_outside(self, uid: str) -> None:
        """A staff member cancels it."""
        ...

    async def change_hours(self, staff: StaffId, day: str, hours: str) -> None:
        """A staff member works only on this day of the week."""
        ...

    async def down(self) -> None:
        """Nothing is answered."""
        ...

    async def fail(self) -> None:
        """Everything is answered 500."""
        ...

    async def lose_answers(self) -> None:
        """Everything is done and nothing answered."""
        ...

    async def limit(self) -> None:
        """Everything is answered 429."""
        ...

    async def well(self) -> None:
        """No faults."""
        ...


@dataclass
class MemoryWorld:
    """The calendar in memory."""

    calendar: MemoryCalendar
    clock: StandingClock
    directory: Directory

    async def book_outside(self, staff: StaffId, starts_at: datetime, minutes: int) -> str:
        return self.calendar.book_outside(SALON, staff, starts_at, minutes).uid

    async def move_outside(self, uid: str, starts_at: datetime) -> str:
        return self.calendar.move_outside(SALON, uid, starts_at).uid

    async def cancel_outside(self, uid: str) -> None:
        self.calendar.cancel_outside(SALON, uid)

    async def change_hours(self, staff: StaffId, day: str, hours: str) -> None:
        self.calendar.set_hours(SALON, staff, WeeklyHours.parse({day: [hours]}))

    async def down(self) -> None:
        self.calendar.faults = CalendarFaults(down=True)

    async def fail(self) -> None:
        self.calendar.faults = CalendarFaults(error_rate=1)

    async def lose_answers(self) -> None:
        self.calendar.faults = CalendarFaults(lost_rate=1)

    async def limit(self) -> None:
        self.calendar.faults = CalendarFaults(limit_rate=1)

    async def well(self) -> None:
        self.calendar.faults = CalendarFaults()


@dataclass
class CalcomWorld:
    """The gateway and the sandbox behind it."""

    calendar: CalcomGateway
    clock: StandingClock
    directory: Directory
    client: CalcomClient
    base_url: str
    http: httpx.AsyncClient

    @classmethod
    @asynccontextmanager
    async def started(cls, path: Path, directory: Directory, clock: StandingClock) -> AsyncIterator[CalcomWorld]:
        """A running sandbox with the salon's hours."""
        users = tuple(
            SandboxUser(username=name, name=name.title(), email=f"{name}@salon.example", api_key=key)
            for name, key in _KEYS.items()
        )
        running = await start_sandbox(SandboxConfig(path, users, rate_limit_per_minute=10_000), clock.now)
        async with httpx.AsyncClient() as http:
            client = CalcomClient(running.base_url, http, clock=clock, patience=_PATIENT)
            gateway = CalcomGateway(client, keys=directory, links=directory, tenants=directory, clock=clock)
            await gateway.push_schedules(directory.tenant.id)
            yield cls(gateway, clock, directory, client, running.base_url, http)
        await running.close()

    async def book_outside(self, staff: StaffId, starts_at: datetime, minutes: int) -> str:
        body = {"username": staff, "start": starts_at.isoformat(), "lengthInMinutes": minutes}
        return str((await self._control("POST", "bookings", body))["uid"])

    async def move_outside(self, uid: str, starts_at: datetime) -> str:
        return str((await self._control("PATCH", f"bookings/{uid}", {"start": starts_at.isoformat()}))["uid"])

    async def cancel_outside(self, uid: str) -> None:
        await self._control("DELETE", f"bookings/{uid}")

    async def change_hours(self, staff: StaffId, day: str, hours: str) -> None:
        key = _KEYS[staff]
        schedule = await self.client.find_default_schedule(key)
        assert schedule is not None
        name = {"tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday"}[day]
        start, end = hours.split("-")
        availability = [{"days": [name], "startTime": start, "endTime": end}]
        await self.client.update_schedule(key, schedule.id, {"availability": availability})

    async def down(self) -> None:
        await self._control("PUT", "faults", {"down": True})

    async def fail(self) -> None:
        await self._control("PUT", "faults", {"error_rate": 1.0})

    async def lose_answers(self) -> None:
        # Somebody has to wait it out.
        self.client._patience = _IMPATIENT
        await self._control("PUT", "faults", {"timeout_after_commit_rate": 1.0})

    async def limit(self) -> None:
        await self._control("PUT", "faults", {"rate_limit": 0})

    async def well(self) -> None:
        self.client._patience = _PATIENT
        await self._control("DELETE", "faults")

    async def _control(self, method: str, what: str, body: Any = None) -> Any:
        response = await self.http.request(method, f"{self.base_url}/_sandbox/{what}", json=body)
        response.raise_for_status()
        return response.json()
