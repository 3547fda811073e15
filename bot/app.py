"""The web application: routes over the composed services, and background work beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Final

from aiohttp import web

from booking_core.model.ids import TenantId
from bot.api.access import ApiKeys
from bot.api.routes import api_routes
from bot.channels.calcom_webhooks import calcom_webhook_routes
from bot.channels.webchat import webchat_routes
from bot.demo.parts import DEMO_TENANT
from bot.http.health import health_routes
from bot.http.metrics import metrics_routes
from bot.http.middleware import HttpParts, InFlight, make_application
from bot.http.openapi import openapi_routes
from bot.services import SERVICES, Services
from bot.web.pages import Pages
from bot.web.routes import PAGES, page_routes

WORK_EVERY_SECONDS: Final = 5.0


def create_app(services: Services, *, work: bool = True) -> web.Application:
    """The application; ``work`` runs the worker in this process as the embedded default does."""
    pages = Pages()
    demo = services.demo
    parts = HttpParts(
        translations=services.translations,
        metrics=services.metrics,
        in_flight=InFlight(),
        error_page=pages.error,
        limiter=services.limiter,
        frames=demo.sandbox if demo is not None and demo.sandbox else "",
    )
    app = make_application(parts)
    app[SERVICES] = services
    app[PAGES] = pages
    ready = asyncio.Event()
    release = version("fermata-booking")
    app.add_routes(health_routes(ready, release, services.pings))
    app.add_routes(openapi_routes(release))
    app.add_routes(metrics_routes(services.metrics, services.worker.depth, services.worker.open_callbacks))
    app.add_routes(webchat_routes())
    keys = ApiKeys.of({demo.api_key: TenantId(DEMO_TENANT)} if demo is not None else {})
    app.add_routes(api_routes(keys, ready, release))
    app.add_routes(calcom_webhook_routes(services))
    app.add_routes(page_routes(services))

    async def background(_: web.Application) -> AsyncIterator[None]:
        stop = asyncio.Event()
        task = asyncio.create_task(services.worker.run(every=WORK_EVERY_SECONDS, stop=stop)) if work else None
        ready.set()
        yield
        ready.clear()
        stop.set()
        if task is not None:
            await task

    app.cleanup_ctx.append(background)
    return app
