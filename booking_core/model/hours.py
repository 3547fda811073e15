"""Weekly hours: the wall-clock intervals of each weekday."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from booking_core.errors import InvalidModel
from booking_core.model.interval import Interval, local

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class WallInterval:
    """A wall-clock interval inside one day; ``end`` midnight is not expressible and not needed."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise InvalidModel(f"hours must end after they start: {self.start}-{self.end}", field="hours")


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Intervals by weekday (0 = Monday), sorted and free of overlaps."""

    by_weekday: Mapping[int, tuple[WallInterval, ...]]

    def on(self, day: date) -> tuple[WallInterval, ...]:
        """The wall-clock intervals of a date; empty when closed."""
        return self.by_weekday.get(day.weekday(), ())

    def intervals(self, day: date, zone: ZoneInfo) -> tuple[Interval, ...]:
        """The instants between which it is open on a local date."""
        return tuple(Interval(local(day, wall.start, zone), local(day, wall.end, zone)) for wall in self.on(day))

    @classmethod
    def parse(cls, table: Mapping[str, list[str]]) -> WeeklyHours:
        """From ``{"tue": ["09:00-12:30", "13:00-18:00"]}``; raises InvalidModel naming the field."""
        by_weekday: dict[int, tuple[WallInterval, ...]] = {}
        for name, texts in table.items():
            if name not in WEEKDAYS:
                raise InvalidModel(f"{name!r} is no weekday ({', '.join(WEEKDAYS)})", field=f"hours.{name}")
            try:
                walls = sorted(
                    (WallInterval(*(time.fromisoformat(part) for part in text.split("-", 1))) for text in texts),
                    key=lambda wall: wall.start,
                )
            except (ValueError, TypeError) as error:
                raise InvalidModel(f"hours of {name}: {error}", field=f"hours.{name}") from error
            if any(later.start < earlier.end for earlier, later in pairwise(walls)):
                raise InvalidModel(f"hours of {name} overlap", field=f"hours.{name}")
            by_weekday[WEEKDAYS.index(name)] = tuple(walls)
        return cls(by_weekday)
