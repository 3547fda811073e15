"""Browser tests: headless Chromium, axe-core, and a salon that answers the chat API by a script.

The script stands in for the assistant only; pages, styles and scripts are the product's own.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

from bot.web.pages import STATIC_DIR, Pages, TenantView, page_language
from tests.support.visitor import Visitor, chromium_at, find_chromium, visiting

TENANT = TenantView(
    id="salon-fermata",
    name="Salon Fermata",
    phone="+49 30 5550 1234",
    languages=("de", "en"),
    address="Kastanienallee 12, 10435 Berlin",
    services={"de": ("Herrenhaarschnitt", "Ansatzfärbung"), "en": ("Men's haircut", "Root colour")},
)
POLICY = (
    "default-src 'self'; frame-src 'self' http://127.0.0.1:*; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
DAY = "2026-03-26"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all browser tests: the browser outlives each of them."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def _missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and without it the pages are unproven", pytrace=False)
    pytest.skip(f"NOT TESTED: {what} is missing")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium; where it is missing and Debian's package can be had, it is installed first."""
    found = find_chromium()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]):
            subprocess.run(["apt-get", *command], check=False, capture_output=True, timeout=280)
        found = find_chromium()
    if found is None:
        _missing("Chromium")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def axe_script() -> str:
    """The source of axe-core, fetched once from the npm registry into the environment."""
    cached = Path(sys.prefix) / "axe" / "axe.min.js"
    if not cached.exists() and shutil.which("npm"):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                ["npm", "pack", "axe-core@4"], cwd=folder, check=False, capture_output=True, timeout=120
            )
            for package in Path(folder).glob("axe-core-*.tgz"):
                with tarfile.open(package) as archive:
                    member = archive.extractfile("package/axe.min.js")
                    assert member is not None
                    cached.parent.mkdir(exist_ok=True)
                    cached.write_bytes(member.read())
    if not cached.exists():
        _missing("axe-core")
    return cached.read_text(encoding="utf-8")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with chromium_at(chromium) as launched:
        yield launched


Fault = Callable[[], web.StreamResponse]


