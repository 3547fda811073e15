"""Limits per address: off by default, fair between addresses, and never an outage."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, make_mocked_request
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.http.limits import RateLimiter, client_address, make_rate_limiter
from bot.http.middleware import HttpParts
from bot.http.problems import MEDIA_TYPE

Serve = Callable[..., Awaitable[TestClient[web.Request, web.Application]]]


def real() -> datetime:
    return datetime.now(UTC)


@pytest.mark.parametrize(
    ("forwarded", "proxies", "client"),
    [
        ([], 0, "127.0.0.9"),
        (["1.1.1.1"], 0, "127.0.0.9"),
        (["1.1.1.1, 2.2.2.2"], 1, "2.2.2.2"),
        (["1.1.1.1, 2.2.2.2"], 2, "1.1.1.1"),
        (["1.1.1.1", "2.2.2.2, 3.3.3.3"], 2, "2.2.2.2"),
        (["2.2.2.2"], 5, "2.2.2.2"),
        ([], 1, "127.0.0.9"),
        (["nonsense"], 1, "unknown"),
        (["2001:db8:1:2:3:4:5:6"], 1, "2001:db8:1:2::/64"),
        (["::ffff:1.2.3.4"], 1, "1.2.3.4"),
    ],
)
def test_only_our_own_proxies_are_believed(forwarded: list[str], proxies: int, client: str) -> None:
    headers = [("X-Forwarded-For", value) for value in forwarded]
    request = make_mocked_request("GET", "/", headers=headers).clone(remote="127.0.0.9")  # type: ignore[arg-type]
    assert client_address(request, proxies) == client


def test_no_limit_by_default() -> None:
    assert make_rate_limiter(0, trusted_proxies=0, real=real) is None


@pytest.fixture(params=["memory", "redis"])
async def limiter(request: pytest.FixtureRequest) -> AsyncIterator[RateLimiter]:
    """Three requests a minute, counted in either store."""
    url = None
    if request.param == "redis":
        url = os.environ.get("FERMATA_TEST_REDIS_URL", "redis://127.0.0.1:6379/14")
        try:
            async with Redis.from_url(url) as redis:
                await redis.delete(*[key async for key in redis.scan_iter("*fermata-limits*")] or ["none"])
        except RedisError:
            if os.environ.get("CI"):
                raise
            pytest.skip("no Redis answers at 127.0.0.1:6379")
    limiter = make_rate_limiter(3, trusted_proxies=1, real=real, redis_url=url)
    assert limiter is not None
    yield limiter
    await limiter.close()


async def test_beyond_the_limit_is_429_with_a_time_to_wait(
    parts: HttpParts, serve: Serve, limiter: RateLimiter
) -> None:
    async def hello(_request: web.Request) -> web.Response:
        return web.Response()

    client = await serve(replace(parts, limiter=limiter), web.get("/healthz", hello), web.get("/api/x", hello))
    mine, other = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}
    assert [(await client.get("/api/x", headers=mine)).status for _ in range(3)] == [200, 200, 200]
    refused = await client.get("/api/x", headers=mine)
    assert refused.status == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert (await refused.json(content_type=MEDIA_TYPE))["code"] == "rate_limited"
    assert (await client.get("/api/x", headers=other)).status == 200
    assert (await client.get("/healthz", headers=mine)).status == 200


async def test_a_store_that_is_away_lets_everybody_pass(
    parts: HttpParts, serve: Serve, unused_tcp_port: int
) -> None:
    url = f"redis://127.0.0.1:{unused_tcp_port}/0"
    limiter = make_rate_limiter(1, trusted_proxies=0, real=real, redis_url=url)
    assert limiter is not None
    client = await serve(replace(parts, limiter=limiter))
    assert [(await client.get("/page")).status for _ in range(3)] == [200, 200, 200]
    await limiter.close()
