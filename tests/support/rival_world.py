"""Where rivals meet: a database, the sandbox over HTTP, and an audit of what our books and the calendar say afterwards."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import ResourceId, StaffId
from booking_core.model.interval import Interval
from booking_core.services.booking import UNSETTLED
from integrations.calcom.sandbox import Hours, SandboxConfig, SandboxUser, start_sandbox
from tests.support.full_ticks import full_ticks
from tests.support.rival_salon import ANNA, BEN, DOCUMENT, NOW, RESOURCES, TENANT, start_of
from tests.support.rival_services import Rival, Setting, open_rival

_EVERY_DAY = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_GATHERING_SECONDS = 60.0
_LONG_AFTER = timedelta(hours=1)
_SETTLING_ROUNDS = 20


class Gap:
    """The moment between Cal.com's check and its write, in which the real one lets overlaps through.

    ``together`` makes everybody wait there until so many have come; then they write one after the other, all having found the time
    free.
    """

    def __init__(self) -> None:
        self._meeting: asyncio.Barrier | None = None

    def together(self, count: int) -> None:
        """From now on let people pass in groups of so many; 0 lets everybody pass."""
        self._meeting = asyncio.Barrier(count) if count else None

    @property
    def waiting(self) -> int:
        """How many are there and wait for others."""
        return self._meeting.n_waiting if self._meeting is not None else 0

    async def __call__(self) -> None:
        """Wait for the others."""
        if self._meeting is None:
            await asyncio.sleep(0)
            return
        async with asyncio.timeout(_GATHERING_SECONDS):
            await self._meeting.wait()


@dataclass(frozen=True, slots=True)
class Entry:
    """A live entry of the sandbox; ``reference`` None where it is not ours."""

    uid: str
    host: str
    starts_at: datetime
    ends_at: datetime
    reference: str | None


@dataclass(frozen=True, slots=True)
class Books:
    """What stands in our database and in the calendar at one moment."""

    bookings: tuple[Booking, ...]
    claims: Mapping[ResourceId, frozenset[int]]
    entries: tuple[Entry, ...]

    @property
    def confirmed(self) -> list[Booking]:
        """Bookings that stand."""
        return [booking for booking in self.bookings if booking.status is BookingStatus.CONFIRMED]

    def confirmed_in(self, number: int) -> list[Booking]:
        """Bookings that stand in a round."""
        begin, end = start_of(number), start_of(number + 1)
        return [booking for booking in self.confirmed if begin <= booking.starts_at < end]

    def overlaps(self) -> list[str]:
        """Resources that two of our bookings have at the same time."""
        used = Counter(need for booking in self.confirmed for need in booking.plan.needs())
        twice = sorted({resource for (resource, _), count in used.items() if count > 1})
        return [f"{resource} is given to two bookings at once" for resource in twice]

    def disagreements(self) -> list[str]:
        """Where record, claims and calendar do not say the same about our bookings."""
        found = [f"{it.reference} is left as {it.status}" for it in self.bookings if it.status in UNSETTLED]
        recorded = {
            (str(part.uid), str(part.staff), part.starts_at, part.ends_at)
            for booking in self.confirmed
            for part in booking.appointments
        }
        standing = {
            (entry.uid, entry.host, entry.starts_at, entry.ends_at) for entry in self.entries if entry.reference
        }
        found += [f"in the calendar only: {entry}" for entry in sorted(standing - recorded)]
        found += [f"in our record only: {entry}" for entry in sorted(recorded - standing)]
        needed = {need for booking in self.confirmed for need in booking.plan.needs()}
        claimed = {(resource, tick) for resource, ticks in self.claims.items() for tick in ticks}
        if claimed - needed:
            found.append(f"{len(claimed - needed)} ticks are claimed for nobody")
        if needed - claimed:
            found.append(f"{len(needed - claimed)} ticks of bookings are not claimed")
        parts = Counter(entry.reference.split(":")[0] for entry in self.entries if entry.reference)
        found += [f"{hold} has {count} parts" for hold, count in parts.items() if count != 2]
        return found

    def clashes(self) -> list[tuple[Entry, Entry]]:
        """Live entries of one staff member, whoever made them, that overlap."""
        found = []
        for host in (ANNA, BEN):
            mine = sorted((it for it in self.entries if it.host == host), key=lambda it: it.starts_at)
            found += [(a, b) for a, b in pairwise(mine) if b.starts_at < a.ends_at]
        return found


@dataclass(frozen=True, slots=True)
class World:
    """One test's database and calendar, with services of the test's own."""

    setting: Setting
    own: Rival
    gap: Gap
    http: httpx.AsyncClient = field(repr=False)

    def without_claims(self) -> Setting:
        """The setting of a negative control: claims refuse nothing."""
        return replace(self.setting, claims=False)

    async def outside_booking(self, host: StaffId, start: datetime, minutes: int) -> bool:
        """Somebody writes into the calendar itself; False where the same time is there already."""
        return await book_outside(self.http, host, start, minutes)

    async def books(self, rounds: int) -> Books:
        """What stands after so many rounds, once a worker long after has finished what was left open."""
        async with open_rival(self.setting, late=_LONG_AFTER) as later:
            for _ in range(_SETTLING_ROUNDS):
                due = await later.sagas.list_due(100)
                if not due:
                    break
                for _, saga in due:
                    await later.sagas.resume(later.tenant, saga)
        return await self.books_now(rounds)

    async def books_now(self, rounds: int) -> Books:
        """What stands after so many rounds."""
        span = Interval(start_of(0) - timedelta(days=1), start_of(rounds) + timedelta(days=1))
        async with self.own.database.read() as work:
            bookings = await work.bookings.list_between(TENANT, span.starts_at, span.ends_at)
            claims = await full_ticks(work.claims, TENANT, RESOURCES, span, seats={}, now=NOW + _LONG_AFTER)
        answer = await self.http.get("/_sandbox/bookings")
        entries = [_entry(row) for row in answer.json()["bookings"] if row["status"] == "accepted"]
        return Books(tuple(bookings), claims, tuple(entries))


@asynccontextmanager
async def rival_world(database_url: str, folder: Path) -> AsyncIterator[World]:
    """A salon of which nobody has booked anything yet; ``database_url`` is migrated and empty."""
    gap = Gap()
    keys = {staff: f"cal_{secrets.token_hex(16)}" for staff in (ANNA, BEN)}
    users = tuple(
        SandboxUser(
            username=staff,
            name=staff.title(),
            email=f"{staff}@rivals.example",
            api_key=key,
            availability=(Hours(_EVERY_DAY, "06:00", "22:00"),),
        )
        for staff, key in keys.items()
    )
    config = SandboxConfig(folder / "sandbox.db", users, rate_limit_per_minute=1_000_000)
    sandbox = await start_sandbox(config, lambda: NOW, gap=gap)
    try:
        setting = Setting(database_url, sandbox.base_url, keys)
        async with (
            httpx.AsyncClient(base_url=sandbox.base_url, timeout=_GATHERING_SECONDS) as http,
            open_rival(setting) as own,
        ):
            async with own.database.write() as work:
                await work.tenants.put(TENANT, DOCUMENT)
            await own.calendar.push_event_types(TENANT)
            yield World(setting, own, gap, http)
    finally:
        await sandbox.close()


async def book_outside(http: httpx.AsyncClient, host: StaffId, start: datetime, minutes: int) -> bool:
    """An outside booking in the sandbox; False where the very same time is there already."""
    body = {"username": host, "start": start.isoformat(), "lengthInMinutes": minutes}
    answer = await http.post("/_sandbox/bookings", json=body)
    assert answer.status_code in {201, 409}, answer.text
    return answer.status_code == 201


def _entry(row: Mapping[str, Any]) -> Entry:
    reference = (row.get("metadata") or {}).get("fermataRef")
    return Entry(
        row["uid"],
        row["hosts"][0]["username"],
        datetime.fromisoformat(row["start"]).astimezone(UTC),
        datetime.fromisoformat(row["end"]).astimezone(UTC),
        reference,
    )
