"""Between Cal.com's JSON and values of the core; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from booking_core.model.hours import WeeklyHours
from booking_core.model.ids import StaffId
from booking_core.model.interval import TICK_MINUTES, TICK_SECONDS, Interval
from booking_core.model.tenant import Staff, Tenant
from booking_core.ports.calendar import Entry, EntryRequest
from integrations.calcom import wire

REFERENCE_KEY = "fermataRef"
BOOKING_KEY = "fermataBooking"
TENANT_KEY = "fermataTenant"

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LANGUAGES = frozenset({"de", "en"})


def iso(instant: datetime) -> str:
    """An aware instant as Cal.com likes it: UTC, ``2026-03-26T14:00:00Z``."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def booking_body(request: EntryRequest, event_type_id: int) -> wire.Json:
    """The body of `POST /v2/bookings`; metadata values must be strings there, and unknown fields are refused."""
    language = request.attendee_language.split("-", 1)[0].lower()
    return {
        "eventTypeId": event_type_id,
        "start": iso(request.starts_at),
        "attendee": {
            "name": request.attendee_name,
            "email": request.attendee_alias,
            "timeZone": request.attendee_zone,
            "language": language if language in _LANGUAGES else "en",
        },
        "metadata": {
            REFERENCE_KEY: request.reference,
            BOOKING_KEY: request.booking,
            TENANT_KEY: request.tenant,
        },
    }


def entry_of(booking: wire.Booking, staff: StaffId) -> Entry:
    """A booking as the core knows it; a reference that is no string marks it as foreign."""
    reference = (booking.metadata or {}).get(REFERENCE_KEY)
    return Entry(
        uid=booking.uid,
        entry_id=booking.id,
        staff=staff,
        starts_at=booking.start,
        ends_at=booking.end,
        live=booking.live,
        reference=reference if isinstance(reference, str) else None,
    )


def free_ticks(starts: Iterable[datetime], asked: Interval) -> frozenset[int]:
    """The whole ticks inside ``asked`` that five-minute slots at these starts cover.

    Slots may start off the grid (after a foreign booking that ends at 11:07), so neighbours are joined before counting.
    """
    seconds = TICK_MINUTES * 60
    first = -(-int(asked.starts_at.timestamp()) // TICK_SECONDS)
    beyond = int(asked.ends_at.timestamp()) // TICK_SECONDS
    ticks: set[int] = set()
    for begin, end in _joined(sorted({int(start.timestamp()) for start in starts}), seconds):
        ticks.update(range(max(first, -(-begin // TICK_SECONDS)), min(beyond, end // TICK_SECONDS)))
    return frozenset(ticks)


def schedule_fields(tenant: Tenant, member: Staff) -> wire.Json:
    """A staff member's weekly hours in the shape of a Cal.com schedule."""
    return {"timeZone": tenant.zone.key, "availability": _availability(member.hours)}


def same_schedule(schedule: wire.Schedule, fields: wire.Json) -> bool:
    """Whether a schedule already says these hours, in whatever grouping."""
    wanted = {
        (day, hours["startTime"], hours["endTime"]) for hours in fields["availability"] for day in hours["days"]
    }
    said = {(day, hours.start_time, hours.end_time) for hours in schedule.availability for day in hours.days}
    return schedule.time_zone == fields["timeZone"] and said == wanted


def _availability(hours: WeeklyHours) -> list[wire.Json]:
    days: dict[tuple[str, str], list[str]] = {}
    for weekday, walls in sorted(hours.by_weekday.items()):
        for wall in walls:
            days.setdefault((f"{wall.start:%H:%M}", f"{wall.end:%H:%M}"), []).append(_DAY_NAMES[weekday])
    return [{"days": names, "startTime": start, "endTime": end} for (start, end), names in sorted(days.items())]


def _joined(starts: list[int], length: int) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for start in starts:
        if runs and start <= runs[-1][1]:
            runs[-1] = (runs[-1][0], start + length)
        else:
            runs.append((start, start + length))
    return runs
