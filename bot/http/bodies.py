"""Reads request bodies within limits. Field by field validation is left to the routes."""

from __future__ import annotations

from typing import Any, Final

import orjson
from aiohttp import web

from bot.http.codings import KNOWN, BrokenCoding, Unfolding, UnknownCoding, coding_of
from bot.http.problems import HttpProblem

BODY_LIMIT: Final = 64 * 1024
"""Bytes that a request may carry."""

_BODY: Final = web.RequestKey("body", bytes)


async def read_body(request: web.Request, limit: int = BODY_LIMIT) -> bytes:
    """The bytes as they were before compression, as signatures need them; a second call returns the same.

    Raises 413 beyond ``limit`` bytes, 415 for an unknown Content-Encoding and 400 for bytes that are not compressed as it says.
    Counts what arrives and what comes of it, so that neither a missing Content-Length nor a compressed body gets around the limit.
    """
    if _BODY in request:
        return request[_BODY]
    if (request.content_length or 0) > limit:
        raise too_large(limit)
    body, arrived = bytearray(), 0
    coding, unfolding = "", None
    try:
        async for piece in request.content.iter_any():
            if piece and not arrived and (coding := _coding(request)):
                unfolding = Unfolding(coding)
            arrived += len(piece)
            body += piece if unfolding is None else unfolding.feed(piece, limit - len(body))
            if max(arrived, len(body)) > limit:
                raise too_large(limit)
        if unfolding is not None:
            unfolding.finish()
    except BrokenCoding:
        raise HttpProblem(400, None, f"the body is not {coding}, as Content-Encoding says") from None
    request[_BODY] = bytes(body)
    return request[_BODY]


async def read_json(request: web.Request, limit: int = BODY_LIMIT) -> dict[str, Any]:
    """The body as a JSON object.

    Raises 415 unless it is ``application/json`` in UTF-8, what `read_body` raises, and 422 with ``field: body`` for broken JSON or
    JSON that is no object.
    """
    if request.content_type != "application/json" or (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise HttpProblem(
            415, None, "the body must be application/json in UTF-8", headers={"Accept": "application/json"}
        )
    body = await read_body(request, limit)
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise HttpProblem(422, None, "the body is not well-formed JSON", field="body") from None
    if not isinstance(content, dict):
        raise HttpProblem(422, None, "the body must be a JSON object", field="body")
    return content


def too_large(limit: int) -> HttpProblem:
    """The refusal of a body beyond ``limit`` bytes; it ends the connection, so that the rest is not waited for."""
    return HttpProblem(413, None, f"the body must not be larger than {limit} bytes", close=True)


def _coding(request: web.Request) -> str:
    """What the body is compressed with, empty for nothing; raises 415."""
    try:
        return coding_of(request.headers.getall("Content-Encoding", ())) or ""
    except UnknownCoding:
        known = ", ".join(KNOWN)
        raise HttpProblem(
            415,
            None,
            f"the body must be plain or compressed with one of {known}",
            headers={"Accept-Encoding": known},
        ) from None
