"""Bodies within their limits: what is refused, with which status, and what it names."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from structlog.testing import capture_logs

from bot.http.bodies import BODY_LIMIT
from bot.http.middleware import HttpParts
from bot.http.problems import MEDIA_TYPE

Serve = Callable[..., Awaitable[TestClient[web.Request, web.Application]]]

JSON = {"Content-Type": "application/json"}
ASKED = JSON | {"Accept": "application/json"}


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


@pytest.mark.parametrize("path", ["/api/echo", "/raw"])
@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("X-GZIP", gzip.compress),
        ("gzip", lambda body: gzip.compress(body[:5]) + gzip.compress(body[5:])),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body, wbits=-zlib.MAX_WBITS)),
        ("identity", bytes),
        ("", bytes),
    ],
    ids=["gzip", "x-gzip", "members", "zlib", "raw-deflate", "identity", "empty"],
)
@pytest.mark.parametrize("piece", [1, 7, 4096])
async def test_a_compressed_body_is_unfolded(
    parts: HttpParts, serve: Serve, path: str, coding: str, pack: Callable[[bytes], bytes], piece: int
) -> None:
    client = await serve(parts)
    packed = pack(b'{"text":"hello, hello, hello"}')

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(packed), piece):
            yield packed[at : at + piece]

    with capture_logs() as logs:
        answer = await client.post(path, data=pieces(), headers=ASKED | {"Content-Encoding": coding})
    assert answer.status == 200
    assert b'"hello, hello, hello"' in await answer.read()
    assert {line["log_level"] for line in logs} == {"info"}


@pytest.mark.parametrize("path", ["/api/echo", "/raw"])
@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", b'{"text":"hello"}'),
        ("deflate", b'{"text":"hello"}'),
        ("gzip", gzip.compress(b"{}")[:-4]),
        ("gzip", gzip.compress(b"{}") + b"and more"),
        ("gzip", gzip.compress(b"{}")[:-8] + b"\x00" * 8),
        ("deflate", zlib.compress(b"{}")[:-2]),
        ("deflate", zlib.compress(b"{}") + b"and more"),
        ("deflate", b"\x78"),
        ("gzip", b"\x1f"),
    ],
    ids=[
        "plain",
        "plain-deflate",
        "cut",
        "longer",
        "wrong-sum",
        "cut-deflate",
        "longer-deflate",
        "byte",
        "gzip-byte",
    ],
)
async def test_a_body_that_is_not_compressed_as_it_says_is_400(
    parts: HttpParts, serve: Serve, caplog: pytest.LogCaptureFixture, path: str, coding: str, body: bytes
) -> None:
    client = await serve(parts)
    with capture_logs() as logs:
        answer = await client.post(path, data=body, headers=ASKED | {"Content-Encoding": coding})
        told = await answer.json(content_type=MEDIA_TYPE)
    assert (answer.status, told["code"], told["type"]) == (400, "bad_request", "/problems/bad_request")
    assert coding in told["detail"]
    assert {line["log_level"] for line in logs} == {"info"} and not caplog.records


@pytest.mark.parametrize("path", ["/api/echo", "/raw"])
@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "nonsense"])
async def test_an_unknown_coding_is_415_and_tells_which_are_known(
    parts: HttpParts, serve: Serve, caplog: pytest.LogCaptureFixture, path: str, coding: str
) -> None:
    client = await serve(parts)
    with capture_logs() as logs:
        answer = await client.post(path, data=b"{}", headers=ASKED | {"Content-Encoding": coding})
        told = await answer.json(content_type=MEDIA_TYPE)
    assert (answer.status, told["code"]) == (415, "unsupported_media_type")
    assert told["type"] == "/problems/unsupported_media_type"
    assert answer.headers["Accept-Encoding"] == "gzip, deflate"
    assert {line["log_level"] for line in logs} == {"info"} and not caplog.records


async def test_a_coding_without_a_body_says_nothing(parts: HttpParts, serve: Serve) -> None:
    client = await serve(parts)
    for coding in ("gzip", "br"):
        answer = await client.post("/raw", headers={"Content-Encoding": coding})
        assert (answer.status, await answer.read()) == (200, b"")
        assert (await client.get("/page", headers={"Content-Encoding": coding})).status == 200


async def test_what_unfolds_to_nothing_is_counted_as_well(parts: HttpParts, serve: Serve) -> None:
    client = await serve(parts)
    member = gzip.compress(b"")

    async def members() -> AsyncIterator[bytes]:
        for _ in range(2 * BODY_LIMIT // len(member)):
            yield member

    answer = await client.post("/raw", data=members(), headers={"Content-Encoding": "gzip"})
    assert answer.status == 413
