"""A small HTTP server that replays prepared answers, clients of it, and the recording of a real Cal.com where there is one."""

import asyncio
import json
import os
import socket
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from booking_core.errors import Misconfigured
from booking_core.model.hours import WeeklyHours
from booking_core.model.service import LocalText, Pause, Segment, Service
from booking_core.model.tenant import Staff, Tenant
from integrations.calcom.client import CalcomClient, Patience
from integrations.calcom.gateway import CalcomGateway

NOW = datetime(2026, 3, 24, 9, 15, tzinfo=UTC)
SHORT = Patience(read=0.3, read_budget=1.5, write=0.3)


class SteppingClock:
    """Real time moves on by a second with every look, so that "before the request" can be told from "after"."""

    def __init__(self):
        self.looks = 0

    def now(self):
        return NOW

    def real(self):
        self.looks += 1
        return NOW + timedelta(seconds=self.looks)


@dataclass
class Seen:
    method: str
    path: str
    query: dict
    headers: dict
    body: object


@dataclass
class ReplayServer:
    """Answers each route with its prepared answers in turn, the last one again and again."""

    answers: dict = field(default_factory=lambda: defaultdict(list))
    seen: list = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    def answer(self, method, path, status=200, body=None, headers=None, *, hang=False):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers[method, path].append((status, raw, headers or {}, hang))

    def success(self, method, path, data, status=200, **kwargs):
        self.answer(method, path, status, {"status": "success", "data": data}, **kwargs)

    async def handle(self, request):
        raw = await request.read()
        self.seen.append(
            Seen(
                request.method,
                request.path,
                dict(request.query),
                dict(request.headers),
                json.loads(raw) if raw else None,
            )
        )
        prepared = self.answers[request.method, request.path]
        assert prepared, f"no answer prepared for {request.method} {request.path}"
        status, body, headers, hang = prepared.pop(0) if len(prepared) > 1 else prepared[0]
        if hang:
            await self.released.wait()
        return web.Response(status=status, body=body, headers={"Content-Type": "application/json", **headers})


@pytest.fixture
async def server():
    replay = ReplayServer()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", replay.handle)
    running = TestServer(app)
    await running.start_server()
    replay.url = str(running.make_url("")).rstrip("/")
    yield replay
    replay.released.set()
    await running.close()


@pytest.fixture
def clock():
    return SteppingClock()


@pytest.fixture
async def http():
    async with httpx.AsyncClient() as client:
        yield client


@pytest.fixture
def client(server, http, clock):
    return CalcomClient(server.url + "/", http, clock=clock, patience=SHORT)


@pytest.fixture
def dead_client(http, clock):
    """A client of a port where nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    return CalcomClient(f"http://127.0.0.1:{port}", http, clock=clock, patience=SHORT)


@pytest.fixture
def salon():
    """Two staff members; a cut, and a colour of two segments with buffers and a blocked pause for Anna."""
    hours = WeeklyHours.parse(
        {"tue": ["09:00-12:30", "13:00-18:00"], "thu": ["11:00-15:00"], "wed": ["09:00-12:30"]}
    )
    return Tenant(
        id="salon",
        name="Salon",
        zone=ZoneInfo("Europe/Berlin"),
        languages=("de", "en"),
        hours=hours,
        staff=(Staff("anna", "Anna", hours), Staff("ben", "Ben", hours)),
        services=(
            Service(
                "mens-cut",
                LocalText({"de": "Herrenhaarschnitt"}),
                (Segment(30, ("anna", "ben"), work_by_staff={"ben": 40}),),
            ),
            Service(
                "colour",
                LocalText({"de": "Farbe", "en": "Colour"}),
                (
                    Segment(
                        50,
                        ("anna",),
                        name=LocalText({"de": "Auftragen"}),
                        pause_after=Pause(20, 30, "blocked"),
                        buffer_before=5,
                        buffer_after=10,
                    ),
                    Segment(45, ("anna",)),
                ),
            ),
        ),
        address="Kastanienallee 12, 10435 Berlin",
    )


class World:
    """Keys, links and the tenant in memory."""

    def __init__(self, tenant, keys):
        self.tenant, self.keys, self.stored, self.writes = tenant, keys, (), 0

    def key_of(self, tenant, staff):
        if staff not in self.keys:
            raise Misconfigured(f"no key of {staff}")
        return self.keys[staff]

    async def links(self, tenant):
        return self.stored

    async def store_links(self, tenant, links):
        self.stored = tuple(links)
        self.writes += 1

    async def tenant_of(self, tenant):
        return self.tenant


@pytest.fixture
def world(salon):
    return World(salon, {"anna": "cal_anna", "ben": "cal_ben"})


@pytest.fixture
def gateway(client, world, clock):
    return CalcomGateway(client, keys=world, links=world, tenants=world, clock=clock)


@pytest.fixture(scope="session")
def recording():
    """Exchanges with a real Cal.com by name."""
    default = Path(__file__).resolve().parents[6] / "shared" / "calcom" / "exchanges.jsonl"
    path = Path(os.environ.get("FERMATA_CALCOM_RECORDING", default))
    if not path.is_file():
        pytest.skip("no recording of a real Cal.com; set FERMATA_CALCOM_RECORDING")
    lines = (json.loads(line) for line in path.read_text().splitlines())
    return {line["name"]: line for line in lines if line.get("response")}
