"""The port ``Calendar`` in memory: answers as Cal.com does through its gateway, with faults on demand.

Staff members are their tenant's; their hours are those of the tenant's description until ``set_hours`` says otherwise.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, TypeVar

from booking_core.errors import CalendarUnavailable, Misconfigured, RateLimited, Refused
from booking_core.model.hours import WeeklyHours
from booking_core.model.ids import ServiceId, StaffId, TenantId
from booking_core.model.interval import TICK_MINUTES, TICK_SECONDS, Interval, days_of
from booking_core.model.service import Segment
from booking_core.model.tenant import Staff, Tenant
from booking_core.ports.calendar import Entry, EntryRequest, EventTypeReport, FreeTime
from booking_core.ports.clock import Clock
from integrations.memory.calendar_faults import CalendarFaults, Fate
from integrations.memory.diary import Diary, Record

_MARGIN: Final = timedelta(days=1)
_WELL: Final = CalendarFaults()

_Answer = TypeVar("_Answer")
_Checked = TypeVar("_Checked")
_EventType = tuple[StaffId, ServiceId | None, int]


class TenantDirectory(Protocol):
    """Where tenants are described."""

    async def tenant_of(self, tenant: TenantId) -> Tenant:
        """The tenant; raises UnknownTenant."""
        ...


class MemoryCalendar:
    """Implements ``booking_core.ports.calendar.Calendar``.

    A call that was made takes effect even where its caller gives up waiting: it travels on its own. Besides the port's errors
    every method may raise Misconfigured: an unknown staff member, or no event type pushed yet.
    """

    def __init__(
        self,
        *,
        tenants: TenantDirectory,
        clock: Clock,
        chance: random.Random | None = None,
        race_seconds: float = 0.0,
        patience: float = 30.0,
    ) -> None:
        """``chance`` decides about faults; ``patience`` are the seconds after which a caller is told that no answer came: it is slow or
        lost.

        ``race_seconds`` lie between looking whether a time is free and taking it. Of two that look in that time both get it,
        as at Cal.com, unless they are of the same start and length. With 0 no race gets through.
        """
        self.faults = _WELL
        self._tenants = tenants
        self._clock = clock
        self._chance = chance or random.Random(0)
        self._race_seconds = race_seconds
        self._patience = patience
        self._diary = Diary()
        self._lengths: dict[TenantId, dict[_EventType, int]] = {}
        self._hours: dict[tuple[TenantId, StaffId], WeeklyHours] = {}
        self._watcher: Callable[[Entry], None] | None = None

    async def read_free_time(self, tenant: TenantId, staff: StaffId, asked: Interval) -> FreeTime:
        """The whole ticks of the staff member's hours from now on that no entry touches."""
        described, member = await self._staff(tenant, staff)
        self._length(tenant, staff, None, 0)
        read_at = self._clock.real()

        def read() -> FreeTime:
            now = self._clock.now()
            ticks: set[int] = set()
            for opened in self._open(described, member, asked):
                shown = opened.intersection(asked)
                if shown is not None and shown.ends_at > now:
                    ticks.update(_whole_ticks(Interval(max(shown.starts_at, now), shown.ends_at)))
            for record in self._diary.live_in(tenant, staff, asked):
                ticks.difference_update(record.interval.ticks())
            return FreeTime(staff, asked, frozenset(ticks), read_at)

        return await self._call(read)

    async def create_entry(self, request: EntryRequest) -> Entry:
        """Create one entry as long as its event type; refused where the time is past, closed or taken."""
        described, member = await self._staff(request.tenant, request.staff)
        length = self._length(request.tenant, request.staff, request.service, request.segment)
        when = _lasting(request.starts_at, timedelta(minutes=length))

        def check() -> None:
            self._check_time(described, member, when)

        def insert(_: None) -> Entry:
            self._check_duplicate(request.tenant, request.staff, when)
            added = self._diary.add(
                request.tenant,
                request.staff,
                when,
                alias=request.attendee_alias,
                reference=request.reference,
                planned=True,
            )
            return self._written(added)

        return await self._write(check, insert)

    async def find_entry(
        self, tenant: TenantId, staff: StaffId, alias: str, reference: str, near: Interval
    ) -> Entry | None:
        """The live entry of this reference within a day of the window; the oldest where there are two."""
        await self._staff(tenant, staff)

        def find() -> Entry | None:
            for record in self._diary.of_alias(tenant, staff, alias):
                entry = record.entry
                around = entry.starts_at >= near.starts_at - _MARGIN and entry.ends_at <= near.ends_at + _MARGIN
                if entry.live and entry.reference == reference and around:
                    return entry
            return None

        return await self._call(find)

    async def get_entry(self, tenant: TenantId, staff: StaffId, uid: str) -> Entry | None:
        """The entry of this uid, live or not."""
        await self._staff(tenant, staff)

        def get() -> Entry | None:
            record = self._diary.find(tenant, uid)
            return None if record is None else record.entry

        return await self._call(get)

    async def list_entries(self, tenant: TenantId, staff: StaffId, window: Interval) -> Sequence[Entry]:
        """Live entries that overlap the window, ours and foreign, by start."""
        await self._staff(tenant, staff)
        return await self._call(lambda: [it.entry for it in self._diary.live_in(tenant, staff, window)])

    async def move_entry(
        self, tenant: TenantId, staff: StaffId, uid: str, starts_at: datetime, reason: str
    ) -> Entry:
        """Replace one entry by another at the new time, with a new uid, of the same length and reference."""
        described, member = await self._staff(tenant, staff)

        def check() -> Record:
            record = self._record(tenant, uid)
            if not record.entry.live:
                raise Refused("the entry has been cancelled or moved already", status=400, reason="gone")
            if record.planned:
                when = _lasting(starts_at, record.entry.ends_at - record.entry.starts_at)
                self._check_time(described, member, when, but=uid)
            return record

        def move(record: Record) -> Entry:
            when = _lasting(starts_at, record.entry.ends_at - record.entry.starts_at)
            self._check_duplicate(tenant, record.entry.staff, when, but=uid)
            return self._written(self._diary.succeed(record, when.starts_at))

        return await self._write(check, move)

    async def cancel_entry(self, tenant: TenantId, staff: StaffId, uid: str, reason: str) -> None:
        """Cancel one entry; already cancelled is success. An unknown uid is Refused with ``gone`` and status 404."""
        await self._staff(tenant, staff)

        def check() -> Record:
            record = self._record(tenant, uid)
            if record.entry.live and record.entry.ends_at <= self._clock.now():
                raise Refused("the entry has already ended", status=400, reason="other")
            return record

        def cancel(record: Record) -> None:
            if record.entry.live:
                self._written(self._diary.end(record))

        await self._write(check, cancel)

    async def push_event_types(self, tenant: TenantId, *, dry_run: bool = False) -> EventTypeReport:
        """Make the event types match the tenant's services."""
        described = await self._tenants.tenant_of(tenant)
        wanted = {
            event_type: length for member in described.staff for event_type, length in _wanted(described, member)
        }

        def push() -> EventTypeReport:
            known = self._lengths.get(tenant, {})
            created = tuple(_name(it) for it in wanted if it not in known)
            updated = tuple(_name(it) for it, length in wanted.items() if known.get(it, length) != length)
            unchanged = tuple(_name(it) for it, length in wanted.items() if known.get(it) == length)
            if not dry_run:
                self._lengths[tenant] = wanted
            return EventTypeReport(created, updated, unchanged)

        return await self._call(push)

    async def ping(self) -> None:
        """Raise CalendarUnavailable while the calendar is down."""
        await self._call(lambda: None)

    def book_outside(self, tenant: TenantId, staff: StaffId, starts_at: datetime, minutes: int) -> Entry:
        """What a staff member enters by hand, wherever it lies; Refused for a second one of the same start and length."""
        when = _lasting(starts_at, timedelta(minutes=minutes))
        self._check_duplicate(tenant, staff, when)
        return self._diary.add(tenant, staff, when, alias="", reference=None, planned=False).entry

    def move_outside(self, tenant: TenantId, uid: str, starts_at: datetime, *, in_place: bool = False) -> Entry:
        """A move by a staff member, wherever to; a new uid, unless ``in_place``. Refused for an unknown uid."""
        record = self._record(tenant, uid)
        starts_at = starts_at.astimezone(UTC)
        moved = self._diary.shift(record, starts_at) if in_place else self._diary.succeed(record, starts_at)
        return moved.entry

    def cancel_outside(self, tenant: TenantId, uid: str) -> None:
        """A cancellation by a staff member; already cancelled is fine. Refused for an unknown uid."""
        record = self._record(tenant, uid)
        if record.entry.live:
            self._diary.end(record)

    def set_hours(self, tenant: TenantId, staff: StaffId, hours: WeeklyHours) -> None:
        """The staff member changes the hours in the calendar."""
        self._hours[tenant, staff] = hours

    def entries(self, tenant: TenantId) -> Sequence[Entry]:
        """Every entry of a tenant, live or not, the oldest first; no call and without faults."""
        return [record.entry for record in self._diary.all_of(tenant)]

    def standing(self, tenant: TenantId, staff: StaffId, window: Interval) -> Sequence[Entry]:
        """Live entries that overlap the window, by start; no call and without faults."""
        return [record.entry for record in self._diary.live_in(tenant, staff, window)]

    def peek(self, tenant: TenantId, uid: str) -> Entry | None:
        """The entry of this uid, live or not; no call and without faults."""
        record = self._diary.find(tenant, uid)
        return None if record is None else record.entry

    def watch(self, watcher: Callable[[Entry], None]) -> None:
        """Have somebody told of every entry that a call has made or ended, at that moment; what staff do is not told."""
        self._watcher = watcher

    def _written(self, record: Record) -> Entry:
        if self._watcher is not None:
            self._watcher(record.entry)
        return record.entry

    async def _call(self, work: Callable[[], _Answer]) -> _Answer:
        """A call that looks and answers at one moment."""
        return await self._write(lambda: None, lambda _: work(), race_seconds=0.0)

    async def _write(
        self,
        check: Callable[[], _Checked],
        commit: Callable[[_Checked], _Answer],
        *,
        race_seconds: float | None = None,
    ) -> _Answer:
        """One call: what it finds at its arrival decides about what it does at its end."""
        fate = self.faults.draw(self._chance)
        between = self._race_seconds if race_seconds is None else race_seconds
        if fate.seconds <= 0 and between <= 0 and not fate.loses_answer:
            return self._outcome(fate, check, commit)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_Answer] = loop.create_future()

        def arrive() -> None:
            if fate.fails or fate.limited or fate.refuses or between <= 0:
                settle(lambda: self._outcome(fate, check, commit))
                return
            try:
                checked = check()
            except Exception as error:
                _fail(answer, error)
            else:
                loop.call_later(between, settle, lambda: self._outcome(fate, lambda: checked, commit))

        def settle(work: Callable[[], _Answer]) -> None:
            try:
                outcome = work()
            except Exception as error:
                _fail(answer, error)
            else:
                if not (fate.loses_answer or answer.done()):
                    answer.set_result(outcome)

        loop.call_later(fate.seconds, arrive)
        try:
            async with asyncio.timeout(self._patience):
                return await answer
        except TimeoutError:
            raise CalendarUnavailable("no answer within the patience", sent=True) from None

    def _outcome(
        self, fate: Fate, check: Callable[[], _Checked], commit: Callable[[_Checked], _Answer]
    ) -> _Answer:
        if fate.fails:
            raise CalendarUnavailable("the calendar does not work")
        if fate.limited:
            raise RateLimited("too many requests", retry_after=self.faults.limit_seconds)
        if fate.refuses:
            raise Refused("the key may not do this", status=403)
        return commit(check())

    async def _staff(self, tenant: TenantId, staff: StaffId) -> tuple[Tenant, Staff]:
        described = await self._tenants.tenant_of(tenant)
        member = described.find_staff(staff)
        if member is None:
            raise Misconfigured(f"{tenant} has no staff member {staff}", tenant=tenant, staff=staff)
        return described, member

    def _length(self, tenant: TenantId, staff: StaffId, service: ServiceId | None, segment: int) -> int:
        event_type = (staff, service, segment)
        length = self._lengths.get(tenant, {}).get(event_type)
        if length is None:
            raise Misconfigured(
                f"the calendar has no event type {_name(event_type)} of {tenant}; push the event types"
            )
        return length

    def _record(self, tenant: TenantId, uid: str) -> Record:
        record = self._diary.find(tenant, uid)
        if record is None:
            raise Refused("there is no such entry", status=404, reason="gone")
        return record

    def _open(self, tenant: Tenant, member: Staff, window: Interval) -> list[Interval]:
        """The staff member's hours on the days of the window, neighbours joined."""
        hours = self._hours.get((tenant.id, member.id), member.hours)
        joined: list[Interval] = []
        for day in days_of(window, tenant.zone):
            for opened in hours.intervals(day, tenant.zone):
                if joined and joined[-1].ends_at == opened.starts_at:
                    joined[-1] = Interval(joined[-1].starts_at, opened.ends_at)
                else:
                    joined.append(opened)
        return joined

    def _check_time(self, tenant: Tenant, member: Staff, when: Interval, *, but: str | None = None) -> None:
        if when.starts_at < self._clock.now():
            raise Refused("the time is past", status=400, reason="notice")
        others = [it for it in self._diary.live_in(tenant.id, member.id, when) if it.entry.uid != but]
        opened = self._open(tenant, member, when)
        if others or not any(it.starts_at <= when.starts_at and when.ends_at <= it.ends_at for it in opened):
            raise Refused("the time is taken or closed", status=400, reason="taken")

    def _check_duplicate(
        self, tenant: TenantId, staff: StaffId, when: Interval, *, but: str | None = None
    ) -> None:
        for record in self._diary.live_in(tenant, staff, when):
            if record.interval == when and record.entry.uid != but:
                raise Refused("the same time is taken", status=409, reason="taken")


