"""Problem bodies (RFC 9457) and the typed exception that becomes one. Which text a person reads is left to the catalogues."""

from __future__ import annotations

import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import orjson
from aiohttp import web

from booking_core.errors import (
    BadSignature,
    CalendarUnavailable,
    Conflict,
    FermataError,
    IllegalMove,
    MissingPermission,
    NotAllowed,
    Rejected,
    UnknownTenant,
    Upstream,
)
from bot.http.languages import best_language
from bot.translations import Translations

MEDIA_TYPE: Final = "application/problem+json"

_CODES: Final[Mapping[int, str]] = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "rate_limited",
    500: "internal",
    502: "upstream_error",
    503: "unavailable",
}


class HttpProblem(Exception):
    """An error answer: HTTP status, code, developer's detail, headers, and further members of the body."""

    def __init__(
        self,
        status: int,
        code: str | None = None,
        detail: str | None = None,
        /,
        *,
        headers: Mapping[str, str] | None = None,
        close: bool = False,
        **extra: object,
    ) -> None:
        """``code`` is by default that of the status; ``close`` ends the connection after the answer."""
        self.status = status
        self.code = code or code_of(status)
        self.detail = detail
        self.headers = dict(headers or {})
        self.close = close
        self.extra = extra
        super().__init__(f"{status} {self.code}")


def problem(
    status: int,
    code: str,
    title: str,
    detail: str | None = None,
    /,
    *,
    headers: Mapping[str, str] | None = None,
    **extra: object,
) -> web.Response:
    """A problem body; ``extra`` are members such as ``field`` or ``alternatives``, left out where None."""
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **extra,
    }
    present = {name: value for name, value in body.items() if value is not None}
    return web.Response(status=status, body=orjson.dumps(present), content_type=MEDIA_TYPE, headers=headers)


def code_of(status: int) -> str:
    """The code of a plain HTTP error."""
    return _CODES.get(status, "internal" if status >= 500 else "bad_request")


def retry_after(seconds: float) -> dict[str, str]:
    """The header of RFC 9110, 10.2.3, in whole seconds, never less than one."""
    return {"Retry-After": str(max(1, math.ceil(seconds)))}


def as_problem(error: FermataError) -> HttpProblem:
    """What an error of the business is over HTTP.

    Rejected 422 with the field (IllegalMove 409), Conflict 409 with alternatives, BadSignature 401, MissingPermission 403,
    UnknownTenant 404, a calendar that is away 503 with Retry-After, other Upstream 502, the rest 500. Only Rejected and Conflict
    tell their own words; the others may speak of internals.
    """
    # Everything else in the data is for the logs.
    field, alternatives = error.data.get("field"), error.data.get("alternatives")
    match error:
        case IllegalMove() | Conflict():
            return HttpProblem(409, error.code, str(error), field=field, alternatives=alternatives)
        case Rejected():
            return HttpProblem(422, error.code, str(error), field=field, alternatives=alternatives)
        case BadSignature():
            return HttpProblem(401, error.code, _meaning(error), headers={"WWW-Authenticate": "Bearer"})
        case MissingPermission():
            return HttpProblem(403, error.code, _meaning(error))
        case UnknownTenant():
            return HttpProblem(404, error.code, _meaning(error))
        case NotAllowed():
            return HttpProblem(403, error.code, _meaning(error))
        case CalendarUnavailable():
            return HttpProblem(503, error.code, _meaning(error), headers=retry_after(error.retry_after))
        case Upstream():
            return HttpProblem(502, error.code, _meaning(error))
        case _:
            return HttpProblem(500)


def language_of(request: web.BaseRequest, offered: tuple[str, ...] = ("en", "de")) -> str:
    """The language of an error: the best of Accept-Language, else English."""
    return best_language(request.headers.get("Accept-Language"), offered)


def title_of(translations: Translations, language: str, status: int, code: str) -> str:
    """What a person reads first: the text ``problem.<code>``, else that of the status, else the standard's phrase."""
    for candidate in (code, code_of(status)):
        if translations.has(language, f"problem.{candidate}"):
            return translations.text(language, f"problem.{candidate}")
    return HTTPStatus(status).phrase


def hint_of(translations: Translations, language: str, status: int) -> str:
    """What a person can do about it: the text ``problem.<code of the status>.hint``, else ``problem.hint``."""
    for key in (f"problem.{code_of(status)}.hint", "problem.hint"):
        if translations.has(language, key):
            return translations.text(language, key)
    return ""


def _meaning(error: FermataError) -> str:
    return (type(error).__doc__ or error.code).strip().splitlines()[0]
