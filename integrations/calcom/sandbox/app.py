"""The sandbox as an aiohttp application and as a running server: a double of Cal.com V2 over real HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from integrations.calcom.sandbox import (
    booking_change,
    booking_create,
    booking_extras,
    booking_list,
    controls,
    event_types,
    page,
    reservations,
    schedules,
    slots,
    webhooks,
)
from integrations.calcom.sandbox.config import SandboxConfig
from integrations.calcom.sandbox.delivery import Sender
from integrations.calcom.sandbox.faults import Faults
from integrations.calcom.sandbox.gateway import Gateway
from integrations.calcom.sandbox.limiter import Limiter
from integrations.calcom.sandbox.routing import Route
from integrations.calcom.sandbox.store import Store
from integrations.calcom.sandbox.world import World

_SHUTDOWN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """A sandbox that listens; `base_url` has no `/v2` and no slash at its end."""

    base_url: str
    _runner: web.AppRunner = field(repr=False)

    async def close(self) -> None:
        """Stop listening and close the database; its file keeps everything."""
        await self._runner.cleanup()


def create_sandbox_app(
    config: SandboxConfig,
    now: Callable[[], datetime],
    *,
    monotonic: Callable[[], float] = time.monotonic,
    gap: Callable[[], Awaitable[None]] | None = None,
) -> web.Application:
    """The application: `/v2` (also under `/api/v2`), `/_sandbox`, and the calendar page at `/`.

    `now` is the business clock (aware), `monotonic` the real one (seconds) behind the request limit.
    `gap` replaces the configured wait between the check and the write of a booking change.
    The database is opened when the application starts and closed when it stops.
    """

    async def latency() -> None:
        await asyncio.sleep(config.booking_latency_ms / 1000)

    faults = Faults(config.seed)
    world = World(
        config=config,
        store=Store(config),
        now=now,
        limiter=Limiter(monotonic),
        faults=faults,
        sender=Sender(lambda: faults.settings.webhooks, late_ms=config.late_webhook_ms),
        gap=gap or latency,
    )
    gateway = Gateway(world, _api_routes(), controls.routes())
    assets = page.load_assets()

    async def calendar(request: web.Request) -> web.Response:
        day = await world.store.read(lambda db: page.read_day(db, request.query.get("day"), world.now_ms()))
        html = page.draw(day, config, assets, embed=request.query.get("embed") == "1")
        headers = {"Content-Security-Policy": assets.content_security_policy(), "Cache-Control": "no-store"}
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def parts(_: web.Application) -> AsyncIterator[None]:
        await world.store.open()
        await world.sender.open()
        yield
        await world.sender.close()
        await world.store.close()

    async def stop(_: web.Application) -> None:
        gateway.close()

    app = web.Application()
    app.cleanup_ctx.append(parts)
    app.on_shutdown.append(stop)
    app.router.add_get("/", calendar)
    app.router.add_route("*", "/_sandbox/{tail:.*}", gateway.control)
    app.router.add_route("*", "/{tail:.*}", gateway.api)
    return app


async def start_sandbox(
    config: SandboxConfig,
    now: Callable[[], datetime],
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    monotonic: Callable[[], float] = time.monotonic,
    gap: Callable[[], Awaitable[None]] | None = None,
) -> RunningSandbox:
    """Serve the sandbox on `host` and `port` (0: a free one) until `close`; OSError when the port is taken."""
    app = create_sandbox_app(config, now, monotonic=monotonic, gap=gap)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    bound = runner.addresses[0][1]
    return RunningSandbox(f"http://{host}:{bound}", runner)


def _api_routes() -> list[Route]:
    return [
        *schedules.routes(),
        *event_types.routes(),
        *webhooks.routes(),
        *slots.routes(),
        *reservations.routes(),
        *booking_list.routes(),
        *booking_create.routes(),
        *booking_change.routes(),
        *booking_extras.routes(),
    ]