@dataclass
class Salon:
    """The scripted salon. `faults` answer instead of the next messages, `lost` answers get lost on the way."""

    url: str = ""
    pages: Pages = field(default_factory=Pages)
    calendar_url: str | None = None
    faults: deque[Fault] = field(default_factory=deque)
    lost: int = 0
    gate: asyncio.Event | None = None
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    handled: int = 0
    mails: list[dict[str, Any]] | None = field(default_factory=list)
    transcripts: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    _answers: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def app(self) -> web.Application:
        app = web.Application(middlewares=[_with_policy])
        app.router.add_get("/", self._start)
        app.router.add_get("/chat/{tenant}", self._chat)
        app.router.add_get("/mailbox", self._mailbox)
        app.router.add_get("/api/demo", self._demo)
        app.router.add_get("/api/demo/mailbox", self._mails)
        app.router.add_post("/api/chat/{tenant}/messages", self._post)
        app.router.add_get("/api/chat/{tenant}/messages", self._get)
        app.router.add_static("/static/", STATIC_DIR)
        return app

    def say_later(self, conversation: str, text: str) -> None:
        self.transcripts.setdefault(conversation, []).append(
            {"from": "bot", "text": text, "at": f"{DAY}T09:00:00Z"}
        )

    async def _start(self, request: web.Request) -> web.Response:
        return _html(self.pages.start(TENANT, _language(request), self.calendar_url))

    async def _chat(self, request: web.Request) -> web.Response:
        return _html(self.pages.chat(TENANT, _language(request), embed=request.query.get("embed") == "1"))

    async def _mailbox(self, request: web.Request) -> web.Response:
        return _html(self.pages.mailbox(TENANT, _language(request)))

    async def _demo(self, request: web.Request) -> web.Response:
        return web.json_response({"sandbox": self.calendar_url, "now": "2026-03-24T10:15:03+01:00"})

    async def _mails(self, request: web.Request) -> web.Response:
        return web.Response(status=404) if self.mails is None else web.json_response({"messages": self.mails})

    async def _get(self, request: web.Request) -> web.Response:
        conversation = request.query["conversation"]
        messages = self.transcripts.get(conversation, [])
        return web.json_response({"conversation": conversation, "messages": messages})

    async def _post(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body = json.loads(raw)
        key = request.headers["Idempotency-Key"]
        self.posts.append((key, body))
        if self.gate is not None:
            await self.gate.wait()
        if self.faults:
            return self.faults.popleft()()
        if key not in self._answers:
            problem = _check(body)
            if problem:
                return problem
            self.handled += 1
            self._answers[key] = (raw.decode(), json.dumps(self._turn(body)).encode())
        known, answer = self._answers[key]
        if known != raw.decode():
            return _problem(409, "Another body under the same key.")
        if self.lost:
            self.lost -= 1
            return _problem(502, "The answer was lost.")
        return web.Response(body=answer, content_type="application/json")

    def _turn(self, body: dict[str, Any]) -> dict[str, Any]:
        log = self.transcripts.setdefault(body["conversation"], [])
        said = body.get("text") or body["choice"]
        log.append({"from": "guest", "text": said, "at": f"{DAY}T09:00:00Z"})
        answer = SCRIPT[body["language"]](said)
        for reply in answer["replies"]:
            log.append({"from": "bot", "text": reply["text"], "at": f"{DAY}T09:00:01Z"})
        return {"conversation": body["conversation"], "language": body["language"]} | answer


@web.middleware
async def _with_policy(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    response = await handler(request)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _language(request: web.Request) -> str:
    return page_language(request.query.get("lang"), request.headers.get("Accept-Language"))


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")


def _problem(status: int, detail: str) -> web.Response:
    return web.json_response(
        {"title": "Problem", "status": status, "detail": detail},
        status=status,
        content_type="application/problem+json",
    )


def _check(body: dict[str, Any]) -> web.Response | None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,64}", body["conversation"]):
        return _problem(422, "conversation")
    if ("text" in body) == ("choice" in body) or len(body.get("text", "x")) > 2000:
        return _problem(422, "text")
    return None


# --- the script


def _segments(first: str, second: str, names: tuple[str, str]) -> list[dict[str, str]]:
    """Half an hour, a pause of 25 minutes, an hour and a quarter."""
    hour, minute = map(int, first.split(":"))
    at = [
        f"{DAY}T{(hour * 60 + minute + plus) // 60:02}:{(hour * 60 + minute + plus) % 60:02}"
        for plus in (0, 30, 55, 130)
    ]
    staff = ("anna", second)
    return [
        {
            "name": name,
            "staff": who,
            "staff_name": who.title(),
            "start": f"{start}:00+01:00",
            "end": f"{end}:00+01:00",
        }
        for name, who, start, end in zip(names, staff, at[::2], at[1::2], strict=True)
    ]


def _answer(text: str, expects: str = "anything", code: str = "asked", **rest: Any) -> dict[str, Any]:
    made = {
        "replies": [{"text": text}],
        "expects": expects,
        "choices": [],
        "outcome": {"code": code},
        "booking": None,
    }
    return made | rest


@dataclass(frozen=True)
class Words:
    """One language of the script."""

    notice: str
    offers: str
    service: str
    steps: tuple[str, str]
    name: str
    confirm: str
    yes: str
    no: str
    booked: str
    cancelled: str
    which: str
    services: tuple[str, ...]
    label: str


GERMAN = Words(
    notice="Hier ist der KI-Assistent von Salon Fermata. ",
    offers="Am Donnerstag, den 26. März, passt die Ansatzfärbung zu drei Zeiten. Zwischen Auftragen und Auswaschen ruht "
    "die Farbe 25 Minuten.\n15:30 ━━ 16:00 ┄𝄐┄ 16:25 ━━━━━ 17:40\nWelche Zeit soll es sein?",
    service="Ansatzfärbung",
    steps=("Auftragen", "Auswaschen, schneiden und föhnen"),
    name="15:30 Uhr ist für Sie vorgemerkt. Auf welchen Namen, und wie erreichen wir Sie?",
    confirm="Ansatzfärbung am Donnerstag, den 26. März, von 15:30 bis 17:40 Uhr bei Anna, 65 €. Soll ich das so eintragen?",
    yes="Ja, eintragen",
    no="Nein",
    booked="Eingetragen. Die Einladung ist unterwegs an m…@example.org.",
    cancelled="Der Termin ist abgesagt.",
    which="Welchen Termin meinen Sie?",
    services=("Herrenhaarschnitt", "Damenhaarschnitt", "Ansatzfärbung", "Dauerwelle", "Beratung"),
    label="Do 26.03. {time}, Anna",
)
ENGLISH = Words(
    notice="This is the AI assistant of Salon Fermata. ",
    offers="On Thursday, 26 March, root colour fits at three times. Between application and rinse the colour rests for "
    "25 minutes.\n3.30 ━━ 4.00 ┄𝄐┄ 4.25 ━━━━━ 5.40\nWhich one would you like?",
    service="Root colour",
    steps=("Application", "Rinse, cut and dry"),
    name="3.30 pm is held for you. Under which name, and how do we reach you?",
    confirm="Root colour on Thursday, 26 March, from 3.30 to 5.40 pm with Anna, €65. Shall I book it?",
    yes="Yes, book it",
    no="No",
    booked="Booked. The invitation is on its way to m…@example.org.",
    cancelled="The appointment is cancelled.",
    which="Which appointment do you mean?",
    services=("Men's haircut", "Women's haircut", "Root colour", "Perm", "Consultation"),
    label="Thu 26 Mar {time}, Anna",
)


def _script(words: Words) -> Callable[[str], dict[str, Any]]:
    def offers() -> list[dict[str, Any]]:
        return [
            {
                "id": f"o{number}",
                "label": words.label.format(time=time),
                "start": f"{DAY}T{time}",
                "segments": (segments := _segments(time, second, words.steps)),
                "end": segments[-1]["end"],
                "price": 65,
                "service_name": words.service,
            }
            for number, (time, second) in enumerate(
                (("12:45", "clara"), ("15:30", "anna"), ("17:15", "anna")), start=1
            )
        ]

    def booking(status: str) -> dict[str, Any]:
        segments = [
            {k: v for k, v in s.items() if k != "staff_name"} for s in _segments("15:30", "anna", words.steps)
        ]
        return {
            "reference": "F7K2QX",
            "status": status,
            "service": "root-colour",
            "start": segments[0]["start"],
            "end": segments[-1]["end"],
            "segments": segments,
        }

    def reply(said: str) -> dict[str, Any]:
        wish = {
            "code": "offers",
            "requested": {"service": "root-colour", "start": f"{DAY}T12:00", "end": f"{DAY}T18:00"},
        }
        if re.search(r"absagen|cancel", said):
            return _answer(words.cancelled, code="cancelled", booking=booking("cancelled"))
        if re.search(r"verschieben|move", said):
            choices = [
                {"id": "b1", "label": f"{words.service}, 26.03. 15:30"},
                {"id": "b2", "label": f"{words.services[0]}, 02.04."},
            ]
            return _answer(words.which, "which_booking", "ambiguous", choices=choices)
        if re.search(r"Was bieten|offer", said):
            choices = [{"id": f"s{n}", "label": label} for n, label in enumerate(words.services)]
            return _answer(words.which, "service", "info", choices=choices)
        if said in {"o1", "o2", "o3"}:
            return _answer(words.name, "name", "held")
        if "@" in said:
            choices = [{"id": "yes", "label": words.yes}, {"id": "no", "label": words.no}]
            return _answer(words.confirm, "confirm", "held", choices=choices)
        if said in {"yes", words.yes}:
            return _answer(words.booked, code="booked", booking=booking("confirmed"))
        return _answer(words.notice + words.offers, "choice", "offers", choices=offers(), outcome=wish)

    return reply


SCRIPT = {"de": _script(GERMAN), "en": _script(ENGLISH)}

# --- what the tests use

_CALENDAR = """<!doctype html><html lang="en"><title>Calendar</title><body><h1>Calendar</h1><p>Thursday</p></body></html>"""


@pytest_asyncio.fixture(loop_scope="session")
async def salon() -> AsyncIterator[Salon]:
    """A fresh salon on a free port, with a calendar page of another origin beside it."""
    made = Salon()
    calendar = web.Application()
    calendar.router.add_get("/", _calendar_page)
    async with TestServer(made.app()) as server, TestServer(calendar) as beside:
        made.url = str(server.make_url("/")).rstrip("/")
        made.calendar_url = str(beside.make_url("/")).rstrip("/")
        yield made


async def _calendar_page(request: web.Request) -> web.Response:
    return _html(_CALENDAR)


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser, salon: Salon) -> AsyncIterator[Visitor]:
    """A visitor of the scripted salon."""
    async with visiting(browser, salon.url) as made:
        yield made


@pytest.fixture
def violations(axe_script: str) -> Callable[[Page], Awaitable[list[str]]]:
    """Asks axe-core for violations of WCAG 2.2 A and AA on a page."""

    async def ask(page: Page) -> list[str]:
        await page.evaluate(axe_script + "; undefined")
        found = await page.evaluate(
            """async () => (await axe.run(document, {
                runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], iframes: false,
            })).violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target).join(" | ")}`)"""
        )
        return list(found)

    return ask
