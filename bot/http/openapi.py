"""The description of the HTTP interface (OpenAPI 3.1), the page that shows it, and the Markdown reference made from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from bot.http import openapi_bookings
from bot.http.openapi_parts import PROBLEM, answer_of, body_of, object_of, parameter, text_of

OUTCOMES: Final = (
    "greeted", "asked", "offers", "none_free", "alternatives", "held", "booked", "moved", "cancelled", "listed",
    "slot_taken", "in_past", "closed_day", "outside_hours", "notice_too_short", "beyond_horizon", "policy_denied",
    "ambiguous", "not_understood", "info", "handover", "refused", "calendar_down",
)  # fmt: skip
EXPECTS: Final = ("service", "when", "choice", "name", "contact", "confirm", "which_booking", "anything")


_SIMPLE: Final = "Every bookable start of a service without a pause"
_COMPOSITE: Final = "Every bookable start of a service with pauses"


def describe(version: str) -> dict[str, Any]:
    """The OpenAPI document of everything that is served to clients."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fermata",
            "version": version,
            "description": "Book, move and cancel appointments in a conversation. Times without an offset are wall times of the tenant.",
        },
        "paths": {
            "/api/chat/{tenant}/messages": {"post": _post_message(), "get": _get_transcript()},
            "/api/v2/health": {"get": _plain("Whether the API is ready to serve; needs no key", "api")},
            "/api/v2/availability/simple": {"post": _availability(_SIMPLE, "composite_service")},
            "/api/v2/availability/composite": {"post": _availability(_COMPOSITE, "simple_service")},
            **openapi_bookings.paths(),
            "/healthz": {"get": _plain("Whether the process is alive and ready to serve", "health")},
            "/readyz": {"get": _plain("Whether every port answers; names the failing ones", "health")},
            "/metrics": {"get": _plain("Numbers for Prometheus", "health")},
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "header": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
            },
        },
    }


def openapi_routes(version: str) -> list[web.RouteDef]:
    """``/openapi.json``."""
    document = describe(version)

    async def openapi(_request: web.Request) -> web.Response:
        return web.json_response(document)

    return [web.get("/openapi.json", openapi)]


