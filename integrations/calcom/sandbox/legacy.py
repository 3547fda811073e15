"""Shapes of version 2024-04-15, which a request without a known `cal-api-version` gets.

Only what shows a client its mistake: event type and schedule reads, one booking, and the refusal of a
booking written for a newer version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.calcom.sandbox.accounts import Schedule, User
from integrations.calcom.sandbox.errors import JsonObject
from integrations.calcom.sandbox.times import clock_minutes, find_zone, iso_utc
from integrations.calcom.sandbox.validation import Problem, zone_problem

if TYPE_CHECKING:
    from integrations.calcom.sandbox.booking_rows import Booking
    from integrations.calcom.sandbox.event_type_rows import EventType

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def event_type_problems(body: Mapping[str, Any]) -> list[Problem]:
    """What the old event type body lacks."""
    problems: list[Problem] = []
    length = body.get("length")
    if isinstance(length, bool) or not isinstance(length, (int, float)) or length < 1:
        problems.append(
            Problem(
                "length",
                {
                    "min": "length must not be less than 1",
                    "isNumber": "length must be a number conforming to the specified constraints",
                },
            )
        )
    problems += [
        Problem(name, {"isString": f"{name} must be a string"})
        for name in ("slug", "title")
        if not isinstance(body.get(name), str)
    ]
    return problems


def event_type(created: EventType, now_ms: int) -> JsonObject:
    """A new event type as the old version answers it: the database row."""
    row: JsonObject = json.loads((Path(__file__).parent / "legacy_event_type.json").read_bytes())
    return row | {
        "id": created.id,
        "title": created.title,
        "slug": created.slug,
        "length": created.length,
        "userId": created.owner_id,
        "createdAt": iso_utc(now_ms),
        "updatedAt": iso_utc(now_ms),
    }


def schedule(found: Schedule, owner: User, *, today: date, only: bool) -> JsonObject:
    """A schedule in the old list: hours as minutes, as rows and as one list a weekday."""
    working, rows_, week = [], [], [[] for _ in _DAYS]  # type: ignore[var-annotated]
    for number, entry in enumerate(found.availability, start=1):
        days = [_DAYS.index(day) for day in entry["days"]]
        start, end = entry["startTime"], entry["endTime"]
        working.append({"days": days, "startTime": clock_minutes(start), "endTime": clock_minutes(end)})
        rows_.append(_row(found.id, number, days, (start, end)))
        for day in days:
            week[day].append({"start": f"{today}T{start}:00.000Z", "end": f"{today}T{end}:00.000Z"})
    overrides = [
        {
            "ranges": [
                {"start": f"{e['date']}T{e['startTime']}:00.000Z", "end": f"{e['date']}T{e['endTime']}:00.000Z"}
            ]
        }
        for e in found.overrides
    ]
    return {
        "id": found.id,
        "name": found.name,
        "isManaged": False,
        "workingHours": working,
        "schedule": rows_,
        "availability": week,
        "timeZone": found.time_zone,
        "isDefault": owner.default_schedule_id == found.id,
        "dateOverrides": overrides,
        "readOnly": False,
        "isLastSchedule": only,
        "userId": found.owner_id,
    }


def booking_problems(body: Mapping[str, Any]) -> list[Problem]:
    """What a booking body of a newer version lacks in the old one."""
    problems: list[Problem] = []
    if find_zone(body.get("timeZone")) is None:
        problems.append(zone_problem())
    if not isinstance(body.get("language"), str):
        problems.append(Problem("language", {"isString": "language must be a string"}))
    if not isinstance(body.get("metadata"), dict):
        problems.append(Problem("metadata", {"isObject": "metadata must be an object"}))
    return problems


def booking(found: Booking, host: User, slug: str | None) -> JsonObject:
    """One booking as the old version answers it."""
    return {
        "title": found.title,
        "id": found.id,
        "uid": found.uid,
        "description": found.description,
        "customInputs": {},
        "smsReminderNumber": None,
        "recurringEventId": found.recurring_uid,
        "startTime": iso_utc(found.start),
        "endTime": iso_utc(found.end),
        "location": found.location,
        "status": found.status.upper(),
        "metadata": found.metadata,
        "cancellationReason": found.cancellation_reason or None,
        "cancelledBy": None,
        "responses": {k: v for k, v in found.responses.items() if not k.startswith("display")},
        "rejectionReason": found.rejection_reason,
        "userPrimaryEmail": host.email,
        "fromReschedule": found.rescheduled_from,
        "rescheduled": True if found.rescheduled_to else None,
        "rescheduledBy": found.rescheduled_by,
        "user": {
            "id": host.id,
            "name": host.name,
            "email": host.email,
            "username": host.username,
            "timeZone": host.time_zone,
            "avatarUrl": host.profile["avatarUrl"],
        },
        "attendees": [
            {
                "name": attendee["name"],
                "email": attendee["email"],
                "timeZone": attendee["timeZone"],
                "phoneNumber": attendee.get("phoneNumber"),
            }
            for attendee in found.attendees
        ],
        "eventTypeId": found.event_type_id,
        "eventType": {
            "eventName": None,
            "slug": slug,
            "timeZone": None,
            "schedulingType": None,
            "hideOrganizerEmail": False,
        },
        "seatsReferences": [],
        "tracking": None,
        "assignmentReason": [],
    }


def _row(schedule_id: int, number: int, days: list[int], hours: tuple[str, str]) -> JsonObject:
    return {
        "id": number,
        "userId": None,
        "eventTypeId": None,
        "days": days,
        "startTime": f"1970-01-01T{hours[0]}:00.000Z",
        "endTime": f"1970-01-01T{hours[1]}:00.000Z",
        "date": None,
        "scheduleId": schedule_id,
    }
