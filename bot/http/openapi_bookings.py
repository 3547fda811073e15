"""The part of the description that is about bookings of the API."""

from __future__ import annotations

from typing import Any, Final

from bot.http.openapi_parts import PROBLEM, answer_of, body_of, object_of, parameter, text_of

STATUSES: Final = ("pending", "confirmed", "cancelled")
EVENTS: Final = (
    "requested", "promised", "called_off", "compensating", "confirmed", "moved", "not_moved", "moved_by_staff", "overlapped",
    "cancelled", "withdrawn", "failed",
)  # fmt: skip
_EVENTS_MEAN: Final = (
    "`requested`: asked for. `promised`: the calendar is silent, the `change` is waited for. `called_off`: cancelled while another "
    "change is under way, carried out after it. `compensating`: it does not take place; what the calendar may have of it is being "
    "removed, and `cancelled`, `withdrawn` or `failed` follows. `confirmed`: it stands in the calendar. `moved`: `from` its start "
    "before. `not_moved`: it stays, `to` was not to be had. `moved_by_staff`: an entry was moved in the calendar itself. "
    "`overlapped`: somebody else's entry lies on it. `cancelled`: it is gone from the calendar. `withdrawn`: a promise that could "
    "not be kept. `failed`: it could not be made."
)
_MAYBE: Final = {"type": ["string", "null"]}
_SECURITY: Final[list[dict[str, list[str]]]] = [{"bearer": []}, {"header": []}]
_KEY: Final = parameter(
    "Idempotency-Key",
    "header",
    "The same key with the same body on the same path gets the same status and bytes for 24 hours, also while the first call still "
    "runs; another body is 409 `idempotency_mismatch`. Answers with 429, 5xx and 409 `conflict` (the booking is just being changed, "
    "or not confirmed yet) are not kept.",
    required=False,
)
_LANGUAGE: Final = parameter("Accept-Language", "header", "The language of the segments' names.", required=False)
_REFERENCE: Final = parameter("reference", "path", "The booking's public name, in any case.")
_PENDING: Final = answer_of(
    "FullBooking",
    "The calendar has not answered in time: the change is written down with status `pending`, is settled within two hours and may "
    "be read at `GET /api/v2/bookings/{reference}`",
)
_READ: Final = ("401", "403", "422", "429")
_CHANGE: Final = ("400", "401", "403", "404", "409", "413", "415", "422", "429", "503")


def paths() -> dict[str, Any]:
    """Every path, in the order of the reference."""
    return {
        "/api/v2/bookings": {"post": _create(), "get": _list()},
        "/api/v2/bookings/{reference}": {"get": _get(), "delete": _cancel()},
        "/api/v2/bookings/{reference}/reschedule": {"patch": _reschedule()},
    }


def schemas() -> dict[str, Any]:
    """Every schema, in the order of the reference."""
    segments = {"type": "array", "items": {"$ref": "#/components/schemas/Segment"}}
    time = {"format": "date-time"}
    return {
        "BookingOrder": object_of(
            ("service", "start", "attendee"),
            service=text_of("The service's id."),
            start=text_of("With an offset, on the five-minute grid.", **time),
            staff={
                **_MAYBE,
                "description": "Who does the first segment and what else they can; left out, whoever can.",
            },
            segments={
                **segments,
                "description": "The `segments` of an availability slot, unchanged: exactly that plan or 409. Left out, the planner "
                "chooses.",
            },
            attendee={"$ref": "#/components/schemas/Attendee", "description": "The guest."},
            note={**_MAYBE, "maxLength": 1000, "description": "For the business."},
        ),
        "Attendee": object_of(
            ("name",),
            name=text_of("At most 200 characters.", maxLength=200),
            email={**_MAYBE, "description": "Where the invitation goes; without it none is sent."},
            phone={**_MAYBE, "description": "Read as a number of the business's country, told as E.164."},
            language={
                **_MAYBE,
                "description": "Of the invitation: `de` or `en`, by default the first of the business.",
            },
        ),
        "MoveOrder": object_of(
            ("start",),
            start=text_of("With an offset, on the five-minute grid.", **time),
            staff={**_MAYBE, "description": "Left out, the same as before where possible, else whoever can."},
            reason={**_MAYBE, "maxLength": 500, "description": "Kept in the history."},
        ),
        "CancelOrder": object_of(
            (), reason={**_MAYBE, "maxLength": 500, "description": "Kept in the history."}
        ),
        "FullBooking": object_of(
            (
                "reference", "status", "service", "service_name", "start", "end", "segments", "attendee", "note", "source",
                "created_at", "history",
            ),
            reference=text_of("The booking's public name; a move keeps it."),
            status=text_of(
                "Where it stands; `cancelled` as well where it was never made. It may be `cancelled` a moment before its history ends.",
                enum=list(STATUSES),
            ),
            service=text_of("The service's id."),
            service_name=text_of("The service in the answer's language."),
            start=text_of("With the offset of the tenant's zone.", **time),
            end=text_of("With the offset of the tenant's zone.", **time),
            segments={**segments, "description": "Who does what, from when until when."},
            attendee={"$ref": "#/components/schemas/Attendee", "description": "The guest."},
            note={**_MAYBE, "description": "For the business."},
            source=text_of("The door it came through, such as `chat` or `api`."),
            created_at=text_of("When it was asked for.", **time),
            history={
                "type": "array",
                "items": {"$ref": "#/components/schemas/HistoryEntry"},
                "description": "What happened to it, in order.",
            },
        ),
        "HistoryEntry": object_of(
            ("at", "event", "by", "source"),
            **{
                "at": text_of("When.", **time),
                "event": text_of(_EVENTS_MEAN, enum=list(EVENTS)),
                "by": text_of("`guest`, `staff` for whoever has a key or changed the calendar itself, `system` for what follows by itself.", enum=["guest", "staff", "system"]),
                "source": text_of("The door it came through, such as `chat` or `api`; `worker`, `calendar`."),
                "from": text_of("The start before a move.", **time),
                "to": text_of("The start that a move did not reach.", **time),
                "change": text_of("What is waited for.", enum=["book", "move", "cancel"]),
                "reason": text_of("Why."),
            },
        ),
        "BookingList": object_of(
            ("bookings",),
            bookings={
                "type": "array",
                "items": {"$ref": "#/components/schemas/FullBooking"},
                "description": "By start.",
            },
        ),
        "Alternative": object_of(
            ("start", "end", "staff"),
            start=text_of("When the guest would arrive.", **time),
            end=text_of("When the guest would leave.", **time),
            staff={"type": "array", "items": {"type": "string"}, "description": "Ids of the staff, by segment."},
        ),
    }  # fmt: skip


