"""The routes of bookings: list, read, book, move, cancel. What is asked of guests only, a talk and deadlines, is not asked here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import orjson
from aiohttp import web

from booking_core.errors import SlotTaken
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import Reference
from booking_core.model.slot import Plan
from booking_core.model.tenant import Tenant
from booking_core.services.booking import OVER, Booked, Promised
from booking_core.services.front_desk import Unavailable
from booking_core.services.idempotent import Answer
from booking_core.services.reschedule import Moved, MovePromised
from bot.api.access import ApiKeys
from bot.api.booking_requests import booking_order, list_window, move_order, reason_in
from bot.api.once import answer_once
from bot.api.permissions import BASE, Caller, caller_of
from bot.booking_json import full_booking_json
from bot.http.bodies import read_body, read_json
from bot.http.languages import best_language
from bot.http.problems import HttpProblem
from bot.services import SERVICES

DOOR: Final = "api"
_ONE: Final = f"{BASE}/bookings/{{reference}}"
_CANCELLED: Final = "Cancelled by the business"


def booking_routes(keys: ApiKeys) -> list[web.RouteDef]:
    """Everything about bookings, for the tenant whose key is sent."""

    async def create(request: web.Request) -> web.Response:
        caller = await caller_of(request, keys)
        tenant = await _tenant(request, caller)
        body = await read_json(request)

        async def book(token: str) -> Answer:
            return await _book(request, tenant, body, token)

        return await answer_once(request, caller, book)

    async def reschedule(request: web.Request) -> web.Response:
        caller = await caller_of(request, keys)
        tenant = await _tenant(request, caller)
        body = await read_json(request)

        async def move(_: str) -> Answer:
            return await _move(request, tenant, body)

        return await answer_once(request, caller, move)

    async def delete(request: web.Request) -> web.Response:
        caller = await caller_of(request, keys)
        tenant = await _tenant(request, caller)
        body = await read_json(request) if await read_body(request) else {}

        async def cancel(_: str) -> Answer:
            return await _cancel(request, tenant, body)

        return await answer_once(request, caller, cancel)

    async def read(request: web.Request) -> web.Response:
        tenant = await _tenant(request, await caller_of(request, keys))
        language = _language(request, tenant)
        return _json(_full(await _booking(request, tenant), tenant, language), language)

    async def every(request: web.Request) -> web.Response:
        tenant = await _tenant(request, await caller_of(request, keys))
        language = _language(request, tenant)
        services = request.app[SERVICES]
        window = list_window(tenant, request.query, services.clock.now())
        bookings = await services.desk.list_between(tenant.id, window)
        return _json(
            orjson.dumps({"bookings": [full_booking_json(each, tenant, language) for each in bookings]}), language
        )

    return [
        web.post(f"{BASE}/bookings", create),
        web.get(f"{BASE}/bookings", every),
        web.get(_ONE, read),
        web.patch(f"{_ONE}/reschedule", reschedule),
        web.delete(_ONE, delete),
    ]


async def _book(request: web.Request, tenant: Tenant, body: Mapping[str, Any], token: str) -> Answer:
    services = request.app[SERVICES]
    outcome = await services.desk.book(tenant, booking_order(tenant, body), token=token, door=DOOR)
    match outcome:
        case Booked(booking):
            return await _changed(request, tenant, booking, 201, "confirmed")
        case Promised(booking):
            return await _changed(request, tenant, _waiting(booking), 202, None)
        case Unavailable():
            raise _refused(outcome, tenant)


async def _move(request: web.Request, tenant: Tenant, body: Mapping[str, Any]) -> Answer:
    services = request.app[SERVICES]
    booking = await _booking(request, tenant)
    order = move_order(tenant, booking, body)
    outcome = await services.desk.move(
        tenant, booking, order.starts_at, order.staff, door=DOOR, reason=order.reason
    )
    match outcome:
        case Moved(moved):
            return await _changed(request, tenant, moved, 200, "moved")
        case MovePromised(stands, plan):
            return await _changed(request, tenant, _waiting(replace(stands, plan=plan)), 202, None)
        case Unavailable():
            raise _refused(outcome, tenant)


async def _cancel(request: web.Request, tenant: Tenant, body: Mapping[str, Any]) -> Answer:
    services = request.app[SERVICES]
    booking = await _booking(request, tenant)
    cancelled = await services.desk.cancel(tenant, booking, door=DOOR, reason=reason_in(body) or _CANCELLED)
    if cancelled.status in OVER:
        counted = None if booking.status in OVER else "cancelled"
        return await _changed(request, tenant, cancelled, 200, counted)
    return await _changed(request, tenant, _waiting(cancelled), 202, None)


async def _changed(
    request: web.Request, tenant: Tenant, booking: Booking, status: int, counted: str | None
) -> Answer:
    services = request.app[SERVICES]
    if counted is not None:
        services.metrics.count_booking(counted)
    await services.queue.nudge()
    return Answer(status, _full(booking, tenant, _language(request, tenant)))


def _waiting(booking: Booking) -> Booking:
    """What the caller is told while the calendar has not answered: neither done nor refused."""
    return replace(booking, status=BookingStatus.PENDING)


def _refused(outcome: Unavailable, tenant: Tenant) -> Exception:
    """409 where the time is taken, 422 where a rule forbids it; both with what is possible instead."""
    alternatives = _alternatives(outcome.nearest, tenant)
    if outcome.reason is None:
        return SlotTaken("the time is taken", alternatives=alternatives)
    return HttpProblem(
        422,
        outcome.reason.value,
        "a rule of the business forbids this start",
        field="start",
        alternatives=alternatives,
    )


def _alternatives(plans: Sequence[Plan], tenant: Tenant) -> list[dict[str, Any]]:
    """``staff`` is the list of ids by segment."""
    return [
        {
            "start": plan.starts_at.astimezone(tenant.zone).isoformat(),
            "end": plan.ends_at.astimezone(tenant.zone).isoformat(),
            "staff": list(plan.staff),
        }
        for plan in plans
    ]


async def _booking(request: web.Request, tenant: Tenant) -> Booking:
    """The booking that the path names; raises 404, also for a reference of another tenant."""
    reference = Reference(request.match_info["reference"].upper())
    booking = await request.app[SERVICES].desk.find(tenant.id, reference)
    if booking is None:
        raise HttpProblem(404, None, "there is no booking of this reference")
    return booking


async def _tenant(request: web.Request, caller: Caller) -> Tenant:
    return await request.app[SERVICES].tenants.tenant_of(caller.tenant)


def _language(request: web.Request, tenant: Tenant) -> str:
    return best_language(request.headers.get("Accept-Language"), tenant.languages)


def _full(booking: Booking, tenant: Tenant, language: str) -> bytes:
    return orjson.dumps(full_booking_json(booking, tenant, language))


def _json(body: bytes, language: str) -> web.Response:
    headers = {"Cache-Control": "no-store", "Content-Language": language, "Vary": "Accept-Language"}
    return web.Response(body=body, content_type="application/json", headers=headers)
