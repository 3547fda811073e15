"""Mutating routes: the same Idempotency-Key and body get the same status and bytes, also while the first call still runs."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from booking_core.errors import BeingChanged, FermataError
from booking_core.services.idempotent import Answer, Call
from bot.api.permissions import Caller
from bot.http.bodies import read_body
from bot.http.keys import idempotency_key
from bot.http.problems import MEDIA_TYPE, HttpProblem, as_problem, language_of, problem, title_of
from bot.services import SERVICES
from bot.translations import Translations

_SERVER_ERROR: Final = 500

Run = Callable[[str], Awaitable[Answer]]
"""Does the work under a token that is the same whenever it has to be done again."""


async def answer_once(request: web.Request, caller: Caller, run: Run) -> web.Response:
    """The answer of ``run``, or of the earlier call with this key on this path; without a key every call is a new one.

    A refusal is an answer as well and is kept. Raises what ``run`` raises where that is 429, ours to mend (5xx), or another change
    under way (409 ``conflict``): it may be repeated under the same key.
    """
    services = request.app[SERVICES]
    language = language_of(request)

    async def answered(token: str) -> Answer:
        try:
            return await run(token)
        except HttpProblem as error:
            return _refusal(error, error, services.translations, language)
        except FermataError as error:
            return _refusal(as_problem(error), error, services.translations, language)

    key = idempotency_key(request)
    if key is None:
        return _response(await answered(secrets.token_hex(12)))
    scope = f"api:{caller.tenant}:{caller.owner}:{request.method} {request.path}"
    fingerprint = hashlib.sha256(await read_body(request)).hexdigest()
    return _response(await services.idempotent.once(Call(scope, key, fingerprint), answered))


def _refusal(found: HttpProblem, error: Exception, translations: Translations, language: str) -> Answer:
    if found.status >= _SERVER_ERROR or found.headers or isinstance(error, BeingChanged):
        # Not to be kept, because the same request may succeed in a moment, or worth more than its body: the middleware answers it.
        raise error
    title = title_of(translations, language, found.status, found.code)
    body = problem(found.status, found.code, title, found.detail, headers=None, **found.extra).body
    assert isinstance(body, bytes)
    return Answer(found.status, body)


def _response(answer: Answer) -> web.Response:
    refused = answer.status >= 400
    return web.Response(
        body=answer.body,
        status=answer.status,
        content_type=MEDIA_TYPE if refused else "application/json",
        headers={"Cache-Control": "no-store"},
    )