def _create() -> dict[str, Any]:
    return {
        "summary": "Book",
        "description": "The rules of the business (hours, notice, horizon) hold and answer 422 with the code `in_past`, `closed_day`, "
        "`outside_hours`, `notice_too_short` or `beyond_horizon`; a time that is taken is 409 `slot_taken`. Both carry "
        "`alternatives`. Other codes of 422: `unknown_service`, `unknown_staff`, `unsuitable_staff`, `unfit_segments`, "
        "`missing_offset`, `invalid`.",
        "tags": ["api"],
        "security": _SECURITY,
        "parameters": [_KEY, _LANGUAGE],
        "requestBody": {"required": True, **body_of("BookingOrder")},
        "responses": {
            "201": answer_of("FullBooking", "The booking, confirmed by the calendar"),
            "202": _PENDING,
            **dict.fromkeys((code for code in _CHANGE if code != "404"), PROBLEM),
        },
    }


def _list() -> dict[str, Any]:
    return {
        "summary": "List the bookings that start within a range",
        "tags": ["api"],
        "security": _SECURITY,
        "parameters": [
            parameter(
                "from",
                "query",
                "The earliest start, with an offset; by default today's first minute.",
                required=False,
            ),
            parameter(
                "to",
                "query",
                "What every start lies before, with an offset; by default the end of the booking horizon. At most 366 days after "
                "`from`.",
                required=False,
            ),
            _LANGUAGE,
        ],
        "responses": {
            "200": answer_of("BookingList", "Every booking, whatever its status"),
            **dict.fromkeys(_READ, PROBLEM),
        },
    }


def _get() -> dict[str, Any]:
    return {
        "summary": "Read a booking",
        "tags": ["api"],
        "security": _SECURITY,
        "parameters": [_REFERENCE, _LANGUAGE],
        "responses": {
            "200": answer_of("FullBooking", "The booking"),
            **dict.fromkeys(("401", "403", "404", "429"), PROBLEM),
        },
    }


def _reschedule() -> dict[str, Any]:
    return {
        "summary": "Move a booking",
        "description": "The deadline that guests have for changes does not hold here; what has begun, or is not confirmed, is 409 "
        "`illegal_move`. A booking that is as wished already stays as it is. Rules and codes for the new start are those of booking.",
        "tags": ["api"],
        "security": _SECURITY,
        "parameters": [_REFERENCE, _KEY, _LANGUAGE],
        "requestBody": {"required": True, **body_of("MoveOrder")},
        "responses": {
            "200": answer_of("FullBooking", "The booking at its new time, under the same reference"),
            "202": _PENDING,
            **dict.fromkeys(_CHANGE, PROBLEM),
        },
    }


def _cancel() -> dict[str, Any]:
    return {
        "summary": "Cancel a booking",
        "description": "The deadline that guests have for changes does not hold here; what has begun is 409 `illegal_move`. "
        "Cancelling again changes nothing.",
        "tags": ["api"],
        "security": _SECURITY,
        "parameters": [_REFERENCE, _KEY, _LANGUAGE],
        "requestBody": {"required": False, **body_of("CancelOrder")},
        "responses": {
            "200": answer_of("FullBooking", "The cancelled booking"),
            "202": _PENDING,
            **dict.fromkeys(_CHANGE, PROBLEM),
        },
    }
