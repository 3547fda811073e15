"""Wraps every request: id, log line, metrics, in-flight count, size, rate and security headers.

Errors become answers in `bot.http.errors`; routes are added by the application.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.http.bodies import BODY_LIMIT, too_large
from bot.http.errors import ErrorPage, error_middleware
from bot.http.limits import RateLimiter, limit_middleware
from bot.http.metrics import Metrics
from bot.http.problems import HttpProblem
from bot.http.security import page_policy, set_security_headers
from bot.translations import Translations

REQUEST_ID: Final = web.RequestKey("request_id", str)
REQUEST_ID_HEADER: Final = "X-Request-Id"
QUIET_ROUTES: Final = frozenset({"/healthz", "/readyz", "/metrics", "/static/{name}"})
"""Routes that are polled or fetched in bunches; they are logged at debug level only."""

UNMATCHED: Final = "unmatched"
_USABLE_ID: Final = re.compile(r"[A-Za-z0-9_.-]{8,64}")


class InFlight:
    """Counts requests that are being answered, so that a stop can wait for them."""

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def count(self) -> int:
        """Requests under way."""
        return self._count

    def __enter__(self) -> None:
        self._count += 1
        self._idle.clear()

    def __exit__(self, *_: object) -> None:
        self._count -= 1
        if self._count == 0:
            self._idle.set()

    async def drained(self, timeout_seconds: float) -> bool:
        """Wait until nothing is under way; False where the time was not enough."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class HttpParts:
    """What the wrapping needs; ``frames`` are sources that pages may frame besides our own."""

    translations: Translations
    metrics: Metrics
    in_flight: InFlight = field(default_factory=InFlight)
    error_page: ErrorPage | None = None
    limiter: RateLimiter | None = None
    frames: str = ""
    body_limit: int = BODY_LIMIT


def make_application(parts: HttpParts) -> web.Application:
    """An application without routes, wrapped for every request to come."""
    middlewares = [
        request_middleware(parts.metrics, parts.in_flight),
        error_middleware(parts.translations, parts.error_page),
        path_middleware,
        size_middleware(parts.body_limit),
    ]
    if parts.limiter is not None:
        middlewares.append(limit_middleware(parts.limiter, exempt=QUIET_ROUTES))
    # Bodies are unfolded where they are read: what the server refuses itself would leave as plain text, with a trace in the log.
    app = web.Application(
        middlewares=middlewares,
        client_max_size=parts.body_limit,
        handler_args={"auto_decompress": False},
    )
    policy = page_policy(frames=parts.frames)

    async def finish_headers(request: web.Request, response: web.StreamResponse) -> None:
        # A signal and not a middleware: it sees answers that are streamed, too, before their headers leave.
        set_security_headers(response, policy)
        if REQUEST_ID in request:
            response.headers.setdefault(REQUEST_ID_HEADER, request[REQUEST_ID])

    app.on_response_prepare.append(finish_headers)
    return app


def request_middleware(
    metrics: Metrics, in_flight: InFlight, timer: Callable[[], float] = perf_counter
) -> Middleware:
    """Give each request an id, and tell afterwards what became of it: route template, never path, query or address."""

    @web.middleware
    async def follow(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[REQUEST_ID] = request_id(request.headers.get(REQUEST_ID_HEADER))
        route, began, status = route_of(request), timer(), 500
        with in_flight, structlog.contextvars.bound_contextvars(request_id=request[REQUEST_ID]):
            try:
                response = await handler(request)
                status = response.status
            except web.HTTPException as redirection:
                status = redirection.status
                raise
            except (ConnectionResetError, asyncio.CancelledError):
                status = 499
                raise
            finally:
                seconds = timer() - began
                metrics.observe_request(route, request.method, status, seconds)
                logger = structlog.stdlib.get_logger(__name__)
                tell = logger.debug if route in QUIET_ROUTES else logger.info
                tell("request", method=request.method, route=route, status=status, ms=round(seconds * 1000, 1))
        return response

    return follow


@web.middleware
async def path_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nothing has a name with control characters; no database needs to be asked for it (and some refuse to look)."""
    if not all(name.isprintable() for name in request.match_info.values()):
        raise HttpProblem(404)
    return await handler(request)


def size_middleware(limit: int) -> Middleware:
    """Refuse a body whose announced length is beyond ``limit`` bytes before anything is read; the rest is counted on reading."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if (request.content_length or 0) > limit:
            raise too_large(limit)
        return await handler(request)

    return check


def request_id(given: str | None) -> str:
    """The client's id where it is 8–64 harmless characters, else a random one."""
    return given if given and _USABLE_ID.fullmatch(given) else secrets.token_hex(8)


def route_of(request: web.Request) -> str:
    """The template of the route (``/chat/{tenant}``), the same for all its paths."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else UNMATCHED
