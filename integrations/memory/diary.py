"""The entries of the calendar in memory: who is taken when, and how an entry is found again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from booking_core.model.ids import StaffId, TenantId
from booking_core.model.interval import Interval
from booking_core.ports.calendar import Entry

_Diary = tuple[TenantId, StaffId]


@dataclass(frozen=True, slots=True)
class Record:
    """An entry with the guest's alias; ``planned`` says that it was made by an event type, not put there by hand."""

    tenant: TenantId
    entry: Entry
    alias: str
    planned: bool

    @property
    def interval(self) -> Interval:
        """When it is."""
        return Interval(self.entry.starts_at, self.entry.ends_at)


class Diary:
    """All entries that ever were, with indexes of the live ones by day and of all by alias."""

    def __init__(self) -> None:
        self._records: dict[tuple[TenantId, str], Record] = {}
        # Dictionaries instead of sets, because those have the same order in every run.
        self._by_day: dict[tuple[_Diary, int], dict[str, None]] = {}
        self._by_alias: dict[tuple[_Diary, str], list[str]] = {}
        self._last_id = 0

    def add(
        self,
        tenant: TenantId,
        staff: StaffId,
        when: Interval,
        *,
        alias: str,
        reference: str | None,
        planned: bool,
    ) -> Record:
        """A new live entry, whatever else is there at that time."""
        self._last_id += 1
        entry = Entry(
            uid=f"entry-{self._last_id:06}",
            entry_id=self._last_id,
            staff=staff,
            starts_at=when.starts_at,
            ends_at=when.ends_at,
            live=True,
            reference=reference,
        )
        record = Record(tenant, entry, alias, planned)
        self._by_alias.setdefault(((tenant, staff), alias), []).append(entry.uid)
        self._put(record)
        return record

    def end(self, record: Record) -> Record:
        """Cancel an entry, as it is by now."""
        record = self._records[record.tenant, record.entry.uid]
        ended = replace(record, entry=replace(record.entry, live=False))
        self._drop_days(record)
        self._records[record.tenant, record.entry.uid] = ended
        return ended

    def succeed(self, record: Record, starts_at: datetime) -> Record:
        """Move an entry: a new one with a new uid takes its place."""
        self.end(record)
        when = Interval(starts_at, starts_at + (record.entry.ends_at - record.entry.starts_at))
        return self.add(
            record.tenant,
            record.entry.staff,
            when,
            alias=record.alias,
            reference=record.entry.reference,
            planned=record.planned,
        )

    def shift(self, record: Record, starts_at: datetime) -> Record:
        """Move an entry and leave it the same one."""
        self._drop_days(record)
        ends_at = starts_at + (record.entry.ends_at - record.entry.starts_at)
        shifted = replace(record, entry=replace(record.entry, starts_at=starts_at, ends_at=ends_at))
        self._put(shifted)
        return shifted

    def find(self, tenant: TenantId, uid: str) -> Record | None:
        """The entry of this uid, live or not."""
        return self._records.get((tenant, uid))

    def of_alias(self, tenant: TenantId, staff: StaffId, alias: str) -> Sequence[Record]:
        """Every entry of a guest with this staff member, the oldest first."""
        return [self._records[tenant, uid] for uid in self._by_alias.get(((tenant, staff), alias), ())]

    def live_in(self, tenant: TenantId, staff: StaffId, window: Interval) -> Sequence[Record]:
        """Live entries that overlap the window, by start."""
        diary = (tenant, staff)
        uids = dict.fromkeys(uid for day in _days_of(window) for uid in self._by_day.get((diary, day), ()))
        found = [self._records[tenant, uid] for uid in uids]
        return sorted(
            (record for record in found if record.interval.overlaps(window)),
            key=lambda record: (record.entry.starts_at, record.entry.entry_id),
        )

    def all_of(self, tenant: TenantId) -> Sequence[Record]:
        """Every entry of a tenant, live or not, the oldest first."""
        return [record for (owner, _), record in self._records.items() if owner == tenant]

    def _put(self, record: Record) -> None:
        self._records[record.tenant, record.entry.uid] = record
        for day in _days_of(record.interval):
            self._by_day.setdefault(((record.tenant, record.entry.staff), day), {})[record.entry.uid] = None

    def _drop_days(self, record: Record) -> None:
        for day in _days_of(record.interval):
            self._by_day.get(((record.tenant, record.entry.staff), day), {}).pop(record.entry.uid, None)


def _days_of(window: Interval) -> Iterable[int]:
    last = window.ends_at - timedelta(microseconds=1)
    return range(window.starts_at.toordinal(), max(window.starts_at, last).toordinal() + 1)
