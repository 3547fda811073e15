"""The routes of ``/api/v2``: each finds the tenant by the key, reads the request, asks one service and renders its result."""

from __future__ import annotations

import asyncio

import orjson
from aiohttp import web

from booking_core.model.tenant import Tenant
from bot.api.access import ApiKeys
from bot.api.answers import availability_answer
from bot.api.bookings import booking_routes
from bot.api.kept_answers import KeptAnswers
from bot.api.permissions import BASE, caller_of
from bot.api.requests import availability_wish
from bot.http.bodies import read_json
from bot.http.languages import best_language
from bot.services import SERVICES


def api_routes(keys: ApiKeys, ready: asyncio.Event, version: str) -> list[web.RouteDef]:
    """Health without a key; everything else for the tenant whose key is sent."""

    async def health(_request: web.Request) -> web.Response:
        status = "ok" if ready.is_set() else "starting"
        return _json(orjson.dumps({"status": status, "version": version}), 200 if ready.is_set() else 503)

    kept = KeptAnswers()

    async def simple(request: web.Request) -> web.Response:
        return await _availability(request, await _tenant(request, keys), kept, composite=False)

    async def composite(request: web.Request) -> web.Response:
        return await _availability(request, await _tenant(request, keys), kept, composite=True)

    return [
        web.get(f"{BASE}/health", health),
        web.post(f"{BASE}/availability/simple", simple),
        web.post(f"{BASE}/availability/composite", composite),
        *booking_routes(keys),
    ]


async def _availability(
    request: web.Request, tenant: Tenant, kept: KeptAnswers, *, composite: bool
) -> web.Response:
    services = request.app[SERVICES]
    wish = availability_wish(tenant, await read_json(request), composite=composite)
    language = best_language(request.headers.get("Accept-Language"), tenant.languages)
    within = services.timetable.bookable(tenant, wish.starts)
    question = (tenant.id, wish.service.id, wish.staff, within, language)
    # Before anything is worked out: a change meanwhile makes this answer one of yesterday, and not the next one.
    versions = await services.timetable.versions(tenant)
    state, now = (tenant, versions.mirror, versions.claims), services.clock.now()
    body = kept.find(question, state, now)
    if body is None:
        times = await services.timetable.look(tenant, wish.service, wish.starts, staff=wish.staff)
        body = availability_answer(times, wish.service, tenant, language)
        kept.keep(question, state, now, body)
    return _json(body, language=language)


async def _tenant(request: web.Request, keys: ApiKeys) -> Tenant:
    return await request.app[SERVICES].tenants.tenant_of((await caller_of(request, keys)).tenant)


def _json(body: bytes, status: int = 200, *, language: str | None = None) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    if language is not None:
        headers |= {"Content-Language": language, "Vary": "Accept-Language"}
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)
