"""The mirror of free time as the rest of the product uses it: answered from memory, filled where it is empty, kept fresh behind.

Own hours, claims and policies are left to whoever asks: this is only what the calendar said, and when.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from booking_core.availability.day_bits import bits_in, day_ticks, pack, part_of
from booking_core.availability.ticks import bits_of
from booking_core.errors import CalendarUnavailable, FermataError, RateLimited
from booking_core.model.ids import StaffId, TenantId, staff_resource
from booking_core.model.interval import Interval, day_interval, days_of
from booking_core.model.tenant import Tenant
from booking_core.ports.calendar import Calendar, FreeTime
from booking_core.ports.clock import Clock
from booking_core.ports.mirror import DayChange, MirrorDay, Versions
from booking_core.ports.unit_of_work import Database, UnitOfWork
from booking_core.services.calendar_health import REFUSALS
from booking_core.services.mirror_memory import MirrorMemory, MirrorView, bounds, first_ticks
from booking_core.services.refresh_plan import DayKey, DueRun, Pace, RefreshPlan, runs_of_days, wanted

SETTLING = timedelta(seconds=5)
"""The calendar answers from a cache for a while and tells of some changes before they are made."""

_LEASE = timedelta(seconds=60)
_ROUND_SECONDS = 45.0
_AT_ONCE = 4
_FIRST_REST = timedelta(seconds=5)
_LONGEST_REST = timedelta(seconds=60)
_REST_AFTER_REFUSAL = timedelta(minutes=5)
_MINUTE = timedelta(minutes=1)
_LONGEST_CHANGE_DAYS = 400


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a round of refreshing did: calls made, and whose reading failed with what."""

    calls: int = 0
    failed: tuple[tuple[StaffId, FermataError], ...] = ()


@dataclass(slots=True)
class _Rest:
    """A staff member whose calendar failed is left alone for a while."""

    until: datetime
    failures: int


