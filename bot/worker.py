"""Background work: the outbox, and changes that a lost answer or a dead process left open."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from booking_core.errors import CalendarUnavailable, FermataError, Refused, Upstream
from booking_core.ports.clock import Clock
from booking_core.ports.outbox import OutboxItem
from booking_core.ports.unit_of_work import Database
from booking_core.services.mirror import Mirror
from booking_core.services.saga import Ended, SagaRunner
from booking_core.services.tenants import TenantDirectory

DUE_AT_ONCE = 20
# Longer than a relay may take; after the death of a process its row waits so long.
LEASE = timedelta(seconds=30)
ATTEMPTS = 12
_FIRST_RETRY = timedelta(seconds=5)
_LONGEST_RETRY = timedelta(hours=1)
_TIDY_EVERY = 600.0
_LAST_ROUND_SECONDS = 2.0

Duty = Callable[[], Awaitable[None]]


class Handler(Protocol):
    """Does one kind of outbox work. Raises Refused for work that can never succeed, any other error for another try."""

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

    async def sweep(self) -> None:
        """Work off whatever is due in the outbox."""
        while True:
            now, real = self.clock.now(), self.clock.real()
            async with self.database.write() as work:
                # One at a time: a row that waits for its turn in a dead process would wait for the lease as well.
                items = await work.outbox.lease(now=now, real=real, until=real + LEASE, limit=1)
            if not items:
                return
            await self._do(items[0])

    async def settle(self) -> None:
        """Finish or undo changes that were left open; what cannot be settled now waits for its next time."""
        for tenant_id, saga in await self.sagas.list_due(DUE_AT_ONCE):
            try:
                progress = await self.sagas.resume(await self.tenants.tenant_of(tenant_id), saga)
            except FermataError as error:
                _log().warning("settle_failed", tenant=tenant_id, saga=saga, code=error.code)
                continue
            if isinstance(progress, Ended):
                booking = progress.booking
                _log().info("settled", booking=booking.reference, status=booking.status.value, back=progress.back)
                self.on_settled(booking.status.value)

    async def depth(self) -> int:
        """How many outbox rows wait to be done."""
        async with self.database.read() as work:
            return await work.outbox.depth()

    async def refresh(self) -> None:
        """Let the mirror of every tenant read what is due."""
        async with self.database.read() as work:
            ids = await work.tenants.list_ids()
        for tenant_id in ids:
            try:
                refreshed = await self.mirror.refresh(await self.tenants.tenant_of(tenant_id))
            except FermataError as error:
                _log().warning("mirror_not_refreshed", tenant=tenant_id, code=error.code)
                continue
            for staff, trouble in refreshed.failed:
                # A slow calendar is news of the day; one that refuses stays unread until somebody mends it.
                tell = _log().warning if isinstance(trouble, CalendarUnavailable) else _log().error
                tell("mirror_not_read", tenant=tenant_id, staff=staff, code=trouble.code)

    async def tidy(self) -> None:
        """Delete expired holds and answers kept for repetitions."""
        await self.clean_up(self.clock.now())

    async def run(self, *, every: float, stop: asyncio.Event) -> None:
        """Do all duties again and again (``every`` seconds) until told to stop; an error costs one round only."""
        # On its own, so that no mail waits for a slow calendar.
        refreshing = asyncio.create_task(self._rounds([self.refresh], every=every, stop=stop))
        try:
            await self._rounds([self.sweep, self.settle], every=every, stop=stop, seldom=self.tidy)
            await asyncio.wait({refreshing}, timeout=_LAST_ROUND_SECONDS)
        finally:
            refreshing.cancel()
            await asyncio.gather(refreshing, return_exceptions=True)

    async def _rounds(
        self, duties: Sequence[Duty], *, every: float, stop: asyncio.Event, seldom: Duty | None = None
    ) -> None:
        """One round every ``every`` seconds; ``seldom`` is done at first and then every ten minutes."""
        rounds = 0
        while not stop.is_set():
            now_too = seldom is not None and rounds % max(1, round(_TIDY_EVERY / every)) == 0
            for duty in (*duties, *((seldom,) if seldom is not None and now_too else ())):
                try:
                    await duty()
                except Exception as error:
                    name = getattr(duty, "__name__", "duty")
                    _log().error("worker_failed", duty=name, error=type(error).__name__, exc_info=error)
            rounds += 1
            try:
                async with asyncio.timeout(every):
                    await stop.wait()
            except TimeoutError:
                continue

    async def _do(self, item: OutboxItem) -> None:
        handler = self.handlers.get(item.kind)
        error: Exception | None = None
        try:
            if handler is None:
                raise Refused(f"nobody handles {item.kind}", status=0)
            await handler(item)
        except Exception as trouble:
            error = trouble
        now = self.clock.now()
        async with self.database.write() as work:
            if error is None:
                await work.outbox.done(item.id, now=now)
            elif isinstance(error, Refused) or item.attempts >= ATTEMPTS:
                await work.outbox.bury(item.id, now=now, error=type(error).__name__)
            else:
                await work.outbox.retry(item.id, due_at=next_try(now, item.attempts), error=type(error).__name__)
        if error is not None:
            final = isinstance(error, Refused) or item.attempts >= ATTEMPTS
            _log().warning(
                "outbox_failed",
                item=item.id,
                kind=item.kind,
                attempt=item.attempts,
                final=final,
                error=type(error).__name__,
                exc_info=None if isinstance(error, Upstream) else error,
            )


def next_try(now: datetime, attempts: int) -> datetime:
    """Doubling waits from five seconds up to an hour."""
    wait: timedelta = min(_FIRST_RETRY * 2 ** max(attempts - 1, 0), _LONGEST_RETRY)
    return now + wait


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)
    return logger
