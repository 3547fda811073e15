"""`/v2/event-types`: individual event types, and the shapes of 2024-04-15 a missing version gets."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Mapping
from typing import Any

from integrations.calcom.sandbox import event_type_rows as rows
from integrations.calcom.sandbox import legacy
from integrations.calcom.sandbox.accounts import find_schedule, find_user_named, get_user
from integrations.calcom.sandbox.errors import JsonObject, coded, enveloped, invalid
from integrations.calcom.sandbox.event_type_rows import EventType
from integrations.calcom.sandbox.routing import EVENT_TYPES_VERSION, Answer, Auth, Call, Route, success
from integrations.calcom.sandbox.store import Db
from integrations.calcom.sandbox.times import parse_instant
from integrations.calcom.sandbox.validation import Problem

_WHOLE_NUMBERS: Mapping[str, int] = {
    "slotInterval": 1,
    "minimumBookingNotice": 0,
    "beforeEventBuffer": 0,
    "afterEventBuffer": 0,
    "offsetStart": 0,
    "scheduleId": 1,
}
_POLICIES = (
    "bookingWindow",
    "confirmationPolicy",
    "seats",
    "recurrence",
    "bookerActiveBookingsLimit",
    "bookingLimitsCount",
    "bookingLimitsDuration",
    "disableCancelling",
    "disableRescheduling",
)
_NUMBERS_INSIDE: Mapping[str, tuple[str, ...]] = {
    "seats": ("seatsPerTimeSlot",),
    "recurrence": ("interval", "occurrences"),
    "bookerActiveBookingsLimit": ("maximumActiveBookings",),
    "bookingLimitsCount": ("day", "week", "month", "year"),
    "bookingLimitsDuration": ("day", "week", "month", "year"),
}
_OPTIONAL_INSIDE = ("bookingLimitsCount", "bookingLimitsDuration")
_FREQUENCIES = ("yearly", "monthly", "weekly", "daily")
_BOTH_ENDS = 2
_LONGEST_WINDOW = 36_500
_KINDS: tuple[tuple[tuple[str, ...], type, str, str], ...] = (
    (
        ("hidden", "disableGuests", "bookingRequiresAuthentication", "requiresBookerEmailVerification"),
        bool,
        "isBoolean",
        "a boolean value",
    ),
    (("locations", "bookingFields", "lengthInMinutesOptions"), list, "isArray", "an array"),
    (_POLICIES, dict, "isObject", "an object"),
)


async def create(call: Call) -> Answer:
    """POST: unknown fields are dropped silently, `metadata` and `emailSettings` among them."""
    body = call.fields
    _check(body, partial=False)
    fields = _written(body)
    owner = call.user

    def work(db: Db) -> JsonObject:
        _check_schedule(db, fields, owner.id)
        try:
            return rows.shape(rows.insert(db, owner.id, fields), owner)
        except sqlite3.IntegrityError:
            raise enveloped(400, "User already has an event type with this slug.") from None

    return success(await call.world.store.write(work), status=201)


async def create_legacy(call: Call) -> Answer:
    """POST in version 2024-04-15: `length` instead of `lengthInMinutes`."""
    body = call.fields
    problems = legacy.event_type_problems(body)
    if problems:
        target = {name: body[name] for name in ("title", "slug", "description", "length") if name in body}
        raise invalid([problem.listed(target) for problem in problems])
    owner = call.user
    fields = {
        "title": body["title"],
        "slug": slugify(body["slug"]),
        "lengthInMinutes": int(body["length"]),
        "bookingFields": None,
    }
    now = call.world.now_ms()

    def work(db: Db) -> JsonObject:
        try:
            return legacy.event_type(rows.insert(db, owner.id, fields), now)
        except sqlite3.IntegrityError:
            raise enveloped(400, "User already has an event type with this slug.") from None

    return success(await call.world.store.write(work), status=201)


async def list_event_types(call: Call) -> Answer:
    """GET: of a user by name (public), else one's own; without both an empty list."""
    username, slug = call.query.get("username"), call.query.get("eventSlug")

    def work(db: Db) -> list[JsonObject]:
        owner = find_user_named(db, username) if username else call.caller
        if owner is None:
            return []
        own = call.caller is not None and call.caller.id == owner.id
        found = [
            event_type
            for event_type in rows.list_of(db, owner.id)
            if (own or not event_type.get("hidden")) and slug in (None, "", event_type.slug)
        ]
        if call.query.get("sortCreatedAt") == "desc":
            found.reverse()
        return [rows.shape(event_type, owner, listed=True) for event_type in found]

    return success(await call.world.store.read(work))