def reference(document: Mapping[str, Any]) -> str:
    """The API reference as Markdown, generated from the description."""
    lines = ["# API reference", "", "Generated from `bot/http/openapi.py`; a test holds it to the code.", ""]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            lines += [f"## `{method.upper()} {path}`", "", operation["summary"] + ".", ""]
            if "description" in operation:
                lines += [operation["description"], ""]
            for each in operation.get("parameters", ()):
                needed = "" if each.get("required") else ", optional"
                lines.append(f"- `{each['name']}` ({each['in']}{needed}): {each['description']}")
            if operation.get("parameters"):
                lines.append("")
            if "requestBody" in operation:
                lines += ["Body: " + _reference_name(operation["requestBody"]), ""]
            lines += [f"- {status}: {answer['description']}" for status, answer in operation["responses"].items()]
            lines.append("")
    for name, schema in document["components"]["schemas"].items():
        lines += [f"## {name}", "", "| Field | Type | Meaning |", "|---|---|---|"]
        required = schema.get("required", ())
        for field, rule in schema["properties"].items():
            kind = _kind(rule) + ("" if field in required else ", optional")
            lines.append(f"| `{field}` | {kind} | {rule.get('description', '')} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _reference_name(body: Mapping[str, Any]) -> str:
    reference: str = body["content"]["application/json"]["schema"]["$ref"]
    return reference.rsplit("/", 1)[-1]


def _kind(rule: Mapping[str, Any]) -> str:
    if "$ref" in rule:
        return str(rule["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in rule:
        return " or ".join(_kind(option) for option in rule["anyOf"])
    if rule.get("type") == "array":
        return f"list of {_kind(rule['items'])}"
    if "enum" in rule:
        return " · ".join(f"`{value}`" for value in rule["enum"])
    kind = rule.get("type", "object")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _plain(summary: str, tag: str) -> dict[str, Any]:
    return {
        "summary": summary,
        "tags": [tag],
        "responses": {"200": {"description": "Yes"}, "503": {"description": "Not now"}},
    }


def _post_message() -> dict[str, Any]:
    return {
        "summary": "Say something or press a button, and get the answer",
        "description": "The first answer of a conversation says that an AI assistant is speaking. Nothing is booked before an "
        "answer with `expects: confirm` and a yes to it.",
        "tags": ["chat"],
        "parameters": [
            parameter("tenant", "path", "The business."),
            parameter(
                "Idempotency-Key",
                "header",
                "The same key with the same body gets the same bytes for 24 hours; another body is 409.",
                required=False,
            ),
        ],
        "requestBody": {"required": True, **body_of("Message")},
        "responses": {
            "200": answer_of("Answer", "The answer"),
            **dict.fromkeys(("400", "404", "409", "413", "415", "422", "429"), PROBLEM),
        },
    }


def _availability(summary: str, elsewhere: str) -> dict[str, Any]:
    return {
        "summary": summary,
        "description": "One slot for each start on the five-minute grid at which all segments have their place, with the best plan "
        "for it; none before the notice and none beyond the horizon of the business. The answer comes from what the calendar "
        "said at `fresh_at` and needs no calendar; only a day that was never read is read first, and 503 tells that it cannot be. "
        "The key (`Authorization: Bearer` or `X-Api-Key`) decides the tenant. Codes of 422: `unknown_service`, `unknown_staff`, "
        f"`{elsewhere}` (ask the other path), `missing_offset`, `reversed_range`, `range_too_long` (more than 31 days), `invalid`.",
        "tags": ["api"],
        "security": [{"bearer": []}, {"header": []}],
        "parameters": [
            parameter("Accept-Language", "header", "The language of the segments' names.", required=False),
        ],
        "requestBody": {"required": True, **body_of("AvailabilityWish")},
        "responses": {
            "200": answer_of("Availability", "All slots in order of start"),
            **dict.fromkeys(("400", "401", "413", "415", "422", "429", "503"), PROBLEM),
        },
    }


def _get_transcript() -> dict[str, Any]:
    return {
        "summary": "Read what was said",
        "tags": ["chat"],
        "parameters": [
            parameter("tenant", "path", "The business."),
            parameter("conversation", "query", "The only key to the conversation; an unknown one is empty."),
            parameter("bookings", "query", "`1` to read its bookings as well.", required=False),
        ],
        "responses": {"200": answer_of("Transcript", "All lines in order"), "404": PROBLEM, "422": PROBLEM},
    }


def _schemas() -> dict[str, Any]:
    maybe = {"type": ["string", "null"]}
    return {
        "Message": object_of(
            (),
            conversation={**maybe, "description": "8 to 64 of `[A-Za-z0-9_-]`; left out, the server makes one."},
            text={
                **maybe,
                "maxLength": 2000,
                "description": "The guest's words. Exactly one of `text` and `choice`.",
            },
            choice={**maybe, "description": "The id of a choice of the last answer."},
            language={**maybe, "description": "`de` or `en`, a hint; the guest's words win."},
        ),
        "Answer": object_of(
            ("conversation", "language", "replies", "expects", "choices", "outcome", "booking"),
            conversation=text_of("The key to go on with."),
            language=text_of("The language of the answer.", enum=["de", "en"]),
            replies={
                "type": "array",
                "items": object_of(("text",), text=text_of("One reply.")),
                "description": "What the bot says, in order, each with `text`.",
            },
            expects=text_of("What the bot waits for.", enum=list(EXPECTS)),
            choices={"type": "array", "items": {"$ref": "#/components/schemas/Choice"}, "description": "Buttons."},
            outcome={"$ref": "#/components/schemas/Outcome", "description": "What happened in this turn."},
            booking={
                "anyOf": [{"$ref": "#/components/schemas/Booking"}, {"type": "null"}],
                "description": "After `booked`, `moved`, `cancelled` and with a `pending` promise.",
            },
        ),
        "Choice": object_of(
            ("id", "label"),
            id=text_of("What to send as `choice`."),
            label=text_of("What to show."),
            start=text_of("Wall time of the start, where the choice is a time."),
            end=text_of("Wall time of the end."),
            segments={
                "type": "array",
                "items": {"$ref": "#/components/schemas/Segment"},
                "description": "The blocks of the bar.",
            },
            price={"type": "number", "description": "In EUR."},
            service_name=text_of("The service in the answer's language."),
        ),
        "Outcome": object_of(
            ("code", "requested"),
            code=text_of("The kind of outcome.", enum=list(OUTCOMES)),
            requested={
                "type": ["object", "null"],
                "description": "`service`, `start` and `end` as they were understood.",
            },
        ),
        "Booking": object_of(
            ("reference", "status", "service", "start", "end", "segments"),
            reference=text_of("The booking's public name."),
            status=text_of("Where it stands.", enum=list(openapi_bookings.STATUSES)),
            service=text_of("The service's id."),
            service_name=text_of("The service in the answer's language."),
            start=text_of("With the offset of the tenant's zone.", format="date-time"),
            end=text_of("With the offset of the tenant's zone.", format="date-time"),
            segments={
                "type": "array",
                "items": {"$ref": "#/components/schemas/Segment"},
                "description": "Who does what, from when until when.",
            },
        ),
        "Segment": object_of(
            ("name", "staff", "start", "end"),
            name=text_of("In the answer's language."),
            staff=text_of("The staff member's id."),
            staff_name=text_of("The staff member's name, with choices."),
            start=text_of("When it begins."),
            end=text_of("When it ends."),
        ),
        "AvailabilityWish": object_of(
            ("service", "from", "to"),
            **{
                "service": text_of("The service's id."),
                "from": text_of("The earliest start, with an offset.", format="date-time"),
                "to": text_of(
                    "What every start lies before, with an offset; at most 31 days after `from`.",
                    format="date-time",
                ),
                "staff": {
                    **maybe,
                    "description": "Who does the first segment and what else they can; left out, whoever can.",
                },
            },
        ),
        "Availability": object_of(
            ("slots", "fresh_at"),
            slots={
                "type": "array",
                "items": {"$ref": "#/components/schemas/Slot"},
                "description": "Empty where nothing is free.",
            },
            fresh_at={
                **maybe,
                "format": "date-time",
                "description": "When the calendar said what this rests on, for its oldest part; null where it was not needed.",
            },
        ),
        "Slot": object_of(
            ("start", "end", "segments"),
            start=text_of("When the guest arrives, with the offset of the tenant's zone.", format="date-time"),
            end=text_of("When the guest leaves.", format="date-time"),
            segments={
                "type": "array",
                "items": {"$ref": "#/components/schemas/Segment"},
                "description": "Who does what, from when until when.",
            },
        ),
        **openapi_bookings.schemas(),
        "Transcript": object_of(
            ("conversation", "messages"),
            conversation=text_of("The key."),
            messages={
                "type": "array",
                "items": object_of(
                    ("from", "text", "at"),
                    **{
                        "from": text_of("Who spoke.", enum=["guest", "bot"]),
                        "text": text_of("As it was said."),
                        "at": text_of("When.", format="date-time"),
                    },
                ),
                "description": "Lines with `from` (guest or bot), `text` and `at`.",
            },
            bookings={
                "type": "array",
                "items": {"$ref": "#/components/schemas/Booking"},
                "description": "If asked for: the bookings of the conversation, by start, without those being changed.",
            },
        ),
        "Problem": object_of(
            ("type", "title", "status", "code"),
            type=text_of("A path that names the kind."),
            title=text_of("For people, in the language of Accept-Language."),
            status={"type": "integer", "description": "The HTTP status."},
            code=text_of("For programs."),
            detail=text_of("For developers."),
            field=text_of("The field that is wrong."),
            alternatives={
                "type": "array",
                "items": {"$ref": "#/components/schemas/Alternative"},
                "description": "What is possible instead of a start that is taken or against a rule.",
            },
        ),
    }
