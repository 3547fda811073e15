"""`GET /v2/slots`: the free starts of one event type, keyed by date. Public, as at Cal.com.

Results stay inside the asked range and keep every hour of a day with a clock change; the real server
strays outside with rolling windows and overrides, and drops hours around such days.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.calcom.sandbox import calendar, event_type_rows, reservations
from integrations.calcom.sandbox.accounts import User, find_user_named, get_user
from integrations.calcom.sandbox.availability import Interval, slot_starts
from integrations.calcom.sandbox.errors import JsonObject, enveloped
from integrations.calcom.sandbox.event_type_rows import EventType
from integrations.calcom.sandbox.routing import SLOTS_VERSION, Answer, Auth, Call, Route
from integrations.calcom.sandbox.store import Db
from integrations.calcom.sandbox.times import DAY, MINUTE, find_zone, get_zone, iso_local, iso_utc, parse_instant
from integrations.calcom.sandbox.validation import Problem, iso_problem, one_line, zone_problem


async def list_slots(call: Call) -> Answer:
    """GET: `{"data":{date:[{"start"}]},"status"}`."""
    query = call.query
    _check(query)
    zone_name = query.get("timeZone")
    window = _window(query)
    now = call.world.now_ms()

    def work(db: Db) -> JsonObject:
        event_type, host = _event_type(db, query)
        if window[0] >= window[1]:
            return {}
        duration = int(query["duration"]) if query.get("duration") else event_type.length
        found = _find(
            db,
            event_type,
            host,
            window,
            duration=duration,
            now=now,
            ignore=query.get("bookingUidToReschedule"),
        )
        with_end = query.get("format") == "range"
        return _by_date(found, zone_name, duration if with_end else None, event_type)

    return Answer({"data": await call.world.store.read(work), "status": "success"})


async def list_legacy(call: Call) -> Answer:
    """GET /v2/slots/available of version 2024-04-15."""
    query = call.query
    start, end = parse_instant(query.get("startTime")), parse_instant(query.get("endTime"))
    if start is None or end is None:
        raise one_line(
            [iso_problem(name) for name in ("startTime", "endTime") if parse_instant(query.get(name)) is None]
        )
    now = call.world.now_ms()

    def work(db: Db) -> JsonObject:
        event_type, host = _event_type(db, query)
        found = _find(db, event_type, host, (start, end), duration=event_type.length, now=now)
        return {
            day: [{"time": slot["start"]} for slot in slots]
            for day, slots in _by_date(found, query.get("timeZone"), None, event_type).items()
        }

    return Answer({"data": {"slots": await call.world.store.read(work)}, "status": "success"})


def routes() -> list[Route]:
    """The routes of this resource."""
    return [
        Route("GET", "/v2/slots", list_slots, Auth.OPTIONAL, SLOTS_VERSION),
        Route("GET", "/v2/slots/available", list_legacy, Auth.OPTIONAL),
    ]


def _check(query: Mapping[str, str]) -> None:
    problems: list[Problem] = []
    by_id, by_slug = "eventTypeId" in query, "eventTypeSlug" in query
    if not by_id and not by_slug:
        problems.append(
            Problem(
                "usernames",
                {
                    "isString": "each value in usernames must be a string",
                    "arrayMinSize": "The array must contain at least 2 elements.",
                    "isArray": "usernames must be an array",
                },
            )
        )
        problems.append(Problem("organizationSlug", {"isString": "organizationSlug must be a string"}))
    if by_id and not query["eventTypeId"].isdigit():
        problems.append(Problem("eventTypeId", {"isNumber": "eventTypeId must be a number"}))
    problems += [iso_problem(name) for name in ("start", "end") if parse_instant(query.get(name)) is None]
    if "timeZone" in query and find_zone(query["timeZone"]) is None:
        problems.append(zone_problem())
    if query.get("duration") and not (query["duration"].isdigit() and int(query["duration"]) > 0):
        problems.append(Problem("duration", {"isNumber": "duration must be a number"}))
    if query.get("format", "time") not in ("range", "time"):
        problems.append(Problem("format", {"isEnum": "slotFormat must be either 'range' or 'time'"}))
    if problems:
        raise one_line(problems)


def _window(query: Mapping[str, str]) -> Interval:
    start, end = parse_instant(query["start"]), parse_instant(query["end"])
    if start is None or end is None:
        raise one_line([iso_problem("start")])
    if end % DAY == 0 and start <= end:
        end += DAY  # midnight as an end means that whole UTC day, with and without a clock time
    return start, end


def _event_type(db: Db, query: Mapping[str, str]) -> tuple[EventType, User]:
    if "eventTypeId" in query:
        event_type = event_type_rows.find(db, int(query["eventTypeId"]))
    else:
        username = query.get("username", "")
        owner = find_user_named(db, username)
        if owner is None:
            raise enveloped(404, f"User with username {username} not found")
        event_type = event_type_rows.find_by_slug(db, owner.id, query["eventTypeSlug"])
    if event_type is None:
        raise enveloped(404, "Event Type not found")
    return event_type, get_user(db, event_type.owner_id)


def _find(
    db: Db,
    event_type: EventType,
    host: User,
    window: Interval,
    *,
    duration: int,
    now: int,
    ignore: str | None = None,
) -> list[tuple[int, Any]]:
    free = calendar.free_time(db, host, event_type, window, ignore=ignore)
    starts = slot_starts(
        free.intervals,
        length=duration,
        step=int(event_type.get("slotInterval") or duration),
        earliest=now + int(event_type.get("minimumBookingNotice") or 0) * MINUTE,
        offset=int(event_type.get("offsetStart") or 0),
        zone=free.zone,
    )
    bounds = calendar.booking_window(event_type, now, free.zone)
    if bounds is not None:
        starts = [start for start in starts if bounds[0] <= start < bounds[1]]
    if calendar.has_limits(event_type):
        starts = [
            start for start in starts if not calendar.limit_reached(db, event_type, start, duration, free.zone)
        ]
    starts = reservations.without_reserved(db, host.id, starts, duration * MINUTE, now)
    if event_type.seats is None:
        return [(start, None) for start in starts]
    seated = calendar.seated_bookings(db, event_type, window)
    kept = calendar.without_own_overlaps(starts, duration * MINUTE, seated)
    return [(start, seated.get(start)) for start in kept]


def _by_date(
    found: list[tuple[int, Any]], zone_name: str | None, duration: int | None, event_type: EventType
) -> JsonObject:
    zone = get_zone(zone_name) if zone_name else None
    seats = event_type.seats
    first_only = bool(event_type.get("onlyShowFirstAvailableSlot"))
    days: dict[str, list[JsonObject]] = {}
    for start, group in found:
        text = iso_local(start, zone) if zone else iso_utc(start)
        slot: JsonObject = {"start": text}
        if duration is not None:
            end = start + duration * MINUTE
            slot["end"] = iso_local(end, zone) if zone else iso_utc(end)
        if seats is not None:
            booked = len(group.attendees) if group else 0
            slot |= {"seatsBooked": booked, "seatsRemaining": seats - booked, "seatsTotal": seats}
            if group:
                slot["bookingUid"] = group.uid
        day = days.setdefault(text[:10], [])
        if not (first_only and day):
            day.append(slot)
    return days
