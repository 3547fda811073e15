"""Background work: the outbox, changes that a lost answer or a dead process left open, and calls that staff forget."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from booking_core.errors import FermataError, Refused, Upstream
from booking_core.model.callback import Callback
from booking_core.model.ids import TenantId
from booking_core.ports.clock import Clock
from booking_core.ports.outbox import OutboxItem
from booking_core.ports.unit_of_work import Database
from booking_core.services.mirror import Mirror
from booking_core.services.notices import CHECK
from booking_core.services.saga import SagaRunner
from booking_core.services.saga_progress import Ended
from booking_core.services.tenants import TenantDirectory
from bot.troubles import Troubles, tell_failed

DUE_AT_ONCE = 20
SETTLED_AT_ONCE = 5
# After the death of a process its row waits so long.
LEASE = timedelta(seconds=30)
# Shorter than a lease, with time to write down what came of it: nobody else shall take a row that is being worked on.
HANDLING_SECONDS = 25.0
_FIRST_RETRY = timedelta(seconds=5)
_LONGEST_RETRY = timedelta(hours=1)
# A tenant, booking or journal that cannot be read has to be mended by somebody.
_UNREADABLE_RETRY = timedelta(minutes=1)
_TIDY_EVERY = 600.0
_REMIND_EVERY = 60.0
_REMINDED_AGAIN = timedelta(hours=1)
_LAST_ROUND_SECONDS = 2.0
# What asks the calendar, and so may have to wait for it.
_ASKING = frozenset({CHECK})

Duty = Callable[[], Awaitable[None]]


class Handler(Protocol):
    """Does one kind of outbox work. Raises Refused for work that can never succeed, any other error for another try.

    It is broken off after ``HANDLING_SECONDS`` and tried again later.
    """

    async def __call__(self, item: OutboxItem) -> None: ...


@dataclass(frozen=True, slots=True)
class Worker:
    """Takes rows by lease, so several workers may run beside each other and a dead one's rows come back."""

    database: Database
    clock: Clock
    tenants: TenantDirectory
    sagas: SagaRunner
    handlers: Mapping[str, Handler]
    on_settled: Callable[[str], None]
    clean_up: Callable[[datetime], Awaitable[None]]
    """Deletes what ran out long ago, given business time."""
    mirror: Mirror
    _reminded: dict[tuple[TenantId, str], datetime] = field(default_factory=dict)
    """When staff were last told of a call, in real time."""
    _troubles: Troubles = field(default_factory=Troubles)

    async def sweep(self) -> None:
        """Work off whatever is due in the outbox."""
        await self._work_off(self.handlers.keys())

    async def send(self) -> None:
        """Work off what is due in the outbox and needs no calendar: mails and messages."""
        await self._work_off(self.handlers.keys() - _ASKING)

    async def settle(self) -> None:
        """Finish or undo changes that were left open, a few side by side; what cannot be settled now waits for its next time."""
        turn = asyncio.Semaphore(SETTLED_AT_ONCE)

        async def in_turn(tenant: TenantId, saga: str) -> None:
            async with turn:
                await self._settle(tenant, saga)

        await asyncio.gather(*(in_turn(*due) for due in await self.sagas.list_due(DUE_AT_ONCE)))

    async def depth(self) -> int:
        """How many outbox rows wait to be done."""
        async with self.database.read() as work:
            return await work.outbox.depth()

    async def open_callbacks(self) -> int:
        """How many guests wait for a call."""
        async with self.database.read() as work:
            return await work.callbacks.count_open()

    async def refresh(self) -> None:
        """Let the mirror of every tenant read what is due."""
        async with self.database.read() as work:
            ids = await work.tenants.list_ids()
        for tenant_id in ids:
            try:
                await self._refresh(tenant_id)
            except Exception as error:
                self._troubles.begins("mirror_not_refreshed", tenant_id, error, self.clock.real())
            else:
                self._troubles.ends("mirror_not_refreshed", "mirror_refreshed_again", tenant_id)

    async def tidy(self) -> None:
        """Delete what ran out, and what was over long ago."""
        await self.clean_up(self.clock.now())

    async def remind(self) -> None:
        """Tell operators of guests who wait for a call: once of each, and once an hour of those whose deadline has passed."""
        now, real = self.clock.now(), self.clock.real()
        async with self.database.read() as work:
            ids = await work.tenants.list_ids()
        waiting: dict[tuple[TenantId, str], Callback] = {}
        unread: set[TenantId] = set()
        for tenant_id in ids:
            try:
                async with self.database.read() as work:
                    found = await work.callbacks.list_open(tenant_id)
            except Exception as error:
                unread.add(tenant_id)
                self._troubles.begins("callbacks_not_read", tenant_id, error, real)
            else:
                waiting |= {(tenant_id, it.key): it for it in found}
                self._troubles.ends("callbacks_not_read", "callbacks_read_again", tenant_id)
        for key in self._reminded.keys() - waiting.keys():
            if key[0] not in unread:
                del self._reminded[key]
        for key, callback in waiting.items():
            told, overdue = self._reminded.get(key), callback.deadline <= now
            if told is None or (overdue and told + _REMINDED_AGAIN <= real):
                self._reminded[key] = real
                _log().error(
                    "callback_open",
                    tenant=callback.tenant,
                    booking=callback.booking,
                    reason=callback.reason.value,
                    deadline=callback.deadline.isoformat(),
                    overdue=overdue,
                )

    async def run(self, *, every: float, stop: asyncio.Event) -> None:
        """Do all duties again and again until told to stop, most of them every ``every`` seconds.

        Each goes its own rounds, as does each kind of work in the outbox, so that no mail waits for a silent calendar and no
        message for a silent mail relay. An error costs one round of one duty only.
        """

        def rounds(name: str, duty: Duty, every: float = every) -> asyncio.Task[None]:
            return asyncio.create_task(self._rounds(name, duty, every=every, stop=stop))

        outbox = {kind: rounds(kind, partial(self._work_off, (kind,))) for kind in sorted(self.handlers)}
        finished = [rounds("settle", self.settle), *(outbox[kind] for kind in outbox if kind not in _ASKING)]
        broken_off = [
            rounds("refresh", self.refresh),
            rounds("tidy", self.tidy, _TIDY_EVERY),
            rounds("remind", self.remind, _REMIND_EVERY),
            *(outbox[kind] for kind in outbox if kind in _ASKING),
        ]
        try:
            await asyncio.wait(finished)
            await asyncio.wait(broken_off, timeout=_LAST_ROUND_SECONDS)
        finally:
            for task in (*finished, *broken_off):
                task.cancel()
            await asyncio.gather(*finished, *broken_off, return_exceptions=True)

    async def _rounds(self, name: str, duty: Duty, *, every: float, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await duty()
            except Exception as error:
                _log().error("worker_failed", duty=name, error=type(error).__name__, exc_info=error)
            try:
                async with asyncio.timeout(every):
                    await stop.wait()
            except TimeoutError:
                continue

    async def _refresh(self, tenant_id: TenantId) -> None:
        tenant = await self.tenants.tenant_of(tenant_id)
        refreshed = await self.mirror.refresh(tenant)
        self._troubles.mirror_not_read(tenant_id, refreshed.failed, self.clock.real())
        if not (unread := self._troubles.unread(tenant_id)):
            return
        today = self.clock.now().astimezone(tenant.zone).date()
        last = today + timedelta(days=tenant.policies.horizon_days + 1)
        async with self.database.read() as work:
            days = await work.mirror.days(tenant_id, list(unread), today, last)
        self._troubles.mirror_read(tenant_id, days)

    async def _settle(self, tenant_id: TenantId, saga: str) -> None:
        try:
            progress = await self.sagas.resume(await self.tenants.tenant_of(tenant_id), saga)
        except Exception as error:
            tell_failed("settle_failed", error, tenant=tenant_id, saga=saga)
            # What failed under its lease rests already.
            with suppress(FermataError):
                await self.sagas.postpone(
                    tenant_id, saga, _FIRST_RETRY if isinstance(error, Upstream) else _UNREADABLE_RETRY
                )
        else:
            if isinstance(progress, Ended):
                booking = progress.booking
                _log().info("settled", booking=booking.reference, status=booking.status.value, back=progress.back)
                self.on_settled(booking.status.value)

    async def _work_off(self, kinds: Collection[str]) -> None:
        """One row after the other; what nobody handles here waits for somebody who does."""
        while True:
            now, real = self.clock.now(), self.clock.real()
            async with self.database.write() as work:
                # One at a time: a row that waits for its turn in a dead process would wait for the lease as well.
                items = await work.outbox.lease(now=now, real=real, until=real + LEASE, limit=1, kinds=kinds)
            if not items:
                return
            await self._do(items[0])

    async def _do(self, item: OutboxItem) -> None:
        error: Exception | None = None
        try:
            async with asyncio.timeout(HANDLING_SECONDS):
                await self.handlers[item.kind](item)
        except Exception as trouble:
            error = trouble
        now, final = self.clock.now(), isinstance(error, Refused)
        async with self.database.write() as work:
            if error is None:
                await work.outbox.done(item, now=now)
            elif final:
                await work.outbox.bury(item, now=now, error=type(error).__name__)
            else:
                await work.outbox.retry(item, due_at=next_try(now, item.attempts), error=type(error).__name__)
        if error is not None:
            tell = _log().error if final else _log().warning
            tell(
                "outbox_failed",
                item=item.id,
                kind=item.kind,
                attempt=item.attempts,
                final=final,
                error=type(error).__name__,
                exc_info=None if isinstance(error, (Upstream, TimeoutError)) else error,
            )


def next_try(now: datetime, attempts: int) -> datetime:
    """Doubling waits from five seconds up to an hour."""
    wait: timedelta = min(_FIRST_RETRY * 2 ** min(max(attempts - 1, 0), 10), _LONGEST_RETRY)
    return now + wait


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)
    return logger
