"""Half-open intervals of instants and the five-minute grid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TICK_MINUTES = 5
TICK_SECONDS = TICK_MINUTES * 60
TICK = timedelta(minutes=TICK_MINUTES)


def tick_of(instant: datetime) -> int:
    """The absolute tick (epoch seconds / 300, rounded down) that contains an aware instant."""
    return int(instant.timestamp()) // TICK_SECONDS


def instant_of(tick: int) -> datetime:
    """The UTC instant at which an absolute tick begins."""
    return datetime.fromtimestamp(tick * TICK_SECONDS, UTC)


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``starts_at`` up to but not including ``ends_at``; both aware instants, never inverted, kept in UTC."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("an interval needs aware instants")
        # Python adds and compares datetimes of one zone by their wall time, which is wrong across a change of the clocks.
        object.__setattr__(self, "starts_at", self.starts_at.astimezone(UTC))
        object.__setattr__(self, "ends_at", self.ends_at.astimezone(UTC))
        if self.ends_at < self.starts_at:
            raise ValueError("an interval must not end before it starts")

    @property
    def minutes(self) -> int:
        """Elapsed (not wall-clock) minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def overlaps(self, other: Interval) -> bool:
        """Whether both share at least one instant; touching ends do not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def intersection(self, other: Interval) -> Interval | None:
        """The shared part, or None where they do not overlap."""
        starts_at, ends_at = max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at)
        return Interval(starts_at, ends_at) if starts_at < ends_at else None

    def ticks(self) -> range:
        """The absolute ticks the interval touches."""
        return range(tick_of(self.starts_at), -(-int(self.ends_at.timestamp()) // TICK_SECONDS))


def local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant (in UTC) of a wall time; a time that does not exist moves forward, one that exists twice is the first."""
    return datetime.combine(day, at.replace(tzinfo=None)).replace(tzinfo=zone, fold=0).astimezone(UTC)


def day_interval(day: date, zone: ZoneInfo) -> Interval:
    """A whole local day (23, 24 or 25 hours)."""
    return Interval(local(day, time(0), zone), local(day + timedelta(days=1), time(0), zone))


def days_of(interval: Interval, zone: ZoneInfo) -> Iterator[date]:
    """Every local date that the interval touches, in order."""
    day = interval.starts_at.astimezone(zone).date()
    last = (interval.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)
