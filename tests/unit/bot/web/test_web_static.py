"""Static files over real HTTP: how long they may be kept, how they are asked for again, and that nothing else is served."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.pytest_plugin import AiohttpClient
from aiohttp.test_utils import TestClient

from bot.http.metrics import Metrics
from bot.http.middleware import QUIET_ROUTES, HttpParts, make_application
from bot.translations import Translations
from bot.web.pages import STATIC_DIR, Pages
from bot.web.routes import PAGES, static_routes

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
async def client(aiohttp_client: AiohttpClient, pages: Pages) -> Client:
    app = make_application(HttpParts(Translations.load(), Metrics()))
    app[PAGES] = pages
    app.add_routes(static_routes())
    return await aiohttp_client(app)


@pytest.fixture
def ask_raw(client: Client) -> Callable[[str], Awaitable[tuple[int, bytes]]]:
    """Ask for a path byte by byte as given, as no well-behaved client would."""

    async def ask(path: str) -> tuple[int, bytes]:
        reader, writer = await asyncio.open_connection(client.host, client.port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode("latin-1"))
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return int(answer.split(b" ", 2)[1]), answer

    return ask


async def test_a_file_under_its_present_version_may_be_kept_for_good(client: Client, pages: Pages) -> None:
    for name in ("fermata.css", "chat.js", "favicon.svg"):
        response = await client.get(pages.asset(name))
        assert response.status == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert await response.read() == (STATIC_DIR / name).read_bytes()


@pytest.mark.parametrize("query", ["", "?v=", "?v=000000000000", "?version=1"])
async def test_any_other_address_is_asked_for_again(client: Client, query: str) -> None:
    response = await client.get(f"/static/dom.js{query}")
    assert response.status == 200
    assert response.headers["Cache-Control"] == "no-cache"
    assert "javascript" in response.content_type
    again = await client.get(f"/static/dom.js{query}", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status == 304
    assert again.headers["ETag"] == response.headers["ETag"]
    assert again.headers["Cache-Control"] == "no-cache"
    assert await again.read() == b""


async def test_an_old_tag_is_answered_with_the_whole_file(client: Client) -> None:
    response = await client.get("/static/dom.js", headers={"If-None-Match": '"of-another-content"'})
    assert response.status == 200
    assert await response.read() == (STATIC_DIR / "dom.js").read_bytes()


async def test_the_favicon_is_an_image_that_is_asked_for_again(client: Client) -> None:
    response = await client.get("/favicon.ico")
    assert (response.status, response.content_type) == (200, "image/svg+xml")
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../pages.py",
        "/static/..%2fpages.py",
        "/static/%2e%2e/pages.py",
        "/static/%2e%2e%2fpages.py",
        "/static/..%5cpages.py",
        "/static/chat.js/../../pages.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/./chat.js%00",
        "/static/.",
        "/static/..",
        "/static/",
        "/static",
        "/static/gone.js",
    ],
)
async def test_nothing_but_the_known_files_is_served(
    ask_raw: Callable[[str], Awaitable[tuple[int, bytes]]], path: str
) -> None:
    status, answer = await ask_raw(path)
    assert status in {400, 404}
    assert b"import" not in answer
    assert b"root:" not in answer


async def test_files_are_quiet_in_the_log_and_free_of_the_rate_limit(client: Client) -> None:
    resources = {resource.canonical for resource in client.app.router.resources()}
    assert resources - {"/favicon.ico"} <= QUIET_ROUTES
