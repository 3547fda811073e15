"""`/v2/schedules` and `/v2/me`: a host's hours with date overrides, and the host."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from integrations.calcom.sandbox import accounts, legacy
from integrations.calcom.sandbox.accounts import Schedule, User
from integrations.calcom.sandbox.config import WORKDAYS
from integrations.calcom.sandbox.errors import JsonObject, enveloped, invalid
from integrations.calcom.sandbox.routing import SCHEDULES_VERSION, Answer, Call, Route, success
from integrations.calcom.sandbox.store import Db
from integrations.calcom.sandbox.times import CLOCK, find_zone, is_date_only
from integrations.calcom.sandbox.validation import Problem, zone_problem

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_USUAL = [{"days": list(WORKDAYS), "startTime": "09:00", "endTime": "17:00"}]
_PROFILE_FIELDS = ("avatarUrl", "bio", "timeFormat", "weekStart")


async def me(call: Call) -> Answer:
    """GET /v2/me."""
    return success(_me(call.user))


async def change_me(call: Call) -> Answer:
    """PATCH /v2/me."""
    body = call.fields
    problems: list[Problem] = []
    if "timeZone" in body and find_zone(body["timeZone"]) is None:
        problems.append(zone_problem())
    default = body.get("defaultScheduleId")
    if default is not None and (isinstance(default, bool) or not isinstance(default, int)):
        problems.append(Problem("defaultScheduleId", {"isInt": "defaultScheduleId must be an integer number"}))
    for name in ("name", "email"):
        if name in body and not isinstance(body[name], str):
            problems.append(Problem(name, {"isString": f"{name} must be a string"}))
    if problems:
        raise invalid([problem.listed(body) for problem in problems])
    names = {"name": "name", "email": "email", "timeZone": "time_zone", "defaultScheduleId": "default_schedule_id"}
    columns = {column: body[name] for name, column in names.items() if name in body}
    profile = {name: body[name] for name in _PROFILE_FIELDS if name in body}
    user_id = call.user.id
    return success(
        await call.world.store.write(lambda db: _me(accounts.update_user(db, user_id, columns, profile)))
    )


async def create(call: Call) -> Answer:
    """POST: without availability the usual office hours; `isDefault` makes it the host's default."""
    body = call.fields
    _check(body, partial=False)
    owner = call.user

    def work(db: Db) -> JsonObject:
        cursor = db.execute(
            "INSERT INTO schedules (owner_id, name, time_zone, availability, overrides) VALUES (?, ?, ?, ?, ?)",
            (
                owner.id,
                body["name"],
                body["timeZone"],
                json.dumps(body.get("availability", _USUAL)),
                json.dumps(body.get("overrides", [])),
            ),
        )
        schedule_id = int(cursor.lastrowid or 0)
        if body["isDefault"]:
            accounts.update_user(db, owner.id, {"default_schedule_id": schedule_id}, {})
        return _read(db, owner, schedule_id)

    return success(await call.world.store.write(work), status=201)


async def list_schedules(call: Call) -> Answer:
    """GET: one's own."""
    owner = call.user
    return success(
        await call.world.store.read(
            lambda db: [shape(schedule, owner) for schedule in accounts.list_schedules(db, owner.id)]
        )
    )


async def list_legacy(call: Call) -> Answer:
    """GET in version 2024-04-15."""
    owner, now = call.user, call.world.now()

    def work(db: Db) -> list[JsonObject]:
        schedules = accounts.list_schedules(db, owner.id)
        return [
            legacy.schedule(schedule, owner, today=now.date(), only=len(schedules) == 1) for schedule in schedules
        ]

    return success(await call.world.store.read(work))


async def get_default(call: Call) -> Answer:
    """GET the default schedule; null when there is none."""
    owner = call.user

    def work(db: Db) -> JsonObject | None:
        schedule = accounts.effective_schedule(db, owner, None)
        return shape(schedule, owner) if schedule else None

    return success(await call.world.store.read(work))


async def get(call: Call) -> Answer:
    """GET by id: 404 when unknown, 403 when another's."""
    schedule_id = call.number("id")
    return success(await call.world.store.read(lambda db: shape(_owned(db, call, schedule_id), call.user)))


async def change(call: Call) -> Answer:
    """PATCH: availability and overrides are replaced whole."""
    schedule_id = call.number("id")
    body = call.fields

    def work(db: Db) -> JsonObject:
        schedule = _owned(db, call, schedule_id)
        _check(body, partial=True)
        db.execute(
            "UPDATE schedules SET name = ?, time_zone = ?, availability = ?, overrides = ? WHERE id = ?",
            (
                body.get("name", schedule.name),
                body.get("timeZone", schedule.time_zone),
                json.dumps(body.get("availability", schedule.availability)),
                json.dumps(body.get("overrides", schedule.overrides)),
                schedule_id,
            ),
        )
        if body.get("isDefault") is True:
            accounts.update_user(db, call.user.id, {"default_schedule_id": schedule_id}, {})
        return _read(db, call.user, schedule_id)

    return success(await call.world.store.write(work))