async def get(call: Call) -> Answer:
    """GET by id, for the owner only."""
    event_type_id = call.number("id")
    return success(await call.world.store.read(lambda db: rows.shape(_owned(db, call, event_type_id), call.user)))


async def change(call: Call) -> Answer:
    """PATCH: the given fields are replaced."""
    event_type_id = call.number("id")
    body = call.fields
    owner = call.user

    def work(db: Db) -> JsonObject:
        event_type = _owned(db, call, event_type_id)
        _check(body, partial=True)
        fields = event_type.fields | _written(body)
        _check_lengths(fields)
        _check_schedule(db, fields, owner.id)
        try:
            return rows.shape(rows.update(db, event_type, fields), get_user(db, owner.id))
        except sqlite3.IntegrityError:
            raise coded(400, "TRPCError", "error_event_type_url_duplicate") from None

    return success(await call.world.store.write(work))


async def delete(call: Call) -> Answer:
    """DELETE by the owner: 404 when unknown, 403 when another's."""
    event_type_id = call.number("id")
    owner = call.user

    def work(db: Db) -> JsonObject:
        event_type = rows.find(db, event_type_id)
        if event_type is None:
            raise enveloped(404, f"Event type with ID={event_type_id} does not exist.")
        if event_type.owner_id != owner.id:
            raise enveloped(403, f"User with ID={owner.id} does not own event type with ID={event_type_id}")
        rows.delete(db, event_type_id)
        return {
            "id": event_type.id,
            "lengthInMinutes": event_type.length,
            "slug": event_type.slug,
            "title": event_type.title,
        }

    return success(await call.world.store.write(work))


def routes() -> list[Route]:
    """The routes of this resource."""
    path, one, version = "/v2/event-types", "/v2/event-types/{id}", EVENT_TYPES_VERSION
    return [
        Route("POST", path, create, version=version, legacy=create_legacy),
        Route("GET", path, list_event_types, Auth.OPTIONAL, version),
        Route("GET", one, get, version=version),
        Route("PATCH", one, change, version=version),
        Route("DELETE", one, delete, version=version),
    ]