@dataclass(slots=True)
class Mirror:
    """The use case. One per process; every process may read, those with a worker also refresh."""

    database: Database
    calendar: Calendar
    clock: Clock
    pace: Pace = field(default_factory=Pace)
    _owner: str = field(default_factory=lambda: secrets.token_hex(8))
    _memory: MirrorMemory = field(init=False)
    _running: dict[tuple[TenantId, StaffId, date], asyncio.Task[None]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    _idle: dict[TenantId, tuple[Tenant, Versions, datetime]] = field(default_factory=dict)
    _rests: dict[tuple[TenantId, StaffId], _Rest] = field(default_factory=dict)
    _calls: dict[tuple[TenantId, StaffId], list[datetime]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._memory = MirrorMemory(self.pace.near_days)

    async def close(self) -> None:
        """Stop what runs behind; the database may be closed afterwards."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def read(
        self, tenant: Tenant, staff: Sequence[StaffId], span: Interval, *, deadline: float, partial: bool = False
    ) -> MirrorView:
        """Free time over the span: what the mirror has, at once; days that were never read within ``deadline`` seconds.

        Raises CalendarUnavailable where days stay unknown; with ``partial`` only where everything does.
        """
        error: BaseException | None = None
        until = asyncio.get_running_loop().time() + deadline
        # A change that is told while a day is being read for the first time makes that reading void; the second one stands.
        for attempt in range(3):
            async with self.database.read() as work:
                view = await self.look(work, tenant, staff, span)
            left = until - asyncio.get_running_loop().time()
            if view.complete or error is not None or attempt == 2 or left <= 0:
                break
            error = await self._fetch_missing(tenant, view.missing, left)
        if view.complete or (partial and view.fresh_at is not None):
            return view
        if isinstance(error, CalendarUnavailable):
            raise error
        raise CalendarUnavailable("free time was never read and cannot be read now") from error

    async def look(self, work: UnitOfWork, tenant: Tenant, staff: Sequence[StaffId], span: Interval) -> MirrorView:
        """What the mirror has, within the caller's unit of work: never waits for the calendar.

        One indexed read while nothing has changed. Near days older than a minute are queued to be read anew behind the answer.
        """
        view, stale = await self._memory.look(
            work,
            tenant,
            staff,
            span,
            today=self._today(tenant),
            stale_before=self.clock.real() - self.pace.fresh,
        )
        if stale:
            self._spawn(self._ask(tenant.id, stale))
        return view

    async def invalidate(
        self, tenant: Tenant, staff: StaffId, interval: Interval, *, freed: bool, settling: timedelta = SETTLING
    ) -> None:
        """The calendar tells of a change: taken time is busy at once, freed time shows after a reading begun ``settling`` later."""
        await self._change(tenant, staff, interval, busy=not freed, settling=settling)

    async def give_back(self, tenant: Tenant, staff: StaffId, interval: Interval) -> None:
        """The calendar has confirmed that an own entry is gone: its time is free at once, and looked at again a moment later."""
        await self._change(tenant, staff, interval, free=True)

    async def refuse(self, tenant: Tenant, staff: StaffId, interval: Interval, *, deadline: float) -> None:
        """The calendar would not take an entry here although it seemed free: look again at those days, at once and a moment later.

        The refused ticks stay busy until the later look says otherwise. An unreachable calendar changes nothing about that.
        """
        await self._change(tenant, staff, interval, busy=True, settling=timedelta(0))
        first, last = bounds(interval, tenant.zone)
        await self.reread(tenant, [staff], first, last, deadline=deadline)
        await self._change(tenant, staff, interval, busy=True)

    async def reread(
        self, tenant: Tenant, staff: Iterable[StaffId], first: date, last: date, *, deadline: float
    ) -> tuple[tuple[StaffId, BaseException], ...]:
        """Read whole days anew, both ends included, for at most ``deadline`` seconds; who could not be read, and why."""
        runs = runs_of_days(
            (first + timedelta(days=ahead) for ahead in range((last - first).days + 1)),
            longest=self.pace.longest_run,
        )
        tasks = {self._start(tenant, member, begin, end): member for member in staff for begin, end in runs}
        return await _outcomes(tasks, deadline)

    async def refresh(self, tenant: Tenant) -> Refreshed:
        """One round of the worker's duty: read what is due, under the tenant's lease. One indexed read while nothing is."""
        real = self.clock.real()
        known = self._idle.get(tenant.id)
        async with self.database.read() as work:
            versions = await work.mirror.versions(tenant.id)
            unchanged = (
                known is not None
                and known[0] is tenant
                and ((known[1].mirror, known[1].asked) == (versions.mirror, versions.asked))
            )
            if unchanged and known is not None and real < known[2]:
                return Refreshed()
            plan = await self._plan(work, tenant, real)
        if not plan.runs:
            self._idle[tenant.id] = (tenant, versions, plan.next_at)
            return Refreshed()
        self._idle.pop(tenant.id, None)
        async with self.database.write() as work:
            if not await work.mirror.lease(tenant.id, self._owner, now=real, until=real + _LEASE):
                return Refreshed()
        try:
            return await self._carry_out(tenant, plan)
        finally:
            async with self.database.write() as work:
                await work.mirror.give_back(tenant.id, self._owner)

    async def _plan(self, work: UnitOfWork, tenant: Tenant, real: datetime) -> RefreshPlan:
        today = self._today(tenant)
        awake: list[StaffId] = []
        rests_end: list[datetime] = []
        for member in tenant.staff:
            rest = self._rests.get((tenant.id, member.id))
            if rest is None or rest.until <= real:
                awake.append(member.id)
            else:
                rests_end.append(rest.until)
        # Tomorrow's horizon is a day further; the last day of today's may begin after its start.
        horizon = tenant.policies.horizon_days + 1
        by_resource = {staff_resource(member): member for member in awake}
        rows = await work.mirror.days(tenant.id, list(by_resource), today, today + timedelta(days=horizon))
        starts = first_ticks(today, today + timedelta(days=horizon), tenant.zone)
        plan = wanted(
            {
                (by_resource[row.resource], row.local_date): row
                for row in rows
                if row.first_tick == starts[row.local_date]
            },
            awake,
            today=today,
            horizon_days=horizon,
            real=real,
            reading=await work.mirror.reading(tenant.id),
            pace=self.pace,
            recent_calls={member: self._recent_calls(tenant.id, member, real) for member in awake},
        )
        return replace(plan, next_at=min([plan.next_at, *rests_end]))

    async def _carry_out(self, tenant: Tenant, plan: RefreshPlan) -> Refreshed:
        """Make the planned calls, a few at once; after a 429 no further one."""
        waiting = list(reversed(plan.runs))
        calls = 0
        failed: list[tuple[StaffId, FermataError]] = []

        async def one_after_the_other() -> None:
            nonlocal calls
            while waiting:
                run = waiting.pop()
                calls += 1
                error = await self._refresh_run(tenant, run)
                if error is not None:
                    failed.append((run.staff, error))
                if isinstance(error, RateLimited):
                    waiting.clear()

        try:
            async with asyncio.timeout(_ROUND_SECONDS):
                await asyncio.gather(*(one_after_the_other() for _ in range(_AT_ONCE)))
        except TimeoutError:
            # What is under way goes on by itself; the rest is due in the next round.
            waiting.clear()
        return Refreshed(calls, tuple(failed))

    async def _refresh_run(self, tenant: Tenant, run: DueRun) -> FermataError | None:
        key = (tenant.id, run.staff)
        try:
            await asyncio.shield(self._start(tenant, run.staff, run.first, run.last))
        except FermataError as error:
            failures = self._rests[key].failures + 1 if key in self._rests else 1
            rest = min(_FIRST_REST * 2 ** min(failures - 1, 10), _LONGEST_REST)
            if isinstance(error, REFUSALS):
                rest = _REST_AFTER_REFUSAL
            self._rests[key] = _Rest(self.clock.real() + rest, failures)
            return error
        self._rests.pop(key, None)
        return None

    async def _fetch_missing(
        self, tenant: Tenant, missing: Mapping[StaffId, Sequence[date]], deadline: float
    ) -> BaseException | None:
        """Read days for the first time; the first error, if any. Days that somebody reads already are waited for."""
        tasks: dict[asyncio.Task[None], StaffId] = {}
        for member, days in missing.items():
            running = {day: self._running.get((tenant.id, member, day)) for day in days}
            tasks |= {task: member for task in running.values() if task is not None}
            unread = [day for day, task in running.items() if task is None]
            for first, last in runs_of_days(unread, longest=self.pace.longest_run):
                tasks[self._start(tenant, member, first, last)] = member
        failed = await _outcomes(tasks, deadline)
        return failed[0][1] if failed else None

    def _start(self, tenant: Tenant, staff: StaffId, first: date, last: date) -> asyncio.Task[None]:
        """Begin one call for these days; it goes on when its caller gives up."""
        task = self._spawn(self._read_days(tenant, staff, first, last))
        keys = [(tenant.id, staff, first + timedelta(days=ahead)) for ahead in range((last - first).days + 1)]
        self._running.update(dict.fromkeys(keys, task))

        def finished(ended: asyncio.Task[None]) -> None:
            for key in keys:
                if self._running.get(key) is ended:
                    del self._running[key]

        task.add_done_callback(finished)
        return task

    async def _read_days(self, tenant: Tenant, staff: StaffId, first: date, last: date) -> None:
        zone = tenant.zone
        asked = Interval(day_interval(first, zone).starts_at, day_interval(last, zone).ends_at)
        async with self.database.read() as work:
            paused_until = (await work.mirror.reading(tenant.id)).paused_until
        real = self.clock.real()
        if paused_until is not None and paused_until > real:
            raise RateLimited(retry_after=(paused_until - real).total_seconds())
        self._recent_calls(tenant.id, staff, real)
        self._calls[tenant.id, staff].append(real)
        try:
            read = await self.calendar.read_free_time(tenant.id, staff, asked)
        except FermataError as error:
            async with self.database.write() as work:
                await work.mirror.count_call(tenant.id, on=real.astimezone(UTC).date())
                if isinstance(error, RateLimited):
                    await work.mirror.pause(
                        tenant.id, until=self.clock.real() + timedelta(seconds=error.retry_after)
                    )
            raise
        days = whole_days(read, zone)
        async with self.database.write() as work:
            await work.mirror.put(tenant.id, days)
            await work.mirror.count_call(tenant.id, on=real.astimezone(UTC).date())

    async def _change(
        self,
        tenant: Tenant,
        staff: StaffId,
        interval: Interval,
        *,
        busy: bool = False,
        free: bool = False,
        settling: timedelta = SETTLING,
    ) -> None:
        today = self._today(tenant)
        earliest, latest = today - timedelta(days=1), today + timedelta(days=_LONGEST_CHANGE_DAYS)
        if interval.ends_at < day_interval(earliest, tenant.zone).starts_at:
            return
        if interval.starts_at >= day_interval(latest, tenant.zone).starts_at:
            return
        changes: list[DayChange] = []
        first, last = bounds(interval, tenant.zone)
        for ahead in range((min(last, latest) - max(first, earliest)).days + 1):
            day = max(first, earliest) + timedelta(days=ahead)
            ticks = day_ticks(day, tenant.zone)
            bits = bits_in(interval, ticks)
            changes.append(
                DayChange(
                    staff_resource(staff), day, ticks.start, busy=bits if busy else 0, free=bits if free else 0
                )
            )
        real = self.clock.real()
        async with self.database.write() as work:
            await work.mirror.change(tenant.id, changes, now=real, believed_from=real + settling)

    async def _ask(self, tenant: TenantId, days: Sequence[DayKey]) -> None:
        """Note that these days are wanted newer."""
        real = self.clock.real()
        async with self.database.write() as work:
            await work.mirror.ask(tenant, [(staff_resource(member), day) for member, day in days], now=real)

    def _today(self, tenant: Tenant) -> date:
        return self.clock.now().astimezone(tenant.zone).date()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)

        def finished(ended: asyncio.Task[None]) -> None:
            self._tasks.discard(ended)
            if not ended.cancelled():
                # Whoever waits is told; where nobody does any more, the next reading fails or does not.
                ended.exception()

        task.add_done_callback(finished)
        return task

    def _recent_calls(self, tenant: TenantId, staff: StaffId, real: datetime) -> int:
        """Calls of the last minute; older ones are forgotten."""
        calls = [at for at in self._calls.get((tenant, staff), ()) if at > real - _MINUTE]
        self._calls[tenant, staff] = calls
        return len(calls)


def whole_days(read: FreeTime, zone: ZoneInfo) -> list[MirrorDay]:
    """The local days that lie wholly inside what was asked; nothing is known of the others."""
    base = read.asked.ticks().start
    bits = bits_of(read.ticks, base)
    days: list[MirrorDay] = []
    for day in days_of(read.asked, zone):
        whole = day_interval(day, zone)
        if whole.starts_at < read.asked.starts_at or whole.ends_at > read.asked.ends_at:
            continue
        ticks = whole.ticks()
        packed = pack(part_of(bits, base, ticks), len(ticks))
        days.append(MirrorDay(staff_resource(read.staff), day, ticks.start, packed, read.read_at))
    return days


async def _outcomes(
    tasks: Mapping[asyncio.Task[None], StaffId], deadline: float
) -> tuple[tuple[StaffId, BaseException], ...]:
    """Wait for tasks without ending them; who failed or is not done in time."""
    if not tasks:
        return ()
    done, waiting = await asyncio.wait(tasks, timeout=max(deadline, 0))
    failed: list[tuple[StaffId, BaseException]] = []
    for task in done:
        if task.cancelled():
            failed.append((tasks[task], CalendarUnavailable("stopped")))
        elif (error := task.exception()) is not None:
            failed.append((tasks[task], error))
    failed += [(tasks[task], CalendarUnavailable("no answer within the deadline")) for task in waiting]
    return tuple(failed)