async def delete(call: Call) -> Answer:
    """DELETE; the answer has no data."""
    schedule_id = call.number("id")

    def work(db: Db) -> None:
        _owned(db, call, schedule_id)
        db.execute("DELETE FROM schedules WHERE id = ?", (schedule_id,))
        if call.user.default_schedule_id == schedule_id:
            left = accounts.list_schedules(db, call.user.id)
            next_default = left[0].id if left else None
            accounts.update_user(db, call.user.id, {"default_schedule_id": next_default}, {})

    await call.world.store.write(work)
    return Answer({"status": "success"})


def shape(schedule: Schedule, owner: User) -> JsonObject:
    """The JSON of one schedule in version 2024-06-11."""
    return {
        "id": schedule.id,
        "ownerId": schedule.owner_id,
        "name": schedule.name,
        "timeZone": schedule.time_zone,
        "availability": schedule.availability,
        "isDefault": owner.default_schedule_id == schedule.id,
        "overrides": schedule.overrides,
    }


def routes() -> list[Route]:
    """The routes of these resources."""
    path, one, version = "/v2/schedules", "/v2/schedules/{id}", SCHEDULES_VERSION
    return [
        Route("GET", "/v2/me", me),
        Route("PATCH", "/v2/me", change_me),
        Route("POST", path, create, version=version),
        Route("GET", path, list_schedules, version=version, legacy=list_legacy),
        Route("GET", "/v2/schedules/default", get_default, version=version),
        Route("GET", one, get, version=version),
        Route("PATCH", one, change, version=version),
        Route("DELETE", one, delete, version=version),
    ]


def _me(user: User) -> JsonObject:
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "avatarUrl": user.profile["avatarUrl"],
        "bio": user.profile["bio"],
        "timeFormat": user.profile["timeFormat"],
        "defaultScheduleId": user.default_schedule_id,
        "weekStart": user.profile["weekStart"],
        "timeZone": user.time_zone,
        "username": user.username,
        "organizationId": None,
    }


def _owned(db: Db, call: Call, schedule_id: int) -> Schedule:
    schedule = accounts.find_schedule(db, schedule_id)
    if schedule is None:
        raise enveloped(404, f"Schedule with ID={schedule_id} does not exist.")
    if schedule.owner_id != call.user.id:
        raise enveloped(403, f"User with ID={call.user.id} does not own schedule with ID={schedule_id}")
    return schedule


def _read(db: Db, owner: User, schedule_id: int) -> JsonObject:
    schedule = accounts.find_schedule(db, schedule_id)
    if schedule is None:
        raise LookupError(f"schedule {schedule_id} is missing")
    return shape(schedule, accounts.get_user(db, owner.id))


def _check(body: JsonObject, *, partial: bool) -> None:
    problems: list[Problem] = []
    if ("name" in body or not partial) and not isinstance(body.get("name"), str):
        problems.append(Problem("name", {"isString": "name must be a string"}))
    if ("timeZone" in body or not partial) and find_zone(body.get("timeZone")) is None:
        problems.append(zone_problem())
    problems += _entries(body, "availability", _availability_problems)
    if ("isDefault" in body or not partial) and not isinstance(body.get("isDefault"), bool):
        problems.append(Problem("isDefault", {"isBoolean": "isDefault must be a boolean value"}))
    problems += _entries(body, "overrides", _override_problems)
    if problems:
        raise invalid([problem.listed(body) for problem in problems])


def _entries(body: JsonObject, name: str, check: Any) -> list[Problem]:
    if name not in body:
        return []
    entries = body[name]
    if not isinstance(entries, list):
        return [Problem(name, {"isArray": f"{name} must be an array"})]
    bad = [
        Problem(str(index), {}, found)
        for index, entry in enumerate(entries)
        if (found := check(entry if isinstance(entry, dict) else {}))
    ]
    return [Problem(name, {}, bad)] if bad else []


def _availability_problems(entry: Mapping[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    days = entry.get("days")
    if not isinstance(days, list) or any(day not in _DAYS for day in days):
        text = f"each value in days must be one of the following values: {', '.join(_DAYS)}"
        problems.append(Problem("days", {"isIn": text}))
    return problems + _clock_problems(entry)


def _override_problems(entry: Mapping[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    if not _is_date(entry.get("date")):
        problems.append(Problem("date", {"isDateString": "date must be a valid ISO 8601 date string"}))
    return problems + _clock_problems(entry)


def _clock_problems(entry: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem(name, {"matches": f"{name} must be a valid time format HH:MM"})
        for name in ("startTime", "endTime")
        if not isinstance(entry.get(name), str) or not CLOCK.match(entry[name])
    ]


def _is_date(text: object) -> bool:
    if not isinstance(text, str) or not is_date_only(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
