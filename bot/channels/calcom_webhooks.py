"""Webhooks of Cal.com: what they say about free time is noted at once, everything else is left to the worker.

Cal.com waits for the answer while its own caller waits for Cal.com, so nothing here asks the calendar.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
import structlog
from aiohttp import web

from booking_core.model.ids import StaffId
from booking_core.model.interval import Interval
from booking_core.model.tenant import Tenant
from booking_core.ports.tenants import EventTypeLink
from bot.http.bodies import read_body
from bot.http.problems import HttpProblem
from bot.services import SERVICES, Services

SIGNATURE_HEADER: Final = "X-Cal-Signature-256"


@dataclass(frozen=True, slots=True)
class TimeChange:
    """One piece of time that a webhook tells of, and whose it is in the words of Cal.com."""

    interval: Interval
    freed: bool
    event_type_id: int | None
    organizer: frozenset[str]
    """User name, and the e-mail address with its local part, in lower case."""


def calcom_webhook_routes(services: Services) -> list[web.RouteDef]:
    """``POST /webhooks/calcom/{tenant}``; nothing without a secret to check signatures with."""
    if not services.calcom_webhook_secrets:
        return []
    return [web.post("/webhooks/calcom/{tenant}", _receive)]


async def _receive(request: web.Request) -> web.Response:
    services = request.app[SERVICES]
    body = await read_body(request)
    if not signature_holds(body, request.headers.get(SIGNATURE_HEADER), services.calcom_webhook_secrets):
        raise HttpProblem(401, "bad_signature")
    tenant = await services.tenants.find(request.match_info["tenant"])
    if tenant is None:
        raise HttpProblem(404, "unknown_tenant", "there is no such tenant")
    changes = changes_in(body)
    links = await services.tenants.links(tenant.id) if changes else ()
    for change in changes:
        staff = staff_of(change, tenant, links)
        if staff is not None:
            await services.mirror.invalidate(tenant, staff, change.interval, freed=change.freed)
            continue
        # Somebody's time has changed, and it is not known whose: look at everybody's calendar again, hide nothing.
        structlog.stdlib.get_logger(__name__).info("webhook_of_unknown_staff", tenant=tenant.id)
        for member in tenant.staff:
            await services.mirror.invalidate(tenant, member.id, change.interval, freed=True)
    return web.json_response({"status": "ok"})


def signature_holds(body: bytes, signature: str | None, secrets: Sequence[str]) -> bool:
    """Whether the hex HMAC-SHA256 over the raw body was made with any of the secrets; takes the same time either way."""
    given = (signature or "").strip().lower().encode("utf-8", "replace")
    # Every secret is tried, so that the time tells neither which one fits nor whether one does.
    fits = [
        hmac.compare_digest(hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode(), given)
        for secret in secrets
    ]
    return any(fits)


def changes_in(body: bytes) -> list[TimeChange]:
    """What a signed body says about free time; empty for other events, for samples and for what cannot be understood."""
    try:
        event = orjson.loads(body)
    except orjson.JSONDecodeError:
        return []
    payload = event.get("payload") if isinstance(event, dict) else None
    # The sample behind Cal.com's "ping" button has no uid.
    if not isinstance(payload, dict) or not isinstance(payload.get("uid"), str):
        return []
    match event.get("triggerEvent"):
        case "BOOKING_CREATED":
            found = [_change(payload, "startTime", "endTime", freed=False)]
        case "BOOKING_RESCHEDULED":
            found = [
                _change(payload, "startTime", "endTime", freed=False),
                _change(payload, "rescheduleStartTime", "rescheduleEndTime", freed=True),
            ]
        case "BOOKING_CANCELLED" | "BOOKING_REJECTED":
            found = [_change(payload, "startTime", "endTime", freed=True)]
        case _:
            return []
    return [change for change in found if change is not None]


def staff_of(change: TimeChange, tenant: Tenant, links: Sequence[EventTypeLink]) -> StaffId | None:
    """Whose time it is: by the event type we know, else by a user name or e-mail address that says the staff member's id."""
    for link in links:
        if change.event_type_id is not None and link.event_type_id == change.event_type_id:
            return link.staff if tenant.find_staff(link.staff) else None
    named = [member.id for member in tenant.staff if member.id.lower() in change.organizer]
    return named[0] if len(named) == 1 else None


def _change(payload: Mapping[str, Any], start: str, end: str, *, freed: bool) -> TimeChange | None:
    starts_at, ends_at = _instant(payload.get(start)), _instant(payload.get(end))
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        return None
    event_type = payload.get("eventTypeId")
    return TimeChange(
        Interval(starts_at, ends_at), freed, event_type if isinstance(event_type, int) else None, _names(payload)
    )


def _names(payload: Mapping[str, Any]) -> frozenset[str]:
    organizer = payload.get("organizer")
    if not isinstance(organizer, dict):
        return frozenset()
    texts = [organizer.get(name) for name in ("username", "email")]
    given = [text.lower() for text in texts if isinstance(text, str) and text]
    return frozenset(given + [text.partition("@")[0] for text in given])


def _instant(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None
