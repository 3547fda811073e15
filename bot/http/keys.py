"""The name under which a client repeats a request."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from bot.http.problems import HttpProblem

HEADER: Final = "Idempotency-Key"
KEY_LIMIT: Final = 200


def idempotency_key(request: web.BaseRequest) -> str | None:
    """The key, None without one. Raises 422 for one that is empty, too long, or no printable text in UTF-8."""
    key = request.headers.get(HEADER)
    # Bytes that are no UTF-8 arrive as lone surrogates, which no database takes.
    if key is not None and not (0 < len(key) <= KEY_LIMIT and key.isprintable()):
        raise HttpProblem(422, None, f"{HEADER} must have 1 to {KEY_LIMIT} printable characters", field=HEADER)
    return key
