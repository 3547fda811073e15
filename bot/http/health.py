"""Two answers for whoever watches the process: is it alive, and can it work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web

Ping = Callable[[], Awaitable[None]]
"""Returns while the port answers, else raises."""


def health_routes(
    ready: asyncio.Event, version: str, pings: Mapping[str, Ping], *, ping_seconds: float = 2.0
) -> list[web.RouteDef]:
    """``/healthz``: 200 once ``ready`` is set, 503 before. ``/readyz``: 200 when every port answers within ``ping_seconds``, else
    503 with the names of those that do not; why is told to the logs only.
    """

    async def alive(_request: web.Request) -> web.Response:
        if ready.is_set():
            return _json(200, {"status": "ok", "version": version})
        return _json(503, {"status": "starting", "version": version})

    async def able(_request: web.Request) -> web.Response:
        if not ready.is_set():
            return _json(503, {"status": "starting", "failing": []})
        answers = await asyncio.gather(*(_answers(name, ping, ping_seconds) for name, ping in pings.items()))
        checks = dict(zip(pings, answers, strict=True))
        failing = sorted(name for name, well in checks.items() if not well)
        return _json(
            503 if failing else 200,
            {
                "status": "unavailable" if failing else "ok",
                "failing": failing,
                "checks": {name: "ok" if well else "failing" for name, well in checks.items()},
            },
        )

    return [web.get("/healthz", alive), web.get("/readyz", able)]


async def _answers(name: str, ping: Ping, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await ping()
    except Exception as error:
        structlog.stdlib.get_logger(__name__).warning("port_failing", port=name, error=type(error).__name__)
        return False
    return True


def _json(status: int, body: Mapping[str, object]) -> web.Response:
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store"})
