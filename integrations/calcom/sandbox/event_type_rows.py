"""Event types as rows, and their shape in an answer of version 2024-06-14."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from integrations.calcom.sandbox.accounts import User
from integrations.calcom.sandbox.availability import Buffers
from integrations.calcom.sandbox.errors import JsonObject
from integrations.calcom.sandbox.store import Db

BOOKER_URL = "http://localhost:3000"

_OFF: JsonObject = {"disabled": True}
_DEFAULTS: JsonObject = {
    "description": "",
    "locations": [],
    "bookingFields": [],
    "recurrence": None,
    "disableGuests": False,
    "slotInterval": None,
    "minimumBookingNotice": 120,
    "beforeEventBuffer": 0,
    "afterEventBuffer": 0,
    "metadata": {},
    "price": 0,
    "currency": "usd",
    "lockTimeZoneToggleOnBookingPage": False,
    "forwardParamsSuccessRedirect": True,
    "successRedirectUrl": None,
    "isInstantEvent": False,
    "users": [],
    "scheduleId": None,
    "onlyShowFirstAvailableSlot": False,
    "offsetStart": 0,
    "bookingWindow": _OFF,
    "confirmationPolicy": _OFF,
    "requiresBookerEmailVerification": False,
    "hideCalendarNotes": False,
    "seats": _OFF,
    "useDestinationCalendarEmail": False,
    "hideCalendarEventDetails": False,
    "hideOrganizerEmail": False,
    "calVideoSettings": {"sendTranscriptionEmails": True},
    "hidden": False,
    "bookingRequiresAuthentication": False,
    "bookerActiveBookingsLimit": _OFF,
    "bookingUrl": "",
    "disableCancelling": {"disabled": False},
    "disableRescheduling": {"disabled": False},
    "interfaceLanguage": None,
    "allowReschedulingPastBookings": False,
    "allowReschedulingCancelledBookings": False,
    "showOptimizedSlots": False,
}
_READ_ONLY = frozenset({"metadata", "price", "currency", "isInstantEvent", "users", "bookingUrl"})
_ONLY_WHEN_SET = (
    "customName",
    "color",
    "bookerLayouts",
    "destinationCalendar",
    "bookingLimitsCount",
    "bookingLimitsDuration",
)
WRITABLE = (
    frozenset(_DEFAULTS) - _READ_ONLY
    | frozenset(_ONLY_WHEN_SET)
    | {"title", "slug", "lengthInMinutes", "lengthInMinutesOptions"}
)
_BEFORE_CUSTOM: tuple[JsonObject, ...] = (
    {"type": "name", "slug": "name", "required": True, "label": "your_name", "disableOnPrefill": False},
    {"type": "email", "slug": "email", "required": True, "disableOnPrefill": False, "hidden": False},
    {"type": "radioInput", "slug": "location", "required": False, "hidden": False},
)
_AFTER_CUSTOM: tuple[JsonObject, ...] = (
    {"type": "text", "slug": "title", "required": True, "disableOnPrefill": False, "hidden": True},
    {"type": "textarea", "slug": "notes", "required": False, "disableOnPrefill": False, "hidden": False},
    {"type": "multiemail", "slug": "guests", "required": False, "disableOnPrefill": False, "hidden": False},
    {
        "type": "textarea",
        "slug": "rescheduleReason",
        "required": False,
        "disableOnPrefill": False,
        "hidden": False,
    },
)
SYSTEM_FIELDS = frozenset(str(field["slug"]) for field in (*_BEFORE_CUSTOM, *_AFTER_CUSTOM))


@dataclass(frozen=True, slots=True)
class EventType:
    """An event type; `fields` holds what was written, defaults are added when it is read."""

    id: int
    owner_id: int
    slug: str
    fields: JsonObject

    def get(self, name: str) -> Any:
        """The value of a field, its default when it was not written."""
        return self.fields.get(name, _DEFAULTS.get(name))

    @property
    def title(self) -> str:
        return str(self.fields["title"])

    @property
    def length(self) -> int:
        """Minutes."""
        return int(self.fields["lengthInMinutes"])

    @property
    def buffers(self) -> Buffers:
        return Buffers(int(self.get("beforeEventBuffer") or 0), int(self.get("afterEventBuffer") or 0))

    @property
    def seats(self) -> int | None:
        """Seats per slot, None for an ordinary event type."""
        policy = self.get("seats")
        return None if policy.get("disabled") else int(policy["seatsPerTimeSlot"])

    @property
    def needs_confirmation(self) -> bool:
        return not self.get("confirmationPolicy").get("disabled", False)

    @property
    def pending_blocks(self) -> bool:
        """Whether bookings waiting for confirmation take the time for this event type."""
        return bool(self.get("confirmationPolicy").get("blockUnconfirmedBookingsInBooker", False))

    def custom_fields(self) -> list[JsonObject]:
        """The booking fields the owner added."""
        return [field for field in self.get("bookingFields") or () if field_slug(field) not in SYSTEM_FIELDS]


def field_slug(field: JsonObject) -> str:
    """A booking field's slug; system fields may be named by their type alone."""
    return str(field.get("slug") or field.get("type") or "")


