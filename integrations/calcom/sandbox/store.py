"""The sandbox's SQLite file: schema, seeding, and one worker thread that runs every statement.

Writes are committed before their answer leaves, so a killed process loses nothing it acknowledged.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from integrations.calcom.sandbox.config import SandboxConfig, SandboxUser

T = TypeVar("T")
Db = sqlite3.Connection

_SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
  id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, name TEXT NOT NULL, email TEXT NOT NULL,
  time_zone TEXT NOT NULL, default_schedule_id INTEGER, profile TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS api_keys (
  hash TEXT PRIMARY KEY, user_id INTEGER, expired INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS schedules (
  id INTEGER PRIMARY KEY AUTOINCREMENT, owner_id INTEGER NOT NULL, name TEXT NOT NULL,
  time_zone TEXT NOT NULL, availability TEXT NOT NULL, overrides TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS event_types (
  id INTEGER PRIMARY KEY AUTOINCREMENT, owner_id INTEGER NOT NULL, slug TEXT NOT NULL,
  fields TEXT NOT NULL, UNIQUE (owner_id, slug));
CREATE TABLE IF NOT EXISTS bookings (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE, user_id INTEGER NOT NULL,
  event_type_id INTEGER, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, status TEXT NOT NULL,
  idempotency_key TEXT UNIQUE, recurring_uid TEXT, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
  details TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS bookings_by_host ON bookings (user_id, end_ms);
CREATE TABLE IF NOT EXISTS attendees (booking_id INTEGER NOT NULL, email TEXT NOT NULL, name TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS attendees_by_booking ON attendees (booking_id);
CREATE INDEX IF NOT EXISTS attendees_by_email ON attendees (email);
CREATE TABLE IF NOT EXISTS mails (
  id INTEGER PRIMARY KEY AUTOINCREMENT, recipient TEXT NOT NULL, kind TEXT NOT NULL,
  booking_uid TEXT NOT NULL, at_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS reservations (
  uid TEXT PRIMARY KEY, event_type_id INTEGER NOT NULL, user_id INTEGER NOT NULL, start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS webhooks (
  id TEXT PRIMARY KEY, user_id INTEGER, event_type_id INTEGER, fields TEXT NOT NULL, created_ms INTEGER NOT NULL);
"""

_PROFILE: dict[str, Any] = {"avatarUrl": None, "bio": None, "timeFormat": 24, "weekStart": "Monday"}


def key_hash(api_key: str) -> str:
    """SHA-256 of the key without its prefix, as Cal.com stores it."""
    return hashlib.sha256(api_key.removeprefix("cal_").encode()).hexdigest()


class Store:
    """One connection on one thread; `read` and `write` run a function with it."""

    def __init__(self, config: SandboxConfig) -> None:
        self._config = config
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="calcom-sandbox-db")
        self._db: Db | None = None

    async def open(self) -> None:
        """Open the file, create what is missing, add configured users."""
        await self._in_thread(self._open)

    async def close(self) -> None:
        """Close the connection and its thread; the store cannot be used afterwards."""
        await self._in_thread(self._close)
        self._thread.shutdown()

    async def read(self, work: Callable[[Db], T]) -> T:
        """Run `work` on the connection, outside a transaction."""
        return await self._in_thread(lambda: work(self._connection()))

    async def write(self, work: Callable[[Db], T]) -> T:
        """Run `work` in one transaction, committed before this returns; an exception rolls back."""

        def transaction() -> T:
            db = self._connection()
            db.execute("BEGIN IMMEDIATE")
            try:
                result = work(db)
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
            return result

        return await self._in_thread(transaction)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _connection(self) -> Db:
        if self._db is None:
            raise RuntimeError("the sandbox store is not open")
        return self._db

    def _open(self) -> None:
        self._config.database.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._config.database, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA busy_timeout = 5000")
        db.executescript(_SCHEMA)
        self._db = db
        for user in self._config.users:
            _add_user(db, user)
        for key in self._config.expired_keys:
            db.execute("INSERT OR IGNORE INTO api_keys VALUES (?, NULL, 1)", (key_hash(key),))

    def _close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


def _add_user(db: Db, user: SandboxUser) -> None:
    db.execute("BEGIN IMMEDIATE")
    row = db.execute("SELECT id FROM users WHERE username = ?", (user.username,)).fetchone()
    if row is None:
        cursor = db.execute(
            "INSERT INTO users (id, username, name, email, time_zone, profile) VALUES (?, ?, ?, ?, ?, ?)",
            (user.id, user.username, user.name, user.email, user.time_zone, json.dumps(_PROFILE)),
        )
        user_id = cursor.lastrowid
        availability = [
            {"days": list(hours.days), "startTime": hours.start_time, "endTime": hours.end_time}
            for hours in user.availability
        ]
        schedule = db.execute(
            "INSERT INTO schedules (owner_id, name, time_zone, availability, overrides) VALUES (?, ?, ?, ?, '[]')",
            (user_id, "Working hours", user.time_zone, json.dumps(availability)),
        )
        db.execute("UPDATE users SET default_schedule_id = ? WHERE id = ?", (schedule.lastrowid, user_id))
    else:
        user_id = row["id"]
    db.execute("INSERT OR REPLACE INTO api_keys VALUES (?, ?, 0)", (key_hash(user.api_key), user_id))
    db.execute("COMMIT")
