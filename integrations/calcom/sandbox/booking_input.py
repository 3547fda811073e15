"""What `POST /v2/bookings` accepts: fields, texts of refusal, and the values they become.

Availability and limits are judged elsewhere; this is about the body and the event type's form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.calcom.sandbox.errors import JsonObject, coded, enveloped
from integrations.calcom.sandbox.event_type_rows import EventType, field_slug
from integrations.calcom.sandbox.times import find_zone, parse_instant
from integrations.calcom.sandbox.validation import Problem, iso_problem, one_line, unknown_fields, zone_problem

_KNOWN = frozenset(
    {
        "start", "lengthInMinutes", "eventTypeId", "eventTypeSlug", "username", "teamSlug", "organizationSlug",
        "attendee", "bookingFieldsResponses", "guests", "meetingUrl", "location", "metadata", "routing",
        "emailVerificationCode", "instant", "recurrenceCount", "rrHostSubsetIds",
    }
)  # fmt: skip
_LANGUAGES = (
    "ar, ca, de, es, eu, he, id, ja, lv, pl, ro, sr, th, vi, az, cs, el, es-419, fi, hr, it, km, nl, pt, ru, sv, tr, "
    "zh-CN, bg, da, en, et, fr, hu, iw, ko, no, pt-BR, sk, ta, uk, zh-TW, bn"
)
_EMAIL = re.compile(r"^[^@\s\"<>(),;:]+@[A-Za-z0-9](?:[A-Za-z0-9-]*\.)+[A-Za-z]{2,}$")
_MAX_KEYS, _MAX_KEY, _MAX_VALUE = 50, 40, 500
VIDEO = "integrations:daily"
_INTERNAL_KINDS: Mapping[str, str] = {
    "address": "inPerson",
    "integration": VIDEO,
    "attendeePhone": "phone",
    "attendeeAddress": "attendeeInPerson",
    "attendeeDefined": "somewhereElse",
    "phone": "userPhone",
}


@dataclass(frozen=True, slots=True)
class Attendee:
    """Who books."""

    name: str
    email: str
    time_zone: str
    language: str
    phone: str | None

    def shape(self) -> JsonObject:
        """The attendee of a booking answer."""
        body = attendee_shape(self.name, self.email, self.time_zone, self.language)
        if self.phone:
            body["phoneNumber"] = self.phone
        return body


@dataclass(frozen=True, slots=True)
class Wish:
    """A well-formed booking request; `start` in epoch milliseconds, `length` in minutes."""

    start: int
    length: int
    attendee: Attendee
    location: str
    guests: list[str] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    responses: JsonObject = field(default_factory=dict)
    notes: str = ""


def attendee_shape(name: str, email: str, time_zone: str, language: str) -> JsonObject:
    """An attendee in the JSON shape of the API."""
    return {
        "name": name,
        "email": email,
        "displayEmail": email,
        "timeZone": time_zone,
        "language": language,
        "absent": False,
    }


def check_body(body: JsonObject) -> None:
    """Refuse a body that is malformed whatever the event type; 400 with one line of all problems."""
    problems = unknown_fields(body, _KNOWN)
    if parse_instant(body.get("start")) is None:
        problems.append(iso_problem("start"))
    problems += _attendee_problems(body.get("attendee"))
    if "guests" in body and not _strings(body["guests"]):
        problems.append(Problem("guests", {"isArray": "guests must be an array"}))
    if "metadata" in body and not _metadata_fits(body["metadata"]):
        text = (
            f"Metadata must have at most {_MAX_KEYS} keys, each key up to {_MAX_KEY} characters, "
            f"and string values up to {_MAX_VALUE} characters."
        )
        problems.append(Problem("metadata", {"validateMetadata": text}))
    if "bookingFieldsResponses" in body and not isinstance(body["bookingFieldsResponses"], dict):
        problems.append(
            Problem("bookingFieldsResponses", {"isObject": "bookingFieldsResponses must be an object"})
        )
    if not _names_event_type(body):
        problems.append(
            Problem(
                "eventTypeId or eventTypeSlug + username",
                {
                    "either": "Either eventTypeId or eventTypeSlug + username or eventTypeSlug + teamSlug "
                    "must be provided"
                },
            )
        )
    if problems:
        raise one_line(problems)


def read_wish(body: JsonObject, event_type: EventType) -> Wish:
    """The request for this event type; 400 where its form is not met."""
    length = _length(body, event_type)
    location = _location(body, event_type)
    responses = body.get("bookingFieldsResponses") or {}
    attendee: JsonObject = body["attendee"]
    _check_required(event_type, responses, attendee)
    metadata = body.get("metadata") or {}
    not_text = [
        f"metadata.{name} - Expected string, received {_js_type(value)}, "
        for name, value in sorted(metadata.items())
        if not isinstance(value, str)
    ]
    if not_text:
        raise coded(400, "BAD_REQUEST", "".join(not_text))
    email = attendee.get("email")
    if not email:
        raise coded(400, "BAD_REQUEST", "responses - {email}error_required_field, ")
    if not _EMAIL.match(email):
        raise coded(400, "BAD_REQUEST", "responses - {email}email_validation_error, ")
    start = parse_instant(body["start"])
    if start is None:
        raise one_line([iso_problem("start")])
    guests = list(body.get("guests") or [])
    return Wish(
        start=start,
        length=length,
        attendee=Attendee(
            attendee["name"],
            email,
            attendee["timeZone"],
            attendee.get("language") or "en",
            attendee.get("phoneNumber"),
        ),
        location=location,
        guests=guests,
        metadata=metadata,
        responses=_responses(body, attendee, guests),
        notes=str(responses.get("notes") or ""),
    )


def location_response(location: Mapping[str, Any]) -> JsonObject:
    """How a chosen location appears among the booking field responses."""
    kind = str(location.get("type"))
    option = (
        "" if kind == "address" else location.get("phone") or location.get("address") or location.get("location")
    )
    return {"value": _INTERNAL_KINDS.get(kind, kind), "optionValue": option or ""}


def _attendee_problems(attendee: Any) -> list[Problem]:
    if not isinstance(attendee, dict):
        return [Problem("attendee", {"isDefined": "attendee should not be null or undefined"})]
    inner: list[Problem] = []
    if not isinstance(attendee.get("name"), str):
        inner.append(Problem("name", {"isString": "name must be a string"}))
    if not attendee.get("email") and not attendee.get("phoneNumber"):
        text = "Attendee must have at least one contact method (email or phone number)"
        inner.append(Problem("attendee email or phone", {"contact": text}))
    if find_zone(attendee.get("timeZone")) is None:
        inner.append(zone_problem())
    for name in ("email", "phoneNumber"):
        if attendee.get(name) is not None and not isinstance(attendee[name], str):
            inner.append(Problem(name, {"isString": f"{name} must be a string"}))
    language = attendee.get("language")
    if language is not None and language not in _LANGUAGES.split(", "):
        inner.append(
            Problem("language", {"isEnum": f"language must be one of the following values: {_LANGUAGES}"})
        )
    return [Problem("attendee", {}, inner)] if inner else []


def _names_event_type(body: Mapping[str, Any]) -> bool:
    if isinstance(body.get("eventTypeId"), int):
        return True
    return bool(body.get("eventTypeSlug") and (body.get("username") or body.get("teamSlug")))


def _length(body: Mapping[str, Any], event_type: EventType) -> int:
    asked = body.get("lengthInMinutes")
    options = event_type.get("lengthInMinutesOptions")
    if asked is None:
        return event_type.length
    if not options:
        raise enveloped(
            400,
            "Can't specify 'lengthInMinutes' because event type does not have multiple possible lengths. "
            "Please, remove the 'lengthInMinutes' field from the request.",
        )
    if asked not in options:
        raise enveloped(
            400,
            "Provided 'lengthInMinutes' is not one of the possible lengths for the event type. "
            f"The possible lengths are: {', '.join(map(str, options))}",
        )
    return int(asked)


def _location(body: Mapping[str, Any], event_type: EventType) -> str:
    offered: list[JsonObject] = event_type.get("locations") or []
    asked = body.get("location")
    if isinstance(asked, dict):
        kind = asked.get("type")
        chosen = next((place for place in offered if place.get("type") == kind), None)
        if chosen is None:
            kinds = ", ".join(str(place.get("type")) for place in offered)
            raise enveloped(
                400,
                f"Booking location with type {kind} not valid for event type with id={event_type.id}. The event "
                f"type has following location types: {kinds}, and only these types are allowed for booking location.",
            )
        return place({**chosen, **asked})
    return place(offered[0]) if offered else VIDEO


def place(location: Mapping[str, Any]) -> str:
    """The text a booking shows for a location object."""
    if location.get("type") == "integration":
        return VIDEO
    for name in ("address", "link", "phone", "location"):
        if location.get(name):
            return str(location[name])
    return ""


def _responses(body: Mapping[str, Any], attendee: Mapping[str, Any], guests: list[str]) -> JsonObject:
    extra = dict(body.get("bookingFieldsResponses") or {})
    responses: JsonObject = {"email": attendee["email"]}
    if attendee.get("phoneNumber"):
        responses["attendeePhoneNumber"] = attendee["phoneNumber"]
    responses["name"] = attendee["name"]
    if guests:
        responses["guests"] = guests
    responses |= extra
    asked = body.get("location")
    if isinstance(asked, dict):
        responses["location"] = location_response(asked)
    responses["displayEmail"] = attendee["email"]
    if guests:
        responses["displayGuests"] = guests
    return responses


def _check_required(event_type: EventType, responses: Mapping[str, Any], attendee: Mapping[str, Any]) -> None:
    for wanted in event_type.custom_fields():
        slug = field_slug(wanted)
        given = responses.get(slug) or (slug == "attendeePhoneNumber" and attendee.get("phoneNumber"))
        if wanted.get("required") and not given:
            raise enveloped(
                400,
                f"Missing required booking field response: {slug} - it is required by the event type booking "
                "fields, but missing in the bookingFieldsResponses. You can fetch the event type with ID "
                f"{event_type.id} to see the required fields.",
            )


def _metadata_fits(metadata: Any) -> bool:
    if not isinstance(metadata, dict) or len(metadata) > _MAX_KEYS:
        return False
    return all(
        len(name) <= _MAX_KEY
        and isinstance(value, (str, int, float))
        and not (isinstance(value, str) and len(value) > _MAX_VALUE)
        for name, value in metadata.items()
    )


def _strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _js_type(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "null" if value is None else "object"
