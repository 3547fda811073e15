"""Doubles of the two ports through which a change leaves the process; they count every crossing and let a fate strike there."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from booking_core.errors import CalendarUnavailable, Refused
from booking_core.model.ids import StaffId, TenantId
from booking_core.model.interval import Interval
from booking_core.ports.calendar import Calendar, Entry, EntryRequest, EventTypeReport, FreeTime
from booking_core.ports.unit_of_work import Database, UnitOfWork

COMMIT = "commit"
_Answer = TypeVar("_Answer")


class Moment(StrEnum):
    """When fate strikes: before the call leaves (or the transaction commits), or after it."""

    BEFORE = "before"
    AFTER = "after"


class Fate(Protocol):
    """What happens at a crossing; numbers count from one, in the order of arrival."""

    def strike(self, number: int, name: str, moment: Moment) -> None: ...


@dataclass(frozen=True, slots=True)
class Kill:
    """``kill -9`` of the own process at one crossing."""

    number: int
    moment: Moment

    def strike(self, number: int, name: str, moment: Moment) -> None:
        """Never returns where it strikes."""
        if (number, moment) == (self.number, self.moment):
            os.kill(os.getpid(), signal.SIGKILL)


class Silence(StrEnum):
    """How an answer gets lost on its way back."""

    BROKEN_OFF = "broken off"
    TIMED_OUT = "timed out"


@dataclass(frozen=True, slots=True)
class Lose:
    """The answer of one calendar call does not arrive, though the calendar has done what was asked."""

    number: int
    silence: Silence

    def strike(self, number: int, name: str, moment: Moment) -> None:
        """Raises what the client of a calendar sees of it."""
        if (number, moment) == (self.number, Moment.AFTER) and name != COMMIT:
            if self.silence is Silence.TIMED_OUT:
                raise TimeoutError
            raise CalendarUnavailable("the connection broke off", sent=True)


@dataclass(frozen=True, slots=True)
class Nothing:
    """All goes well."""

    def strike(self, number: int, name: str, moment: Moment) -> None:
        """Never strikes."""


@dataclass(slots=True)
class Crossings:
    """Every calendar call and every commit of one process, in order."""

    fate: Fate = field(default_factory=Nothing)
    names: list[str] = field(default_factory=list)

    def begin(self, fate: Fate) -> None:
        """Count anew, with another fate."""
        self.fate = fate
        self.names.clear()

    def arrive(self, name: str) -> int:
        """About to cross; the number of this crossing."""
        self.names.append(name)
        number = len(self.names)
        self.fate.strike(number, name, Moment.BEFORE)
        return number

    def leave(self, number: int, name: str) -> None:
        """Crossed, and the answer is there."""
        self.fate.strike(number, name, Moment.AFTER)


@dataclass(frozen=True, slots=True)
class CountingDatabase:
    """Implements ``booking_core.ports.unit_of_work.Database``; the crossing is the commit of what may write."""

    database: Database
    crossings: Crossings

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """A transaction that may write."""
        async with self.database.write() as work:
            yield work
            number = self.crossings.arrive(COMMIT)
        self.crossings.leave(number, COMMIT)

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Reading leaves nothing behind and is not counted."""
        return self.database.read()

    async def ping(self) -> None:
        """As the database itself."""
        await self.database.ping()


@dataclass(frozen=True, slots=True)
class CountingCalendar:
    """Implements ``booking_core.ports.calendar.Calendar``; every call is a crossing."""

    calendar: Calendar
    crossings: Crossings

    async def read_free_time(self, tenant: TenantId, staff: StaffId, asked: Interval) -> FreeTime:
        """A crossing."""
        return await self._cross("read_free_time", lambda: self.calendar.read_free_time(tenant, staff, asked))

    async def create_entry(self, request: EntryRequest) -> Entry:
        """A crossing."""
        return await self._cross("create_entry", lambda: self.calendar.create_entry(request))

    async def find_entry(
        self, tenant: TenantId, staff: StaffId, alias: str, reference: str, near: Interval
    ) -> Entry | None:
        """A crossing."""
        return await self._cross(
            "find_entry", lambda: self.calendar.find_entry(tenant, staff, alias, reference, near)
        )

    async def get_entry(self, tenant: TenantId, staff: StaffId, uid: str) -> Entry | None:
        """A crossing."""
        return await self._cross("get_entry", lambda: self.calendar.get_entry(tenant, staff, uid))

    async def list_entries(self, tenant: TenantId, staff: StaffId, window: Interval) -> Sequence[Entry]:
        """A crossing."""
        return await self._cross("list_entries", lambda: self.calendar.list_entries(tenant, staff, window))

    async def move_entry(
        self, tenant: TenantId, staff: StaffId, uid: str, starts_at: datetime, reason: str
    ) -> Entry:
        """A crossing."""
        return await self._cross(
            "move_entry", lambda: self.calendar.move_entry(tenant, staff, uid, starts_at, reason)
        )

    async def cancel_entry(self, tenant: TenantId, staff: StaffId, uid: str, reason: str) -> None:
        """A crossing."""
        await self._cross("cancel_entry", lambda: self.calendar.cancel_entry(tenant, staff, uid, reason))

    async def push_event_types(self, tenant: TenantId, *, dry_run: bool = False) -> EventTypeReport:
        """A crossing."""
        return await self._cross(
            "push_event_types", lambda: self.calendar.push_event_types(tenant, dry_run=dry_run)
        )

    async def ping(self) -> None:
        """A crossing."""
        await self._cross("ping", self.calendar.ping)

    async def _cross(self, name: str, call: Callable[[], Awaitable[_Answer]]) -> _Answer:
        number = self.crossings.arrive(name)
        try:
            answer = await call()
        except Refused:
            # A no is an answer, too.
            self.crossings.leave(number, name)
            raise
        self.crossings.leave(number, name)
        return answer


class IndulgentClaims:
    """A guard that lets everybody pass: it refuses no claim and keeps none."""

    def __init__(self, claims: Any) -> None:
        self._claims = claims

    def __getattr__(self, name: str) -> Any:
        return self._pass if name in {"hold", "commit", "claim"} else getattr(self._claims, name)

    async def _pass(self, *_: object, **__: object) -> None:
        return None


class _IndulgentWork:
    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self.claims = IndulgentClaims(work.claims)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)


@dataclass(frozen=True, slots=True)
class UnguardedDatabase:
    """A database whose claims prove nothing: what a broken guard would be like."""

    database: Database

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Any]:
        """A transaction with an indulgent guard."""
        async with self.database.write() as work:
            yield _IndulgentWork(work)

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """As the database itself."""
        return self.database.read()

    async def ping(self) -> None:
        """As the database itself."""
        await self.database.ping()
