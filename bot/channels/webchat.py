"""The chat as JSON over HTTP: the door of the web page, the widget and any other client."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from time import perf_counter
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
from aiohttp import web

from booking_core.model.booking import Booking
from booking_core.model.ids import ConversationId, new_conversation_id
from booking_core.model.tenant import Tenant
from bot.booking_json import booking_json
from bot.dialogue.message import Message, fingerprint
from bot.dialogue.reply import Choice, Reply
from bot.http.bodies import read_body, read_json
from bot.http.keys import idempotency_key
from bot.http.problems import HttpProblem
from bot.services import SERVICES, Services

TEXT_LIMIT: Final = 2000
_CONVERSATION: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What programs book has a conversation of its own, named by their door and a random token: nobody talks in it.
_PROGRAM: Final = re.compile(r"api-[0-9a-f]{24}")
_LANGUAGES: Final = ("de", "en")
_CHANGES: Final[Mapping[str, str]] = {"booked": "confirmed", "moved": "moved", "cancelled": "cancelled"}
_CHOICE_LIMIT: Final = 200


def webchat_routes() -> list[web.RouteDef]:
    """``POST`` and ``GET /api/chat/{tenant}/messages``."""
    return [
        web.post("/api/chat/{tenant}/messages", _post_message),
        web.get("/api/chat/{tenant}/messages", _get_transcript),
    ]


async def _post_message(request: web.Request) -> web.Response:
    services = request.app[SERVICES]
    tenant = await _tenant(request)
    body = await read_json(request)
    message = _message(tenant, body, idempotency_key(request), fingerprint(await read_body(request)))
    began = perf_counter()
    answered = await services.dialogue.handle(
        message, lambda conversation, reply: encode(conversation, reply, tenant)
    )
    if answered.outcome is not None:
        services.metrics.observe_turn(answered.outcome, perf_counter() - began)
        if answered.outcome in _CHANGES:
            services.metrics.count_booking(_CHANGES[answered.outcome])
    return web.Response(body=answered.body, content_type="application/json", headers={"Cache-Control": "no-store"})


async def _get_transcript(request: web.Request) -> web.Response:
    services = request.app[SERVICES]
    tenant = await _tenant(request)
    conversation = _conversation(request.query.get("conversation"))
    lines = await services.dialogue.transcript(tenant, conversation)
    content: dict[str, Any] = {
        "conversation": conversation,
        "messages": [
            {"from": line.speaker, "text": line.text, "at": line.at.astimezone(tenant.zone).isoformat()}
            for line in lines
        ],
    }
    if request.query.get("bookings") == "1":
        content["bookings"] = [
            booking_json(booking, tenant, booking.attendee.language)
            for booking in await _settled(services, tenant, conversation)
        ]
    return web.Response(
        body=orjson.dumps(content), content_type="application/json", headers={"Cache-Control": "no-store"}
    )


async def _settled(services: Services, tenant: Tenant, conversation: ConversationId) -> list[Booking]:
    """The bookings of a conversation that nobody is changing: of a promise there is nothing to tell yet."""
    async with services.database.read() as work:
        bookings = await work.bookings.list_by_conversation(tenant.id, conversation)
        return [it for it in bookings if await work.sagas.find_open(tenant.id, it.reference) is None]


async def _tenant(request: web.Request) -> Tenant:
    tenant = await request.app[SERVICES].tenants.find(request.match_info["tenant"])
    if tenant is None:
        raise HttpProblem(404, "unknown_tenant", "there is no such tenant")
    return tenant


def _message(tenant: Tenant, body: Mapping[str, Any], key: str | None, print_of_body: str) -> Message:
    """The validated message; raises 422 naming the field."""
    text, choice, language = body.get("text"), body.get("choice"), body.get("language")
    if text is not None and not isinstance(text, str):
        raise HttpProblem(422, None, "text must be a string", field="text")
    if choice is not None and (not isinstance(choice, str) or not 0 < len(choice) <= _CHOICE_LIMIT):
        raise HttpProblem(422, None, "choice must be an id from the last answer", field="choice")
    if (text is None) == (choice is None):
        raise HttpProblem(422, None, "exactly one of text and choice is needed", field="text")
    if language is not None and language not in _LANGUAGES:
        raise HttpProblem(422, None, "language must be de or en", field="language")
    if text is not None:
        if len(text) > TEXT_LIMIT:
            raise HttpProblem(422, None, "text must not be longer than 2000 characters", field="text")
        text = _CONTROL.sub("", text)
        if not text.strip():
            raise HttpProblem(422, None, "text must not be empty", field="text")
    given = body.get("conversation")
    return Message(
        tenant=tenant,
        conversation=new_conversation_id() if given is None else _conversation(given),
        door="chat",
        text=text,
        choice=choice,
        language=language,
        idempotency_key=key,
        fingerprint=print_of_body,
        started_here=given is None,
    )


def _conversation(given: object) -> ConversationId:
    if not isinstance(given, str) or not _CONVERSATION.fullmatch(given):
        raise HttpProblem(422, None, "conversation must be 8 to 64 letters, digits, _ or -", field="conversation")
    if _PROGRAM.fullmatch(given):
        raise HttpProblem(404, None, "there is no such conversation")
    return ConversationId(given)


def encode(conversation: ConversationId, reply: Reply, tenant: Tenant) -> bytes:
    """An answer as its client reads it; wall times are local and naive, those of a booking carry the offset."""
    zone = tenant.zone
    requested = reply.requested
    return orjson.dumps(
        {
            "conversation": conversation,
            "language": reply.language,
            "replies": [{"text": text} for text in reply.texts],
            "expects": reply.expects,
            "choices": [_choice(choice, zone) for choice in reply.choices],
            "outcome": {
                "code": reply.code,
                "requested": {
                    "service": requested.service,
                    "start": _wall(requested.starts_at, zone),
                    "end": _wall(requested.ends_at, zone),
                }
                if requested
                else None,
            },
            "booking": booking_json(reply.booking, tenant, reply.language) if reply.booking else None,
        }
    )


def _choice(choice: Choice, zone: ZoneInfo) -> dict[str, Any]:
    content: dict[str, Any] = {"id": choice.id, "label": choice.label}
    if choice.starts_at is not None:
        content["start"] = _wall(choice.starts_at, zone)
    if choice.ends_at is not None:
        content["end"] = _wall(choice.ends_at, zone)
    if choice.segments:
        content["segments"] = [
            {
                "name": segment.name,
                "staff": segment.staff,
                "staff_name": segment.staff_name,
                "start": _wall(segment.starts_at, zone),
                "end": _wall(segment.ends_at, zone),
            }
            for segment in choice.segments
        ]
    if choice.service_name is not None:
        content["service_name"] = choice.service_name
    if choice.price is not None:
        content["price"] = choice.price
    return content


def _wall(instant: datetime | None, zone: ZoneInfo) -> str | None:
    if instant is None:
        return None
    return instant.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes")
