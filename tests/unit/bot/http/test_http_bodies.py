"""Bodies within their limits: what is refused, with which status, and what it names."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.http.bodies import BODY_LIMIT
from bot.http.middleware import HttpParts
from bot.http.problems import MEDIA_TYPE

Serve = Callable[..., Awaitable[TestClient[web.Request, web.Application]]]

JSON = {"Content-Type": "application/json"}


async def chunks(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 1024):
        yield b"x" * 1024


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"]
)
async def test_an_object_is_read(parts: HttpParts, serve: Serve, kind: str) -> None:
    client = await serve(parts)
    answer = await client.post("/api/echo", data='{"text":"ä"}'.encode(), headers={"Content-Type": kind})
    assert await answer.json() == {"text": "ä"}


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"]
)
async def test_other_content_types_are_415(parts: HttpParts, serve: Serve, kind: str) -> None:
    client = await serve(parts)
    answer = await client.post("/api/echo", data=b"{}", headers={"Content-Type": kind})
    assert (answer.status, answer.content_type) == (415, MEDIA_TYPE)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"text"', b"null", b'{"a":NaN}', b"\xff\xfe", b'{"a":"\\ud800"}', b"[" * 60_000]
)
async def test_broken_json_is_422_and_names_the_body(parts: HttpParts, serve: Serve, body: bytes) -> None:
    client = await serve(parts)
    answer = await client.post("/api/echo", data=body, headers=JSON)
    assert answer.status == 422
    assert (await answer.json(content_type=MEDIA_TYPE))["field"] == "body"


@pytest.mark.parametrize("path", ["/api/echo", "/raw", "/form", "/api/nothing"])
async def test_an_announced_length_beyond_the_limit_is_413(parts: HttpParts, serve: Serve, path: str) -> None:
    client = await serve(parts)
    answer = await client.post(path, data=b"x" * (BODY_LIMIT + 1), headers=JSON)
    assert answer.status == 413


@pytest.mark.parametrize("path", ["/api/echo", "/raw", "/form"])
async def test_a_chunked_body_is_counted(parts: HttpParts, serve: Serve, path: str) -> None:
    client = await serve(parts)
    answer = await client.post(path, data=chunks(2 * 1024 * 1024), headers=JSON)
    assert answer.status == 413


async def test_a_compressed_body_is_counted_as_it_unfolds(parts: HttpParts, serve: Serve) -> None:
    client = await serve(parts)
    packed = gzip.compress(b" " * (BODY_LIMIT * 20))
    assert len(packed) < BODY_LIMIT
    answer = await client.post("/api/echo", data=packed, headers=JSON | {"Content-Encoding": "gzip"})
    assert answer.status == 413


async def test_exactly_the_limit_passes_and_the_bytes_stay_the_same(parts: HttpParts, serve: Serve) -> None:
    client = await serve(parts)
    body = b"y" * BODY_LIMIT
    assert await (await client.post("/raw", data=body)).read() == body * 2
    assert await (await client.post("/raw", data=chunks(BODY_LIMIT))).read() == b"x" * BODY_LIMIT * 2
