"""What a guest can book: a service is a row of segments with a pause after each but the last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from booking_core.errors import InvalidModel
from booking_core.model.ids import ServiceId, StaffId
from booking_core.model.interval import TICK_MINUTES

SameStaff = Literal["required", "preferred", "any"]
PauseStaff = Literal["free", "blocked"]
MAX_SEGMENTS = 10


@dataclass(frozen=True, slots=True)
class LocalText:
    """One text in several languages; ``by_language`` maps ISO 639-1 codes to texts."""

    by_language: Mapping[str, str]

    def to(self, language: str) -> str:
        """The text in ``language``, else the first one there is."""
        return self.by_language.get(language) or next(iter(self.by_language.values()), "")


@dataclass(frozen=True, slots=True)
class Pause:
    """Between two segments: the guest waits ``min_minutes``–``max_minutes``; staff ``free`` for others or ``blocked``."""

    min_minutes: int
    max_minutes: int
    staff: PauseStaff = "free"

    def __post_init__(self) -> None:
        _on_the_grid(self.min_minutes, "pause_after.min", least=0)
        _on_the_grid(self.max_minutes, "pause_after.max", least=0)
        if self.max_minutes < self.min_minutes:
            raise InvalidModel("pause_after.max is less than pause_after.min", field="pause_after.max")


@dataclass(frozen=True, slots=True)
class Segment:
    """Uninterrupted work of one staff member; all durations in minutes on the five-minute grid."""

    work_minutes: int
    staff: tuple[StaffId, ...]
    name: LocalText | None = None
    pause_after: Pause | None = None
    same_staff: SameStaff = "any"
    resource: str | None = None
    work_by_staff: Mapping[StaffId, int] = field(default_factory=dict)
    buffer_before: int = 0
    buffer_after: int = 0

    def __post_init__(self) -> None:
        _on_the_grid(self.work_minutes, "work")
        for minutes in self.work_by_staff.values():
            _on_the_grid(minutes, "work_by_staff")
        _on_the_grid(self.buffer_before, "buffer_before", least=0)
        _on_the_grid(self.buffer_after, "buffer_after", least=0)
        if not self.staff:
            raise InvalidModel("a segment needs at least one staff member", field="staff")
        if len(set(self.staff)) != len(self.staff):
            raise InvalidModel("a staff member is named twice", field="staff")

    def minutes_with(self, staff: StaffId) -> int:
        """Work minutes when this staff member does it."""
        return self.work_by_staff.get(staff, self.work_minutes)


@dataclass(frozen=True, slots=True)
class Service:
    """Something bookable; ``price`` in the tenant's currency (EUR), None where there is none to name."""

    id: ServiceId
    name: LocalText
    segments: tuple[Segment, ...]
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.segments) <= MAX_SEGMENTS:
            raise InvalidModel(
                f"{self.id}: 1 to {MAX_SEGMENTS} segments, not {len(self.segments)}", field="segments"
            )
        if self.segments[-1].pause_after is not None:
            raise InvalidModel(f"{self.id}: the last segment has no pause after it", field="segments.pause_after")
        if any(segment.pause_after is None for segment in self.segments[:-1]):
            raise InvalidModel(
                f"{self.id}: every segment but the last needs a pause", field="segments.pause_after"
            )

    @property
    def composite(self) -> bool:
        """Whether a pause is part of it."""
        return len(self.segments) > 1

    @property
    def shortest_minutes(self) -> int:
        """From start to end with the shortest pauses and each segment's usual work minutes."""
        pauses = (segment.pause_after.min_minutes for segment in self.segments if segment.pause_after)
        return sum(segment.work_minutes for segment in self.segments) + sum(pauses)

    def staff(self) -> tuple[StaffId, ...]:
        """Everybody who does at least one segment, first come first."""
        return tuple(dict.fromkeys(staff for segment in self.segments for staff in segment.staff))

    def without(self, staff: StaffId) -> Service | None:
        """The service as everybody else does it; None where it cannot be done without that person."""
        left = [tuple(each for each in segment.staff if each != staff) for segment in self.segments]
        if not all(left):
            return None
        segments = (replace(segment, staff=rest) for segment, rest in zip(self.segments, left, strict=True))
        return replace(self, segments=tuple(segments))

    def rooms(self) -> tuple[str, ...]:
        """Every room or device that a segment needs."""
        return tuple(dict.fromkeys(segment.resource for segment in self.segments if segment.resource is not None))

    def segment_name(self, index: int, language: str) -> str:
        """What a segment is called; by default the service's name."""
        name = self.segments[index].name
        return name.to(language) if name else self.name.to(language)


def _on_the_grid(minutes: int, name: str, *, least: int = TICK_MINUTES) -> None:
    if isinstance(minutes, bool) or not isinstance(minutes, int) or minutes < least or minutes % TICK_MINUTES:
        raise InvalidModel(
            f"{name} must be whole minutes, at least {least}, in steps of 5: {minutes!r}", field=name
        )
