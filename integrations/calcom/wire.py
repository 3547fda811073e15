"""The parts of Cal.com's JSON that are used; extra fields are ignored, the rest must fit."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from pydantic import AliasGenerator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from booking_core.errors import Unintelligible

Json = dict[str, Any]
T = TypeVar("T")

LIVE_STATUSES = frozenset({"accepted", "pending"})


class WireModel(BaseModel):
    """Frozen, lenient on what is not named, camelCase outside."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=AliasGenerator(alias=to_camel), populate_by_name=True
    )


class Me(WireModel):
    """`GET /v2/me`: the account behind a key."""

    id: int
    username: str | None = None
    default_schedule_id: int | None = None
    time_zone: str | None = None
    organization_id: int | None = None


class Hours(WireModel):
    """Wall-clock hours of some weekdays: English day names, ``HH:MM``."""

    days: tuple[str, ...]
    start_time: str
    end_time: str


class Schedule(WireModel):
    """`GET /v2/schedules/default`."""

    id: int
    name: str
    time_zone: str
    availability: tuple[Hours, ...] = ()
    is_default: bool = False


class EventType(WireModel):
    """`GET /v2/event-types`; fields that are only compared stay in ``model_extra``."""

    model_config = ConfigDict(extra="allow")

    id: int
    slug: str
    length_in_minutes: int

    def says(self, name: str) -> bool:
        """Whether the answer has a field of this name (on the wire) at all."""
        return name in _EVENT_TYPE_FIELDS or name in (self.model_extra or {})

    def value(self, name: str) -> Any:
        """The answer's value of a field by its name on the wire; None where it is absent."""
        if name in _EVENT_TYPE_FIELDS:
            return getattr(self, _EVENT_TYPE_FIELDS[name])
        return (self.model_extra or {}).get(name)


_EVENT_TYPE_FIELDS = {"id": "id", "slug": "slug", "lengthInMinutes": "length_in_minutes"}


class Slot(WireModel):
    """One start in `GET /v2/slots`."""

    start: AwareDatetime


class Webhook(WireModel):
    """One subscription in `GET /v2/webhooks`; the secret comes in clear."""

    id: str | int
    subscriber_url: str
    triggers: tuple[str, ...] = ()
    active: bool = True
    secret: str | None = Field(default=None, repr=False)


class Booking(WireModel):
    """One booking; ``metadata`` is null or absent for some foreign bookings."""

    id: int
    uid: str
    status: str
    start: AwareDatetime
    end: AwareDatetime
    event_type_id: int | None = None
    metadata: Json | None = None
    rescheduled_to_uid: str | None = None
    updated_at: datetime | None = None

    @property
    def live(self) -> bool:
        """Whether it still takes time: accepted, or waiting for confirmation."""
        return self.status in LIVE_STATUSES


ME: TypeAdapter[Me] = TypeAdapter(Me)
SCHEDULE: TypeAdapter[Schedule] = TypeAdapter(Schedule)
EVENT_TYPE: TypeAdapter[EventType] = TypeAdapter(EventType)
EVENT_TYPES: TypeAdapter[list[EventType]] = TypeAdapter(list[EventType])
SLOTS: TypeAdapter[dict[str, list[Slot]]] = TypeAdapter(dict[str, list[Slot]])
WEBHOOK: TypeAdapter[Webhook] = TypeAdapter(Webhook)
WEBHOOKS: TypeAdapter[list[Webhook]] = TypeAdapter(list[Webhook])
BOOKING: TypeAdapter[Booking] = TypeAdapter(Booking)
BOOKINGS: TypeAdapter[list[Booking]] = TypeAdapter(list[Booking])


def parse(adapter: TypeAdapter[T], data: object, route: str) -> T:
    """The typed value of an answer's ``data``; raises Unintelligible naming the fields, never their values."""
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        fields = sorted({".".join(str(part) for part in problem["loc"]) for problem in error.errors()})
    # Raised outside the handler: the pydantic error holds the answer, which holds the guest.
    raise Unintelligible(f"{route}: unexpected shape", fields=tuple(fields[:10]))