def slugify(text: str) -> str:
    """Lower case, words joined by dashes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"-{2,}", "-", re.sub(r"[^a-z0-9.\-_]+", "-", plain)).strip("-")


def _owned(db: Db, call: Call, event_type_id: int) -> EventType:
    event_type = rows.find(db, event_type_id)
    if event_type is None or event_type.owner_id != call.user.id:
        raise enveloped(404, f"Event type with id {event_type_id} not found")
    return event_type


def _written(body: Mapping[str, Any]) -> JsonObject:
    fields: JsonObject = {}
    for name, value in body.items():
        if name not in rows.WRITABLE or (value is None and name in _POLICIES):
            continue
        if name in ("bookingLimitsCount", "bookingLimitsDuration") and value.get("disabled"):
            value = {}  # noqa: PLW2901 - an empty limit is no limit
        fields[name] = value
    if "slug" in fields:
        fields["slug"] = slugify(fields["slug"])
    return fields


def _check(body: JsonObject, *, partial: bool) -> None:
    problems: list[Problem] = []
    if "lengthInMinutes" in body or not partial:
        problems += _whole_number(body, "lengthInMinutes", 1)
    problems += [
        Problem(name, {"isString": f"{name} must be a string"})
        for name in ("title", "slug")
        if (name in body or not partial) and not isinstance(body.get(name), str)
    ]
    for name, lowest in _WHOLE_NUMBERS.items():
        if body.get(name) is not None:
            problems += _whole_number(body, name, lowest)
    for names, kind, rule, text in _KINDS:
        problems += [
            Problem(name, {rule: f"{name} must be {text}"})
            for name in names
            if body.get(name) is not None and not isinstance(body[name], kind)
        ]
    problems += _inner_problems(body)
    if problems:
        raise invalid([problem.listed(body) for problem in problems])
    _check_lengths(body)
    for field in body.get("bookingFields") or ():
        is_email = rows.field_slug(field) == "email"
        if is_email and (field.get("required") is False or field.get("hidden") is True):
            raise enveloped(400, "checkIsEmailUserAccessible - Email booking field must be required and visible")


def _inner_problems(body: JsonObject) -> list[Problem]:
    """Numbers inside policies, and the elements of lists."""
    problems: list[Problem] = []
    for name, numbers in _NUMBERS_INSIDE.items():
        policy = body.get(name)
        if not isinstance(policy, dict) or policy.get("disabled"):
            continue
        required = numbers if name not in _OPTIONAL_INSIDE else tuple(n for n in numbers if n in policy)
        inner = [problem for number in required for problem in _whole_number(policy, number, 1)]
        if name == "recurrence" and policy.get("frequency") not in _FREQUENCIES:
            inner.append(Problem("frequency", {"isEnum": f"frequency must be one of {', '.join(_FREQUENCIES)}"}))
        if inner:
            problems.append(Problem(name, {}, inner))
    window = body.get("bookingWindow")
    if isinstance(window, dict) and not window.get("disabled") and not _is_window(window):
        problems.append(Problem("bookingWindow", {"isWindow": "bookingWindow must have a type and a value of it"}))
    for name, kind in (("locations", dict), ("bookingFields", dict), ("lengthInMinutesOptions", int)):
        entries = body.get(name)
        if isinstance(entries, list) and not all(isinstance(entry, kind) for entry in entries):
            problems.append(Problem(name, {"nested": f"each value in {name} must be of the right kind"}))
    return problems


def _is_window(window: JsonObject) -> bool:
    value = window.get("value")
    if window.get("type") == "range":
        return isinstance(value, list) and len(value) == _BOTH_ENDS and all(map(_is_date, value))
    known = window.get("type") in ("calendarDays", "businessDays")
    return known and isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LONGEST_WINDOW


def _is_date(value: object) -> bool:
    return parse_instant(value) is not None


def _check_lengths(fields: Mapping[str, Any]) -> None:
    options, length = fields.get("lengthInMinutesOptions"), fields.get("lengthInMinutes")
    if options and length is not None and length not in options:
        raise enveloped(400, "The default length must be one of the lengthInMinutesOptions")


def _check_schedule(db: Db, fields: Mapping[str, Any], owner_id: int) -> None:
    schedule_id = fields.get("scheduleId")
    if schedule_id is None:
        return
    schedule = find_schedule(db, schedule_id)
    if schedule is None or schedule.owner_id != owner_id:
        raise enveloped(404, f"User with ID={owner_id} does not own schedule with ID={schedule_id}")


def _whole_number(body: Mapping[str, Any], name: str, lowest: int) -> list[Problem]:
    value = body.get(name)
    constraints: dict[str, str] = {}
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or value < lowest:  # type: ignore[operator]
        constraints["min"] = f"{name} must not be less than {lowest}"
    if not number or value != int(value):  # type: ignore[arg-type]
        constraints["isInt"] = f"{name} must be an integer number"
    return [Problem(name, constraints)] if constraints else []
