"""How many requests one address may send; off unless a number is set."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import ConnectionPool

from bot.http.problems import HttpProblem, retry_after

_PREFIX: Final = "fermata-limits"
_STORE_SECONDS: Final = 0.5


class RateLimiter:
    """Counts requests by client address in a sliding minute."""

    def __init__(
        self,
        storage: Storage,
        per_minute: int,
        *,
        trusted_proxies: int,
        real: Callable[[], datetime],
        close: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """``real`` is the real clock, ``trusted_proxies`` how many proxies of ours stand in front, ``close`` ends the storage."""
        if per_minute < 1:
            raise ValueError("a limit is at least one request a minute")
        self._strategy = SlidingWindowCounterRateLimiter(storage)
        self._item = RateLimitItemPerMinute(per_minute)
        self._trusted = trusted_proxies
        self._real = real
        self._close = close

    async def close(self) -> None:
        """Give back the storage's connections."""
        if self._close is not None:
            await self._close()

    async def seconds_to_wait(self, request: web.BaseRequest) -> float | None:
        """Count this request; None where it may pass, else the seconds until another may.

        A store that does not answer lets everybody pass: a limit must not become an outage.
        """
        client = client_address(request, self._trusted)
        try:
            if await self._strategy.hit(self._item, client):
                return None
            window = await self._strategy.get_window_stats(self._item, client)
        except Exception as error:
            structlog.stdlib.get_logger(__name__).warning("limits_unavailable", error=type(error).__name__)
            return None
        return max(0.0, window.reset_time - self._real().timestamp())


def make_rate_limiter(
    per_minute: int, *, trusted_proxies: int, real: Callable[[], datetime], redis_url: str | None = None
) -> RateLimiter | None:
    """A limiter that counts in Redis for several processes or in this one; None where ``per_minute`` is 0."""
    if per_minute == 0:
        return None
    if redis_url is None:
        return RateLimiter(MemoryStorage(), per_minute, trusted_proxies=trusted_proxies, real=real)
    pool = ConnectionPool.from_url(redis_url, socket_timeout=_STORE_SECONDS, socket_connect_timeout=_STORE_SECONDS)
    # The library's types do not name this option.
    options: dict[str, Any] = {"connection_pool": pool}
    storage = RedisStorage("async+redis://", implementation="redispy", key_prefix=_PREFIX, **options)
    return RateLimiter(storage, per_minute, trusted_proxies=trusted_proxies, real=real, close=pool.aclose)


def limit_middleware(limiter: RateLimiter, *, exempt: frozenset[str]) -> Middleware:
    """Answer 429 with Retry-After beyond the limit; routes in ``exempt`` are not counted."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        resource = request.match_info.route.resource
        if resource is None or resource.canonical not in exempt:
            seconds = await limiter.seconds_to_wait(request)
            if seconds is not None:
                raise HttpProblem(429, None, "too many requests from this address", headers=retry_after(seconds))
        return await handler(request)

    return check


def client_address(request: web.BaseRequest, trusted_proxies: int) -> str:
    """Who sent the request: the entry of X-Forwarded-For that the outermost of our proxies wrote, IPv6 as its /64 network.

    Entries further left come from the client and prove nothing. With fewer entries than proxies the left-most there is counts.
    """
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", [])) if trusted_proxies else ""
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()] + [request.remote or ""]
    return _network(hops[max(0, len(hops) - 1 - trusted_proxies)])


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        # One household has a whole /64; counting single addresses would count nothing.
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