def _fail(answer: asyncio.Future[_Answer], error: Exception) -> None:
    # Nobody waits any more: what became of the call is found out by looking.
    if not answer.done():
        answer.set_exception(error)


def _wanted(tenant: Tenant, member: Staff) -> list[tuple[_EventType, int]]:
    """The event types a staff member needs, with their lengths in minutes; the first one probes for free time."""
    return [
        ((member.id, None, 0), TICK_MINUTES),
        *(
            ((member.id, service.id, index), _occupied_minutes(segment, member.id))
            for service in tenant.services
            for index, segment in enumerate(service.segments)
            if member.id in segment.staff
        ),
    ]


def _occupied_minutes(segment: Segment, staff: StaffId) -> int:
    pause = segment.pause_after
    blocked = pause.min_minutes if pause is not None and pause.staff == "blocked" else 0
    return segment.buffer_before + segment.minutes_with(staff) + blocked + segment.buffer_after


def _name(event_type: _EventType) -> str:
    staff, service, segment = event_type
    return f"probe@{staff}" if service is None else f"{service}.{segment + 1}@{staff}"


def _lasting(starts_at: datetime, length: timedelta) -> Interval:
    # In UTC before adding: across a change of the clocks wall time is not the time that passes.
    starts_at = starts_at.astimezone(UTC)
    return Interval(starts_at, starts_at + length)


def _whole_ticks(interval: Interval) -> range:
    first = -int(-interval.starts_at.timestamp() // TICK_SECONDS)
    return range(first, int(interval.ends_at.timestamp() // TICK_SECONDS))
