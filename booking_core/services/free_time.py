"""Free time read from the calendar in weekly blocks and kept for a moment, so that a conversation does not ask twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from booking_core.model.ids import StaffId, TenantId
from booking_core.model.interval import Interval
from booking_core.ports.calendar import Calendar, FreeTime
from booking_core.ports.clock import Clock

_BLOCK = timedelta(days=7)
_EPOCH = datetime(1970, 1, 5, tzinfo=UTC)  # a Monday

Key = tuple[TenantId, StaffId, datetime]


@dataclass(slots=True)
class RecentFreeTime:
    """Reads through to the calendar; what it read is good for ``keep`` (real time).

    Our own bookings need no re-reading: claims take their time at once. What the calendar frees or fills from outside shows
    when a block is read again; `forget` makes that at once.
    """

    calendar: Calendar
    clock: Clock
    keep: timedelta = timedelta(seconds=30)
    _blocks: dict[Key, FreeTime] = field(default_factory=dict)
    _reading: dict[Key, asyncio.Task[FreeTime]] = field(default_factory=dict)

    async def read(self, tenant: TenantId, staff: StaffId, asked: Interval) -> FreeTime:
        """Free ticks of one staff member in the interval; ``read_at`` is that of the oldest block used."""
        blocks = await asyncio.gather(*(self._block(tenant, staff, begin) for begin in _blocks_of(asked)))
        inside = asked.ticks()
        ticks = frozenset[int]().union(*(block.ticks.intersection(inside) for block in blocks))
        return FreeTime(staff, asked, ticks, min(block.read_at for block in blocks))

    def forget(self, tenant: TenantId, staff: StaffId) -> None:
        """Read this staff member's calendar anew the next time."""
        for key in [key for key in self._blocks if key[:2] == (tenant, staff)]:
            del self._blocks[key]
        for key in [key for key in self._reading if key[:2] == (tenant, staff)]:
            # What is being read now may be older than what is to be forgotten.
            del self._reading[key]

    async def _block(self, tenant: TenantId, staff: StaffId, begin: datetime) -> FreeTime:
        key = (tenant, staff, begin)
        kept = self._blocks.get(key)
        if kept is not None and self.clock.real() - kept.read_at < self.keep:
            return kept
        task = self._reading.get(key)
        if task is None or task.done():
            task = asyncio.create_task(
                self.calendar.read_free_time(tenant, staff, Interval(begin, begin + _BLOCK))
            )
            self._reading[key] = task
        try:
            block = await asyncio.shield(task)
        except BaseException:
            if task.done() and self._reading.get(key) is task:
                del self._reading[key]
            raise
        if self._reading.get(key) is task:
            self._blocks[key] = block
            del self._reading[key]
        return block


def _blocks_of(asked: Interval) -> list[datetime]:
    begin = _EPOCH + (asked.starts_at - _EPOCH) // _BLOCK * _BLOCK
    begins = []
    while begin < asked.ends_at:
        begins.append(begin)
        begin += _BLOCK
    return begins
