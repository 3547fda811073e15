"""Alive, able, and counted."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.http.health import health_routes
from bot.http.metrics import Metrics, metrics_routes
from bot.http.middleware import HttpParts

Serve = Callable[..., Awaitable[TestClient[web.Request, web.Application]]]


async def fine() -> None:
    return


async def away() -> None:
    raise ConnectionError("postgresql://user:hush@host")


async def forever() -> None:
    await asyncio.Event().wait()


async def test_alive_only_once_ready(parts: HttpParts, serve: Serve) -> None:
    ready = asyncio.Event()
    client = await serve(parts, *health_routes(ready, "0.1.0", {"database": fine}))
    starting = await client.get("/healthz")
    assert (starting.status, (await starting.json())["status"]) == (503, "starting")
    assert (await client.get("/readyz")).status == 503
    ready.set()
    alive = await client.get("/healthz")
    assert (alive.status, await alive.json()) == (200, {"status": "ok", "version": "0.1.0"})


async def test_ready_names_the_ports_that_fail(parts: HttpParts, serve: Serve) -> None:
    ready = asyncio.Event()
    ready.set()
    pings = {"database": fine, "calendar": away, "mail": forever}
    client = await serve(parts, *health_routes(ready, "0.1.0", pings, ping_seconds=0.05))
    answer = await client.get("/readyz")
    assert answer.status == 503
    assert await answer.json() == {
        "status": "unavailable",
        "failing": ["calendar", "mail"],
        "checks": {"database": "ok", "calendar": "failing", "mail": "failing"},
    }
    well = await serve(parts, *health_routes(ready, "0.1.0", {"database": fine}))
    answer = await well.get("/readyz")
    assert (answer.status, (await answer.json())["failing"]) == (200, [])


async def test_ports_are_asked_at_the_same_time(parts: HttpParts, serve: Serve) -> None:
    ready = asyncio.Event()
    ready.set()
    together = asyncio.Barrier(3)

    async def meet() -> None:
        await together.wait()

    client = await serve(parts, *health_routes(ready, "0.1.0", {"a": meet, "b": meet, "c": meet}))
    assert (await client.get("/readyz")).status == 200


async def test_metrics_are_text_with_every_family(parts: HttpParts, serve: Serve) -> None:
    metrics = parts.metrics
    metrics.observe_turn("booked", 0.2)
    metrics.count_booking("confirmed")

    async def depth() -> int:
        return 3

    async def calls() -> int:
        return 2

    client = await serve(parts, *metrics_routes(metrics, depth, calls))
    answer = await client.get("/metrics")
    text = await answer.text()
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    for line in (
        'fermata_turn_seconds_count{outcome="booked"} 1.0',
        'fermata_bookings_total{status="confirmed"} 1.0',
        "fermata_outbox_depth 3.0",
        "fermata_callbacks_open 2.0",
    ):
        assert line in text.splitlines()


async def test_what_cannot_be_counted_is_no_number(parts: HttpParts, serve: Serve) -> None:
    async def depth() -> int:
        raise ConnectionError

    client = await serve(parts, *metrics_routes(parts.metrics, depth, depth))
    assert (await client.get("/metrics")).status == 200
    for name in ("fermata_outbox_depth", "fermata_callbacks_open"):
        sample = parts.metrics.registry.get_sample_value(name)
        assert sample is not None and math.isnan(sample)


def test_each_application_counts_for_itself() -> None:
    first, second = Metrics(), Metrics()
    first.count_booking("confirmed")
    assert b'status="confirmed"' in first.render()
    assert b'status="confirmed"' not in second.render()
