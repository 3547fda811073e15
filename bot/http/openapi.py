"""The description of the HTTP interface (OpenAPI 3.1), the page that shows it, and the Markdown reference made from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

_STRING: Final = {"type": "string"}
_PROBLEM: Final = {
    "description": "What is wrong, as a problem body (RFC 9457) with `code` and, for 422, `field`.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
OUTCOMES: Final = (
    "greeted", "asked", "offers", "none_free", "alternatives", "held", "booked", "moved", "cancelled", "listed",
    "slot_taken", "in_past", "closed_day", "outside_hours", "notice_too_short", "beyond_horizon", "policy_denied",
    "ambiguous", "not_understood", "info", "handover", "refused", "calendar_down",
)  # fmt: skip
EXPECTS: Final = ("service", "when", "choice", "name", "contact", "confirm", "which_booking", "anything")


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
            "/healthz": {"get": _plain("Whether the process is alive and ready to serve", "health")},
            "/readyz": {"get": _plain("Whether every port answers; names the failing ones", "health")},
            "/metrics": {"get": _plain("Numbers for Prometheus", "health")},
        },
        "components": {"schemas": _schemas()},
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
            for parameter in operation.get("parameters", ()):
                needed = "" if parameter.get("required") else ", optional"
                lines.append(f"- `{parameter['name']}` ({parameter['in']}{needed}): {parameter['description']}")
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


def _parameter(name: str, where: str, description: str, *, required: bool = True) -> dict[str, Any]:
    return {"name": name, "in": where, "required": required, "description": description, "schema": _STRING}


def _json(schema: str, description: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


def _post_message() -> dict[str, Any]:
    return {
        "summary": "Say something or press a button, and get the answer",
        "description": "The first answer of a conversation says that an AI assistant is speaking. Nothing is booked before an "
        "answer with `expects: confirm` and a yes to it.",
        "tags": ["chat"],
        "parameters": [
            _parameter("tenant", "path", "The business."),
            _parameter(
                "Idempotency-Key",
                "header",
                "The same key with the same body gets the same bytes for 24 hours; another body is 409.",
                required=False,
            ),
        ],
        "requestBody": {"required": True, **_body("Message")},
        "responses": {
            "200": _json("Answer", "The answer"),
            **dict.fromkeys(("404", "409", "413", "415", "422", "429"), _PROBLEM),
        },
    }


def _body(schema: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _get_transcript() -> dict[str, Any]:
    return {
        "summary": "Read what was said",
        "tags": ["chat"],
        "parameters": [
            _parameter("tenant", "path", "The business."),
            _parameter("conversation", "query", "The only key to the conversation; an unknown one is empty."),
        ],
        "responses": {"200": _json("Transcript", "All lines in order"), "404": _PROBLEM, "422": _PROBLEM},
    }


def _object(required: Sequence[str], **properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": dict(properties)}


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


def _schemas() -> dict[str, Any]:
    maybe = {"type": ["string", "null"]}
    return {
        "Message": _object(
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
        "Answer": _object(
            ("conversation", "language", "replies", "expects", "choices", "outcome", "booking"),
            conversation=_text("The key to go on with."),
            language=_text("The language of the answer.", enum=["de", "en"]),
            replies={
                "type": "array",
                "items": _object(("text",), text=_text("One reply.")),
                "description": "What the bot says, in order, each with `text`.",
            },
            expects=_text("What the bot waits for.", enum=list(EXPECTS)),
            choices={"type": "array", "items": {"$ref": "#/components/schemas/Choice"}, "description": "Buttons."},
            outcome={"$ref": "#/components/schemas/Outcome", "description": "What happened in this turn."},
            booking={
                "anyOf": [{"$ref": "#/components/schemas/Booking"}, {"type": "null"}],
                "description": "After `booked`, `moved`, `cancelled` and with a `pending` promise.",
            },
        ),
        "Choice": _object(
            ("id", "label"),
            id=_text("What to send as `choice`."),
            label=_text("What to show."),
            start=_text("Wall time of the start, where the choice is a time."),
            end=_text("Wall time of the end."),
            segments={
                "type": "array",
                "items": {"$ref": "#/components/schemas/Segment"},
                "description": "The blocks of the bar.",
            },
            price={"type": "number", "description": "In EUR."},
            service_name=_text("The service in the answer's language."),
        ),
        "Outcome": _object(
            ("code", "requested"),
            code=_text("The kind of outcome.", enum=list(OUTCOMES)),
            requested={
                "type": ["object", "null"],
                "description": "`service`, `start` and `end` as they were understood.",
            },
        ),
        "Booking": _object(
            ("reference", "status", "service", "start", "end", "segments"),
            reference=_text("The booking's public name."),
            status=_text("Where it stands.", enum=["pending", "confirmed", "cancelled"]),
            service=_text("The service's id."),
            service_name=_text("The service in the answer's language."),
            start=_text("With the offset of the tenant's zone.", format="date-time"),
            end=_text("With the offset of the tenant's zone.", format="date-time"),
            segments={
                "type": "array",
                "items": {"$ref": "#/components/schemas/Segment"},
                "description": "Who does what, from when until when.",
            },
        ),
        "Segment": _object(
            ("name", "staff", "start", "end"),
            name=_text("In the answer's language."),
            staff=_text("The staff member's id."),
            staff_name=_text("The staff member's name, with choices."),
            start=_text("When it begins."),
            end=_text("When it ends."),
        ),
        "Transcript": _object(
            ("conversation", "messages"),
            conversation=_text("The key."),
            messages={
                "type": "array",
                "items": _object(
                    ("from", "text", "at"),
                    **{
                        "from": _text("Who spoke.", enum=["guest", "bot"]),
                        "text": _text("As it was said."),
                        "at": _text("When.", format="date-time"),
                    },
                ),
                "description": "Lines with `from` (guest or bot), `text` and `at`.",
            },
        ),
        "Problem": _object(
            ("type", "title", "status", "code"),
            type=_text("A path that names the kind."),
            title=_text("For people, in the language of Accept-Language."),
            status={"type": "integer", "description": "The HTTP status."},
            code=_text("For programs."),
            detail=_text("For developers."),
            field=_text("The field that is wrong."),
        ),
    }
