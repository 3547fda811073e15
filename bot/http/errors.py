"""The middleware through which every error leaves: as a problem body, or as a page where a person is looking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from booking_core.errors import CalendarUnavailable, FermataError
from bot.http.problems import HttpProblem, as_problem, hint_of, language_of, problem, title_of
from bot.translations import Translations

ErrorPage = Callable[[int, str, str, str], str]
"""Renders a page from status, title, hint and language."""

_MACHINES: Final = (
    "/api/",
    "/voice/",
    "/tools",
    "/telegram/",
    "/webhooks/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi",
)
_KEPT_HEADERS: Final = ("Allow", "WWW-Authenticate", "Retry-After")


def error_middleware(translations: Translations, page: ErrorPage | None = None) -> Middleware:
    """Turn any exception into an answer without a traceback; redirections pass."""

    @web.middleware
    async def turn_into_answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except HttpProblem as error:
            found = error
        except web.HTTPException as error:
            if error.status < 400:
                raise
            found = _from_aiohttp(error)
        except FermataError as error:
            found = as_problem(error)
            if isinstance(error, CalendarUnavailable):
                # The calendar's outages have log lines of their own.
                _logger().info("request_failed", code=error.code)
            elif found.status >= 500:
                _logger().warning("request_failed", code=error.code, error=type(error).__name__, exc_info=error)
        except Exception as error:
            if isinstance(error, ConnectionResetError) and _is_gone(request):
                # The client left; nobody reads an answer, and nothing is wrong here.
                raise
            _logger().error("request_crashed", error=type(error).__name__, exc_info=error)
            found = HttpProblem(500)
        if request.writer.output_size > 0:
            # A stream has begun; a second status line in its middle would be read as content.
            raise ConnectionResetError("an answer was already under way")
        return _answer(request, found, translations, page)

    return turn_into_answer


def wants_page(request: web.BaseRequest) -> bool:
    """Whether a person is looking: a path that is none of the machines', and an Accept that takes HTML."""
    if request.path.startswith(_MACHINES):
        return False
    accepted = request.headers.get("Accept", "text/html")
    return "text/html" in accepted or ("*/*" in accepted and "json" not in accepted)


def _answer(
    request: web.Request, found: HttpProblem, translations: Translations, page: ErrorPage | None
) -> web.Response:
    language = language_of(request)
    title = title_of(translations, language, found.status, found.code)
    if page is not None and wants_page(request):
        text = page(found.status, title, hint_of(translations, language, found.status), language)
        response = web.Response(status=found.status, text=text, content_type="text/html", headers=found.headers)
    else:
        response = problem(found.status, found.code, title, found.detail, headers=found.headers, **found.extra)
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Cache-Control"] = "no-store"
    if found.close:
        response.force_close()
    return response


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _from_aiohttp(error: web.HTTPException) -> HttpProblem:
    headers = {name: error.headers[name] for name in _KEPT_HEADERS if name in error.headers}
    return HttpProblem(error.status, headers=headers, close=error.status == 413)


def _logger() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)
    return logger
