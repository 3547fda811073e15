"""From an HTTP request to a handler and back: routing, faults, limit, key, body, and the error forms.

The order is the real server's: a broken body and an unknown route answer before the limit and the key.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from integrations.calcom.sandbox.accounts import User, find_key
from integrations.calcom.sandbox.errors import ApiError, JsonObject, bare, cannot, enveloped, internal, throttled
from integrations.calcom.sandbox.limiter import Verdict
from integrations.calcom.sandbox.routing import Answer, Auth, Call, Match, Route, find_route, resolve_version
from integrations.calcom.sandbox.times import iso_utc
from integrations.calcom.sandbox.world import World

_LOG = logging.getLogger(__name__)
_NO_KEY = (
    "ApiAuthStrategy - No authentication method provided. Either pass an API key as 'Bearer' header or OAuth client "
    "credentials as 'x-cal-secret-key' and 'x-cal-client-id' headers"
)
_NO_PERMISSION = (
    "PermissionsGuard - no authentication provided. Provide either authorization bearer token containing managed user "
    "access token or oAuth client id in 'x-coachos-client-id' header."
)
_ACCESS_TOKEN_LIMIT = 500
_CHECK_CLIENT_SECONDS = 0.02
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    body: JsonObject
    headers: dict[str, str]


class Gateway:
    """Serves `/v2/…` from `api` and `/_sandbox/…` from `controls`."""

    def __init__(self, world: World, api: Sequence[Route], controls: Sequence[Route]) -> None:
        self._world = world
        self._api = api
        self._controls = controls
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Let requests whose answer is being withheld end."""
        self._closing.set()

    async def control(self, request: web.Request) -> web.StreamResponse:
        """A control request: no key, no limit, no faults."""
        return _respond(await self._answer(request, request.raw_path, self._controls, limited=False))

    async def api(self, request: web.Request) -> web.StreamResponse:
        """A request to the double itself, under the faults in force."""
        path = _rewrite(request.raw_path)
        if not path.startswith("/v2"):
            # Strays of a browser must not use up draws of a repeatable run.
            return _respond(await self._answer(request, path, self._api, limited=True))
        faults = self._world.faults
        settings = faults.settings
        if settings.down:
            if settings.closed:
                return _hang_up(request)
            return web.Response(
                status=503, text="<html><body>503 Service Unavailable</body></html>", content_type="text/html"
            )
        draw = faults.draw()
        if settings.delay_ms:
            # What has arrived is carried out at the end of the delay, also where the client has given up by then.
            await request.read()
            await asyncio.sleep(settings.delay_ms / 1000)
        if draw.error:
            failed = bare(500, "Internal server error")
            return _respond(_Reply(500, failed.body(path=path, timestamp=""), {}))
        reply = await self._answer(request, path, self._api, limited=True)
        if draw.lose_answer and request.method in _WRITES and reply.status < 400:
            await self._withhold(request)
            return _hang_up(request)
        return _respond(reply)

    async def _answer(self, request: web.Request, path: str, routes: Sequence[Route], *, limited: bool) -> _Reply:
        headers: dict[str, str] = {}
        try:
            body = await _body(request)
            version = resolve_version(request.headers.get("cal-api-version"))
            match = find_route(routes, request.method, _rewrite(request.path), version)
            if match is None:
                raise cannot(request.method, path)
            caller = None
            if limited:
                caller = await self._admit(request, match, headers)
            answer = await self._call(request, path, match, caller, body)
        except ApiError as error:
            timestamp = iso_utc(self._world.now_ms())
            return _Reply(error.status, error.body(path=path, timestamp=timestamp), headers)
        return _Reply(answer.status, answer.body, headers)

    async def _call(self, request: web.Request, path: str, match: Match, caller: User | None, body: Any) -> Answer:
        call = Call(self._world, request.method, path, caller, match.params, dict(request.query), body)
        try:
            return await match.handler(call)
        except ApiError:
            raise
        except Exception as error:
            _LOG.exception("a handler failed", extra={"route": match.handler.__name__})
            raise internal() from error

    async def _admit(self, request: web.Request, match: Match, headers: dict[str, str]) -> User | None:
        """Count the request, then find out who asks; fills the limit headers."""
        credential = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if not credential:
            self._count(f"ip:{request.remote}", None, headers)
            _check_anonymous(match)
            return None
        digest = hashlib.sha256(credential.encode()).hexdigest()
        if not credential.startswith("cal_"):
            self._count(f"token:{digest}", _ACCESS_TOKEN_LIMIT, headers)
            if match.auth is Auth.OPTIONAL:
                return None
            raise enveloped(401, "Invalid Access Token.")
        key = await self._world.store.read(lambda db: find_key(db, credential))
        if key is None:
            raise enveloped(401, "CustomThrottlerGuard - Invalid API Key")
        self._count(f"key:{digest}", None, headers)
        if key.expired or key.user is None:
            raise enveloped(401, "ApiAuthStrategy - api key - Your api key is expired")
        return key.user

    def _count(self, tracker: str, limit: int | None, headers: dict[str, str]) -> None:
        forced = self._world.faults.settings.rate_limit
        usual = self._world.config.rate_limit_per_minute if limit is None else limit
        verdict: Verdict = self._world.limiter.hit(tracker, usual if forced is None else forced)
        headers |= verdict.headers()
        if not verdict.allowed:
            raise throttled()

    async def _withhold(self, request: web.Request) -> None:
        """Committed, but the answer never comes: wait until the client has given up."""
        while request.transport is not None and not request.transport.is_closing():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), _CHECK_CLIENT_SECONDS)
                return


def _check_anonymous(match: Match) -> None:
    if match.auth is Auth.REQUIRED:
        raise enveloped(401, _NO_KEY)
    if match.auth is Auth.PERMISSION:
        raise enveloped(403, _NO_PERMISSION)


def _rewrite(path: str) -> str:
    return re.sub(r"^/api/v2(?=/|$)", "/v2", path)


async def _body(request: web.Request) -> Any:
    if not request.body_exists:
        return None
    raw = await request.read()
    if not raw:
        return None
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise enveloped(400, "Unexpected end of JSON input") from None


def _respond(reply: _Reply) -> web.Response:
    return web.Response(
        status=reply.status,
        body=orjson.dumps(reply.body),
        content_type="application/json",
        charset="utf-8",
        headers={"X-Request-Id": str(uuid.uuid4()), **reply.headers},
    )


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=503)
