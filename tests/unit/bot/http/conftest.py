"""A wrapped application with routes that fail in every way, served over real HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.pytest_plugin import AiohttpClient
from aiohttp.test_utils import TestClient

from bot.http.bodies import read_body, read_json
from bot.http.metrics import Metrics
from bot.http.middleware import HttpParts, make_application
from bot.translations import Translations

Client = TestClient[web.Request, web.Application]
Serve = Callable[..., Awaitable[Client]]


def error_page(status: int, title: str, hint: str, language: str) -> str:
    """A page as short as a test needs it."""
    return f"<!doctype html><html lang={language}><h1>{status} {title}</h1><p>{hint}</p>"


@pytest.fixture
def translations() -> Translations:
    """The catalogues as they are."""
    return Translations.load()


@pytest.fixture
def parts(translations: Translations) -> HttpParts:
    """The wrapping with its default limits."""
    return HttpParts(translations, Metrics(), error_page=error_page, frames="http://127.0.0.1:*")


@pytest.fixture
def serve(aiohttp_client: AiohttpClient) -> Serve:
    """Serve ``routes`` with the wrapping ``parts``; ``raises`` adds a route for each exception, ``/api/raise/<number>``."""

    async def start(parts: HttpParts, *routes: web.RouteDef, raises: tuple[BaseException, ...] = ()) -> Client:
        app = make_application(parts)

        def failing(error: BaseException) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
            async def fail(_request: web.Request) -> web.StreamResponse:
                raise error

            return fail

        async def echo(request: web.Request) -> web.Response:
            return web.json_response(await read_json(request))

        async def raw(request: web.Request) -> web.Response:
            return web.Response(body=await read_body(request) + await read_body(request))

        async def form(request: web.Request) -> web.Response:
            return web.Response(text=str(len(await request.read())))

        async def page(_request: web.Request) -> web.Response:
            return web.Response(text="<p>hello", content_type="text/html")

        app.add_routes(
            [web.post("/api/echo", echo), web.post("/raw", raw), web.post("/form", form), web.get("/page", page)]
        )
        app.add_routes(list(routes))
        for number, error in enumerate(raises):
            app.router.add_get(f"/api/raise/{number}", failing(error))
        return await aiohttp_client(app)

    return start
