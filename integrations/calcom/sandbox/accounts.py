"""Users and schedules as rows: who a key belongs to, and the hours of a host."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from integrations.calcom.sandbox.errors import JsonObject
from integrations.calcom.sandbox.store import Db, key_hash


@dataclass(frozen=True, slots=True)
class User:
    """A Cal.com account."""

    id: int
    username: str
    name: str
    email: str
    time_zone: str
    default_schedule_id: int | None
    profile: JsonObject


@dataclass(frozen=True, slots=True)
class Schedule:
    """Weekly hours and date overrides, in the JSON shapes of the API."""

    id: int
    owner_id: int
    name: str
    time_zone: str
    availability: list[JsonObject]
    overrides: list[JsonObject]


@dataclass(frozen=True, slots=True)
class Key:
    """A known API key: its user, or expired."""

    user: User | None
    expired: bool


def find_key(db: Db, api_key: str) -> Key | None:
    """The key's record, None when it is unknown."""
    row = db.execute("SELECT user_id, expired FROM api_keys WHERE hash = ?", (key_hash(api_key),)).fetchone()
    if row is None:
        return None
    user = find_user(db, row["user_id"]) if row["user_id"] is not None else None
    return Key(user, bool(row["expired"]))


def find_user(db: Db, user_id: int) -> User | None:
    """The user with that id."""
    return _user(db.execute("SELECT * FROM users WHERE id = ?", (user_id,)).fetchone())


def find_user_named(db: Db, username: str) -> User | None:
    """The user with that username."""
    return _user(db.execute("SELECT * FROM users WHERE username = ?", (username,)).fetchone())


def get_user(db: Db, user_id: int) -> User:
    """The user with that id; rows that refer to users are never orphaned."""
    user = find_user(db, user_id)
    if user is None:
        raise LookupError(f"user {user_id} is missing")
    return user


def list_users(db: Db) -> list[User]:
    """All users by id."""
    rows = db.execute("SELECT * FROM users ORDER BY id").fetchall()
    return [user for user in map(_user, rows) if user is not None]


def update_user(db: Db, user_id: int, columns: dict[str, Any], profile: JsonObject) -> User:
    """Change name, email, time zone or default schedule, and profile values."""
    user = get_user(db, user_id)
    values = {
        "name": user.name,
        "email": user.email,
        "time_zone": user.time_zone,
        "default_schedule_id": user.default_schedule_id,
    } | columns
    db.execute(
        "UPDATE users SET name = ?, email = ?, time_zone = ?, default_schedule_id = ?, profile = ? WHERE id = ?",
        (*values.values(), json.dumps(user.profile | profile), user_id),
    )
    return get_user(db, user_id)


def find_schedule(db: Db, schedule_id: int) -> Schedule | None:
    """The schedule with that id."""
    return _schedule(db.execute("SELECT * FROM schedules WHERE id = ?", (schedule_id,)).fetchone())


def list_schedules(db: Db, owner_id: int) -> list[Schedule]:
    """The schedules of one user by id."""
    rows = db.execute("SELECT * FROM schedules WHERE owner_id = ? ORDER BY id", (owner_id,)).fetchall()
    return [schedule for schedule in map(_schedule, rows) if schedule is not None]


def effective_schedule(db: Db, host: User, schedule_id: int | None) -> Schedule | None:
    """The schedule an event type uses: its own while it exists, else the host's default."""
    own = find_schedule(db, schedule_id) if schedule_id is not None else None
    if own is not None:
        return own
    return find_schedule(db, host.default_schedule_id) if host.default_schedule_id is not None else None


def _user(row: sqlite3.Row | None) -> User | None:
    if row is None:
        return None
    return User(
        id=row["id"],
        username=row["username"],
        name=row["name"],
        email=row["email"],
        time_zone=row["time_zone"],
        default_schedule_id=row["default_schedule_id"],
        profile=json.loads(row["profile"]),
    )


def _schedule(row: sqlite3.Row | None) -> Schedule | None:
    if row is None:
        return None
    return Schedule(
        id=row["id"],
        owner_id=row["owner_id"],
        name=row["name"],
        time_zone=row["time_zone"],
        availability=json.loads(row["availability"]),
        overrides=json.loads(row["overrides"]),
    )