def shape(event_type: EventType, owner: User, *, listed: bool = False) -> JsonObject:
    """The JSON of one event type; lists leave hidden booking fields out."""
    fields = event_type.fields
    options = fields.get("lengthInMinutesOptions")
    body: JsonObject = {"id": event_type.id, "ownerId": event_type.owner_id, "lengthInMinutes": event_type.length}
    if options:
        body["lengthInMinutesOptions"] = options
    body |= {"title": event_type.title, "slug": event_type.slug}
    body |= {name: fields.get(name, default) for name, default in _DEFAULTS.items()}
    body |= {name: fields[name] for name in _ONLY_WHEN_SET if name in fields}
    body["bookingFields"] = _booking_fields(event_type.get("bookingFields"), listed=listed)
    body["metadata"] = {"multipleDuration": options} if options else {}
    body["users"] = [_public_user(owner)]
    body["bookingUrl"] = f"{BOOKER_URL}/{owner.username}/{event_type.slug}"
    for name in ("seats", "recurrence"):
        policy = body[name]
        if policy and not policy.get("disabled"):
            body[name] = {"disabled": False, **policy}
    return body


def insert(db: Db, owner_id: int, fields: JsonObject) -> EventType:
    """Add an event type; sqlite3.IntegrityError when the owner already has the slug."""
    cursor = db.execute(
        "INSERT INTO event_types (owner_id, slug, fields) VALUES (?, ?, ?)",
        (owner_id, fields["slug"], json.dumps(fields)),
    )
    return EventType(int(cursor.lastrowid or 0), owner_id, fields["slug"], fields)


def update(db: Db, event_type: EventType, fields: JsonObject) -> EventType:
    """Replace the fields; sqlite3.IntegrityError when the owner already has the slug."""
    db.execute(
        "UPDATE event_types SET slug = ?, fields = ? WHERE id = ?",
        (fields["slug"], json.dumps(fields), event_type.id),
    )
    return EventType(event_type.id, event_type.owner_id, fields["slug"], fields)


def delete(db: Db, event_type_id: int) -> None:
    """Remove an event type; its bookings stay, without one."""
    db.execute("UPDATE bookings SET event_type_id = NULL WHERE event_type_id = ?", (event_type_id,))
    db.execute("DELETE FROM webhooks WHERE event_type_id = ?", (event_type_id,))
    db.execute("DELETE FROM event_types WHERE id = ?", (event_type_id,))


def find(db: Db, event_type_id: int) -> EventType | None:
    """The event type with that id."""
    return _row(db.execute("SELECT * FROM event_types WHERE id = ?", (event_type_id,)).fetchone())


def find_by_slug(db: Db, owner_id: int, slug: str) -> EventType | None:
    """The owner's event type with that slug."""
    return _row(
        db.execute("SELECT * FROM event_types WHERE owner_id = ? AND slug = ?", (owner_id, slug)).fetchone()
    )


def list_of(db: Db, owner_id: int) -> list[EventType]:
    """The owner's event types by id."""
    rows = db.execute("SELECT * FROM event_types WHERE owner_id = ? ORDER BY id", (owner_id,)).fetchall()
    return [event_type for event_type in map(_row, rows) if event_type is not None]


def all_by_id(db: Db) -> dict[int, EventType]:
    """Every event type."""
    rows = db.execute("SELECT * FROM event_types").fetchall()
    return {event_type.id: event_type for event_type in map(_row, rows) if event_type is not None}


def _row(row: sqlite3.Row | None) -> EventType | None:
    if row is None:
        return None
    return EventType(row["id"], row["owner_id"], row["slug"], json.loads(row["fields"]))


def _booking_fields(written: Sequence[JsonObject] | None, *, listed: bool) -> list[JsonObject]:
    # An event type made through the old version has no fields of its own, hence no label either.
    unlabelled = written is None
    tuned = {field_slug(field): field for field in written or ()}

    def system(field: JsonObject) -> JsonObject:
        changes = tuned.get(str(field["slug"]), {})
        kept = {name: value for name, value in changes.items() if name not in ("type", "slug")}
        usual = {name: value for name, value in field.items() if not (unlabelled and name == "label")}
        return {"isDefault": True, **usual, **kept}

    custom = [
        {
            "isDefault": False,
            **field,
            "disableOnPrefill": field.get("disableOnPrefill", False),
            "hidden": field.get("hidden", False),
        }
        for slug, field in tuned.items()
        if slug not in SYSTEM_FIELDS
    ]
    every = [*map(system, _BEFORE_CUSTOM), *custom, *map(system, _AFTER_CUSTOM)]
    return [field for field in every if not (listed and field.get("hidden"))]


def _public_user(owner: User) -> JsonObject:
    return {
        "id": owner.id,
        "name": owner.name,
        "username": owner.username,
        "avatarUrl": owner.profile["avatarUrl"],
        "brandColor": None,
        "darkBrandColor": None,
        "weekStart": owner.profile["weekStart"],
        "metadata": {},
    }
