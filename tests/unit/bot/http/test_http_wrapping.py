"""What every request gets: an id, headers, a log line without personal data, numbers, and a place among those in flight."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient
from structlog.testing import capture_logs

from bot.http.middleware import HttpParts, InFlight, request_id
from bot.http.security import CSP, page_policy

Serve = Callable[..., Awaitable[TestClient[web.Request, web.Application]]]


async def test_a_request_keeps_its_id_or_gets_one(parts: HttpParts, serve: Serve) -> None:
    async def bound(_request: web.Request) -> web.Response:
        return web.json_response(structlog.contextvars.get_contextvars())

    client = await serve(parts, web.get("/bound", bound))
    answer = await client.get("/bound", headers={"X-Request-Id": "from-client-1"})
    assert answer.headers["X-Request-Id"] == "from-client-1"
    assert await answer.json() == {"request_id": "from-client-1"}
    first, second = [(await client.get("/nothing")).headers["X-Request-Id"] for _ in range(2)]
    assert first != second


@pytest.mark.parametrize("given", [None, "", "short", "x" * 65, "max@example.org", "with space", "line\nbreak"])
def test_an_odd_id_is_replaced(given: str | None) -> None:
    assert request_id(given) != given


async def test_security_headers(parts: HttpParts, serve: Serve) -> None:
    async def embedded(_request: web.Request) -> web.Response:
        return web.Response(text="<p>", content_type="text/html", headers={CSP: page_policy(frame_ancestors="*")})

    client = await serve(parts, web.get("/embedded", embedded))
    page = (await client.get("/page")).headers
    assert page[CSP] == page_policy(frames="http://127.0.0.1:*")
    for part in (
        "default-src 'self'",
        "frame-src 'self' http://127.0.0.1:*",
        "img-src 'self' data:",
        "style-src 'self'",
        "script-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ):
        assert part in page[CSP].split("; ")
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Referrer-Policy"] == "same-origin"
    api = (await client.get("/api/nothing")).headers
    assert api[CSP].startswith("default-src 'none'") and api["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors *" in (await client.get("/embedded")).headers[CSP]
    assert (await client.get("/nothing")).headers[CSP] == page[CSP]


async def test_the_log_line_names_the_route_and_nobody(parts: HttpParts, serve: Serve) -> None:
    async def hello(_request: web.Request) -> web.Response:
        return web.Response()

    client = await serve(parts, web.get("/my/{token}", hello), web.get("/healthz", hello))
    with capture_logs() as logs:
        await client.get("/my/very-secret-token?email=max@example.org")
        await client.get("/healthz")
        await client.get("/nothing/max@example.org")
    requests = [line for line in logs if line["event"] == "request"]
    assert [(line["route"], line["status"], line["log_level"]) for line in requests] == [
        ("/my/{token}", 200, "info"),
        ("/healthz", 200, "debug"),
        ("unmatched", 404, "info"),
    ]
    assert "secret" not in str(logs) and "max" not in str(logs) and "127.0.0.1" not in str(logs)


async def test_requests_are_counted_by_route(parts: HttpParts, serve: Serve) -> None:
    client = await serve(parts, raises=(ValueError(),))
    await client.get("/page")
    await client.get("/page")
    await client.get("/api/raise/0")
    await client.request("PROPFIND", "/page")

    def count(route: str, method: str, status: str) -> float | None:
        labels = {"route": route, "method": method, "status": status}
        return parts.metrics.registry.get_sample_value("fermata_http_request_seconds_count", labels)

    assert count("/page", "GET", "200") == 2
    assert count("/api/raise/0", "GET", "500") == 1
    assert count("unmatched", "other", "405") == 1


async def test_in_flight_requests_can_be_waited_for(parts: HttpParts, serve: Serve) -> None:
    arrived, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_request: web.Request) -> web.Response:
        arrived.set()
        await may_end.wait()
        return web.Response(text="done")

    client = await serve(parts, web.get("/slow", slow))
    assert await parts.in_flight.drained(0.01)
    under_way = asyncio.create_task(client.get("/slow"))
    await arrived.wait()
    assert parts.in_flight.count == 1
    assert not await parts.in_flight.drained(0.01)
    may_end.set()
    assert await parts.in_flight.drained(5)
    assert await (await under_way).text() == "done"


def test_in_flight_counts_nested_requests() -> None:
    in_flight = InFlight()
    with in_flight:
        with in_flight:
            assert in_flight.count == 2
        assert in_flight.count == 1
    assert in_flight.count == 0
