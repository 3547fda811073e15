"""Sudden death and standstill: a process that may die or be stopped at any await of its database, its calendar or its mail relay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from booking_core.model.ids import StaffId, TenantId
from booking_core.model.interval import Interval
from booking_core.ports.calendar import Calendar, Entry, EntryRequest, EventTypeReport, FreeTime
from booking_core.ports.mailer import Mailer
from booking_core.ports.unit_of_work import Database, UnitOfWork
from bot.simulation.noting import Changes, NotingWork

_Answer = TypeVar("_Answer")


class Killed(BaseException):
    """The process is dead; no handler of its own may catch this."""


class Unreachable(Exception):
    """The process died before it answered, or there is none; what it had done so far may last."""


class Life:
    """One process from its start to its death, with every task that runs in it."""

    def __init__(self) -> None:
        """Alive and in no danger."""
        self.dead = False
        self._steps_left: int | None = None
        self._stopped_until = 0.0
        self._died = asyncio.Event()
        # A dictionary, because it has the same order in every run.
        self._tasks: dict[asyncio.Future[Any], None] = {}

    def do(self, work: Coroutine[Any, Any, _Answer]) -> asyncio.Task[_Answer]:
        """Run something in this process."""
        context = copy_context()
        context.run(_LIFE.set, self)
        return asyncio.get_running_loop().create_task(work, context=context)

    async def ask(self, work: Coroutine[Any, Any, _Answer]) -> _Answer:
        """Have it do something for somebody outside; raises Unreachable where it dies before it has answered."""
        task = self.do(work)
        await asyncio.wait({task})
        if self.dead or task.cancelled():
            raise Unreachable
        return task.result()

    def threaten(self, steps: int | None) -> None:
        """Let it die after passing so many ports, counted from now; None: not at all."""
        self._steps_left = steps

    async def end(self) -> None:
        """Wait for its death."""
        await self._died.wait()

    def stop(self, seconds: float) -> None:
        """Let it stand still: whatever it has written down, it asks nobody for anything before so many seconds are over."""
        self._stopped_until = asyncio.get_running_loop().time() + seconds

    async def go_on(self) -> None:
        """Wait until it is not stopped."""
        if (left := self._stopped_until - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(left)

    def step(self) -> None:
        """Pass a port; raises Killed where the process is dead or dies here."""
        if self.dead:
            raise Killed
        if self._steps_left is not None:
            self._steps_left -= 1
            if self._steps_left <= 0:
                self.die()
                raise Killed

    def die(self) -> None:
        """Stop everything the process does, wherever it is: calls travel on, transactions roll back."""
        self.dead = True
        self._died.set()
        current = asyncio.current_task()
        for task in list(self._tasks):
            if task is not current:
                task.cancel()

    def belongs(self, task: asyncio.Future[Any]) -> None:
        """Take a task in, until it ends."""
        self._tasks[task] = None
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Future[Any]) -> None:
        self._tasks.pop(task, None)
        if self.dead and not task.cancelled():
            # Nobody asks any more how it ended.
            task.exception()


_LIFE: Final[ContextVar[Life | None]] = ContextVar("life", default=None)


def track_lives(loop: asyncio.AbstractEventLoop) -> None:
    """Tell the loop's tasks apart: those that a process starts, and those that these start, die with it."""
    make = loop.get_task_factory()

    def make_task(loop: asyncio.AbstractEventLoop, work: Any, /, **options: Any) -> asyncio.Future[Any]:
        context: Context | None = options.get("context")
        life = _LIFE.get() if context is None else context.get(_LIFE)
        task = make(loop, work, **options) if make is not None else asyncio.Task(work, loop=loop, **options)
        if life is not None:
            life.belongs(task)
        return task

    loop.set_task_factory(make_task)


@dataclass(frozen=True, slots=True)
class MortalDatabase:
    """A database as one process sees it. The process may die before a transaction, in it, before its commit, and after it.

    ``note`` is told of every commit, ``witness`` then looks at what is there.
    """

    database: Database
    life: Life
    note: Callable[[Changes], None]
    witness: Callable[[], Awaitable[None]]

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """A transaction that rolls back where the process dies in it."""
        self.life.step()
        async with self.database.write() as work:
            self.life.step()
            noting = NotingWork(work)
            yield noting
            self.life.step()
        # At once: a process that dies now has committed.
        self.note(noting.changes)
        await self.witness()
        self.life.step()
        await self.life.go_on()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """One snapshot."""
        self.life.step()
        await self.life.go_on()
        async with self.database.read() as work:
            yield work

    async def ping(self) -> None:
        """As the database."""
        await self.database.ping()


@dataclass(frozen=True, slots=True)
class MortalCalendar:
    """The calendar as one process sees it. The process may die before a call, during it, and with the answer in its hands."""

    calendar: Calendar
    life: Life

    async def read_free_time(self, tenant: TenantId, staff: StaffId, asked: Interval) -> FreeTime:
        """As the calendar."""
        self.life.step()
        return await self._pass(self.calendar.read_free_time(tenant, staff, asked))

    async def create_entry(self, request: EntryRequest) -> Entry:
        """As the calendar."""
        self.life.step()
        return await self._pass(self.calendar.create_entry(request))

    async def find_entry(
        self, tenant: TenantId, staff: StaffId, alias: str, reference: str, near: Interval
    ) -> Entry | None:
        """As the calendar."""
        self.life.step()
        return await self._pass(self.calendar.find_entry(tenant, staff, alias, reference, near))

    async def get_entry(self, tenant: TenantId, staff: StaffId, uid: str) -> Entry | None:
        """As the calendar."""
        self.life.step()
        return await self._pass(self.calendar.get_entry(tenant, staff, uid))

    async def list_entries(self, tenant: TenantId, staff: StaffId, window: Interval) -> Sequence[Entry]:
        """As the calendar."""
        self.life.step()
        return await self._pass(self.calendar.list_entries(tenant, staff, window))

    async def move_entry(
        self, tenant: TenantId, staff: StaffId, uid: str, starts_at: datetime, reason: str
    ) -> Entry:
        """As the calendar."""
        self.life.step()
        return await self._pass(self.calendar.move_entry(tenant, staff, uid, starts_at, reason))

    async def cancel_entry(self, tenant: TenantId, staff: StaffId, uid: str, reason: str) -> None:
        """As the calendar."""
        self.life.step()
        await self._pass(self.calendar.cancel_entry(tenant, staff, uid, reason))

    async def push_event_types(self, tenant: TenantId, *, dry_run: bool = False) -> EventTypeReport:
        """As the calendar."""
        self.life.step()
        return await self._pass(self.calendar.push_event_types(tenant, dry_run=dry_run))

    async def ping(self) -> None:
        """As the calendar."""
        await self.calendar.ping()

    async def _pass(self, call: Awaitable[_Answer]) -> _Answer:
        try:
            return await call
        finally:
            self.life.step()


@dataclass(frozen=True, slots=True)
class MortalMailer:
    """The relay as one process sees it. The process may die with the relay's 250 in its hands."""

    mailer: Mailer
    life: Life

    async def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """As the relay."""
        self.life.step()
        await self.mailer.send(message, sender=sender, recipient=recipient)
        self.life.step()

    async def ping(self) -> None:
        """As the relay."""
        await self.mailer.ping()
