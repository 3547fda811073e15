"""`/v2/webhooks` and `/v2/event-types/{id}/webhooks`, and which subscribers an event concerns."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from integrations.calcom.sandbox import event_type_rows, webhook_payloads
from integrations.calcom.sandbox.accounts import get_user
from integrations.calcom.sandbox.booking_rows import Booking
from integrations.calcom.sandbox.delivery import WEBHOOK_VERSION, Delivery
from integrations.calcom.sandbox.errors import JsonObject, enveloped, invalid
from integrations.calcom.sandbox.routing import Answer, Call, Route, success
from integrations.calcom.sandbox.store import Db
from integrations.calcom.sandbox.times import iso_utc
from integrations.calcom.sandbox.validation import Problem

_TRIGGERS = (
    "BOOKING_CREATED", "BOOKING_PAYMENT_INITIATED", "BOOKING_PAID", "BOOKING_RESCHEDULED", "BOOKING_REQUESTED",
    "BOOKING_CANCELLED", "BOOKING_REJECTED", "BOOKING_NO_SHOW_UPDATED", "FORM_SUBMITTED", "MEETING_ENDED",
    "MEETING_STARTED", "RECORDING_READY", "RECORDING_TRANSCRIPTION_GENERATED", "OOO_CREATED",
    "AFTER_HOSTS_COACHOS_VIDEO_NO_SHOW", "AFTER_GUESTS_COACHOS_VIDEO_NO_SHOW", "FORM_SUBMITTED_NO_EVENT",
    "DELEGATION_CREDENTIAL_ERROR", "WRONG_ASSIGNMENT_REPORT",
)  # fmt: skip
_FIELDS = ("active", "subscriberUrl", "triggers", "secret", "payloadTemplate")


def deliveries(
    db: Db,
    trigger: str,
    booking: Booking,
    at: int,
    *,
    previous: Booking | None = None,
    confirmed: bool = False,
) -> list[Delivery]:
    """The webhooks an event of this booking causes, host's subscribers first, then its event type's."""
    rows = db.execute(
        "SELECT * FROM webhooks WHERE user_id = ? OR event_type_id = ? ORDER BY event_type_id IS NOT NULL, rowid",
        (booking.user_id, booking.event_type_id),
    ).fetchall()
    subscribers = [json.loads(row["fields"]) for row in rows]
    wanted = [fields for fields in subscribers if fields["active"] and trigger in fields["triggers"]]
    if not wanted:
        return []
    event_type = event_type_rows.find(db, booking.event_type_id) if booking.event_type_id is not None else None
    subject = webhook_payloads.Subject(booking, get_user(db, booking.user_id), event_type, previous, confirmed)
    content = webhook_payloads.payload(trigger, subject)
    return [
        Delivery(
            fields["subscriberUrl"],
            webhook_payloads.body(trigger, at, content, fields.get("payloadTemplate")),
            fields.get("secret"),
        )
        for fields in wanted
    ]


async def create(call: Call) -> Answer:
    """POST, for the user or for one event type; one subscriber address for each of them."""
    body = call.fields
    _check(body, partial=False)
    fields = {"payloadTemplate": None, "secret": None} | {name: body[name] for name in _FIELDS if name in body}
    now = call.world.now_ms()

    def work(db: Db) -> JsonObject:
        owner = _owner(db, call)
        column, value = next(iter(owner.items()))
        same = db.execute(f"SELECT fields FROM webhooks WHERE {column} = ?", (value,)).fetchall()
        if any(json.loads(row["fields"])["subscriberUrl"] == fields["subscriberUrl"] for row in same):
            kind = "user" if column == "user_id" else "event type"
            raise enveloped(409, f"Webhook with this subscriber url already exists for this {kind}")
        webhook_id = str(uuid.uuid4())
        db.execute(
            f"INSERT INTO webhooks (id, {column}, fields, created_ms) VALUES (?, ?, ?, ?)",
            (webhook_id, value, json.dumps(fields), now),
        )
        return _shape(_get(db, call, webhook_id))

    return success(await call.world.store.write(work), status=201)


async def list_webhooks(call: Call) -> Answer:
    """GET all of the user or of one event type."""

    def work(db: Db) -> list[JsonObject]:
        column, value = next(iter(_owner(db, call).items()))
        rows = db.execute(f"SELECT * FROM webhooks WHERE {column} = ? ORDER BY rowid", (value,)).fetchall()
        return [_shape(row) for row in rows]

    return success(await call.world.store.read(work))


async def get(call: Call) -> Answer:
    """GET one; this answer carries more columns than the others."""

    def work(db: Db) -> JsonObject:
        row = _get(db, call, call.params["webhook"])
        fields = json.loads(row["fields"])
        if row["event_type_id"] is not None:
            return _shape(row)
        return {
            "id": row["id"],
            "userId": row["user_id"],
            "teamId": None,
            "eventTypeId": None,
            "subscriberUrl": fields["subscriberUrl"],
            "payloadTemplate": fields["payloadTemplate"],
            "createdAt": iso_utc(row["created_ms"]),
            "active": fields["active"],
            "appId": None,
            "secret": fields["secret"],
            "platform": False,
            "time": None,
            "timeUnit": None,
            "version": WEBHOOK_VERSION,
            "triggers": fields["triggers"],
            "oAuthClientId": None,
        }

    return success(await call.world.store.read(work))


async def change(call: Call) -> Answer:
    """PATCH one."""
    body = call.fields

    def work(db: Db) -> JsonObject:
        row = _get(db, call, call.params["webhook"])
        _check(body, partial=True)
        fields = json.loads(row["fields"]) | {name: body[name] for name in _FIELDS if name in body}
        db.execute("UPDATE webhooks SET fields = ? WHERE id = ?", (json.dumps(fields), row["id"]))
        return _shape(_get(db, call, row["id"]))

    return success(await call.world.store.write(work))


async def delete(call: Call) -> Answer:
    """DELETE one."""

    def work(db: Db) -> JsonObject:
        row = _get(db, call, call.params["webhook"])
        db.execute("DELETE FROM webhooks WHERE id = ?", (row["id"],))
        return _shape(row)

    return success(await call.world.store.write(work))


async def delete_all(call: Call) -> Answer:
    """DELETE all of one event type."""

    def work(db: Db) -> int:
        column, value = next(iter(_owner(db, call).items()))
        return db.execute(f"DELETE FROM webhooks WHERE {column} = ?", (value,)).rowcount

    return success(f"{await call.world.store.write(work)} webhooks deleted")


def routes() -> list[Route]:
    """The routes of this resource, on both levels."""
    found: list[Route] = []
    for path in ("/v2/webhooks", "/v2/event-types/{id}/webhooks"):
        one = path + "/{webhook}"
        found += [
            Route("POST", path, create),
            Route("GET", path, list_webhooks),
            Route("GET", one, get),
            Route("PATCH", one, change),
            Route("DELETE", one, delete),
        ]
    found.append(Route("DELETE", "/v2/event-types/{id}/webhooks", delete_all))
    return found


def _owner(db: Db, call: Call) -> dict[str, int]:
    if "id" not in call.params:
        return {"user_id": call.user.id}
    event_type_id = call.number("id")
    event_type = event_type_rows.find(db, event_type_id)
    if event_type is None:
        raise enveloped(404, f"Event type with ID={event_type_id} does not exist.")
    if event_type.owner_id != call.user.id:
        raise enveloped(403, f"User with ID={call.user.id} does not own event type with ID={event_type_id}")
    return {"event_type_id": event_type_id}


def _get(db: Db, call: Call, webhook_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM webhooks WHERE id = ?", (webhook_id,)).fetchone()
    if row is None:
        raise enveloped(404, f"Webhook ({webhook_id}) not found")
    owner = _owner(db, call)
    if "event_type_id" in owner:
        if row["event_type_id"] != owner["event_type_id"]:
            raise enveloped(404, f"Webhook ({webhook_id}) not found")
    elif row["user_id"] != owner["user_id"]:
        raise enveloped(
            403,
            f"IsUserWebhookGuard - user with id=({call.user.id}) is not the owner of webhook with id=({webhook_id})",
        )
    return row


def _shape(row: sqlite3.Row) -> JsonObject:
    fields = json.loads(row["fields"])
    body: JsonObject = {"id": row["id"]}
    body |= {name: fields[name] for name in ("payloadTemplate", "triggers", "subscriberUrl", "active", "secret")}
    if row["user_id"] is not None:
        return body | {"userId": row["user_id"]}
    return body | {"eventTypeId": row["event_type_id"]}


def _check(body: Mapping[str, Any], *, partial: bool) -> None:
    problems: list[Problem] = []
    if ("active" in body or not partial) and not isinstance(body.get("active"), bool):
        problems.append(Problem("active", {"isBoolean": "active must be a boolean value"}))
    url = body.get("subscriberUrl")
    if ("subscriberUrl" in body or not partial) and not isinstance(url, str):
        problems.append(Problem("subscriberUrl", {"isString": "subscriberUrl must be a string"}))
    triggers = body.get("triggers")
    if ("triggers" in body or not partial) and (
        not isinstance(triggers, list) or any(trigger not in _TRIGGERS for trigger in triggers)
    ):
        text = f"each value in triggers must be one of the following values: {', '.join(_TRIGGERS)}"
        constraints = {"isEnum": text}
        if not isinstance(triggers, list):
            constraints["isArray"] = "triggers must be an array"
        problems.append(Problem("triggers", constraints))
    problems += [
        Problem(name, {"isString": f"{name} must be a string"})
        for name in ("secret", "payloadTemplate")
        if body.get(name) is not None and not isinstance(body[name], str)
    ]
    if problems:
        raise invalid([problem.listed(body) for problem in problems])
    if isinstance(url, str) and not _is_url(url):
        raise enveloped(400, "Webhook URL is not allowed: Invalid URL format")


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
