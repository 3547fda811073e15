"""A Cal.com double over HTTP with two staff members, and the gateway on it."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from booking_core.errors import Misconfigured
from booking_core.model.hours import WeeklyHours
from booking_core.model.service import LocalText, Pause, Segment, Service
from booking_core.model.tenant import Staff, Tenant
from integrations.calcom.client import CalcomClient, Patience
from integrations.calcom.gateway import CalcomGateway
from integrations.calcom.sandbox import SandboxConfig, SandboxUser, start_sandbox

KEYS = {"anna": "cal_" + "a" * 32, "ben": "cal_" + "b" * 32}


class StandingClock:
    """A Tuesday morning in March, five days before the clocks change."""

    def now(self):
        return datetime(2026, 3, 24, 9, 15, tzinfo=UTC)

    def real(self):
        return datetime.now(UTC)


class World:
    """Keys, links and the tenant in memory."""

    def __init__(self, tenant):
        self.tenant, self.keys, self.stored, self.writes = tenant, dict(KEYS), (), 0

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


class Controls:
    """The sandbox's own routes."""

    def __init__(self, base_url, http):
        self.base_url, self._http = base_url, http

    async def faults(self, **settings):
        response = await self._http.put(f"{self.base_url}/_sandbox/faults", json=settings)
        response.raise_for_status()

    async def no_faults(self):
        (await self._http.delete(f"{self.base_url}/_sandbox/faults")).raise_for_status()

    async def bookings(self):
        return (await self._http.get(f"{self.base_url}/_sandbox/bookings")).json()["bookings"]

    async def outside_booking(self, username, start, minutes):
        body = {"username": username, "start": start.isoformat(), "lengthInMinutes": minutes}
        response = await self._http.post(f"{self.base_url}/_sandbox/bookings", content=json.dumps(body))
        response.raise_for_status()
        answer = response.json()
        return answer.get("data", answer)

    async def outside_cancellation(self, uid):
        (await self._http.delete(f"{self.base_url}/_sandbox/bookings/{uid}")).raise_for_status()


@pytest.fixture
def clock():
    return StandingClock()


@pytest.fixture
def salon():
    hours = WeeklyHours.parse({day: ["09:00-12:30", "13:00-18:00"] for day in ("tue", "wed", "thu", "fri")})
    return Tenant(
        id="salon",
        name="Salon",
        zone=ZoneInfo("Europe/Berlin"),
        languages=("de", "en"),
        hours=hours,
        staff=(Staff("anna", "Anna", hours), Staff("ben", "Ben", hours)),
        services=(
            Service("cut", LocalText({"de": "Schnitt"}), (Segment(30, ("anna", "ben")),)),
            Service(
                "colour",
                LocalText({"de": "Farbe"}),
                (Segment(30, ("anna",), pause_after=Pause(25, 40)), Segment(75, ("anna",))),
            ),
        ),
        address="Kastanienallee 12, 10435 Berlin",
    )


@pytest.fixture
def world(salon):
    return World(salon)


@pytest.fixture
async def http():
    async with httpx.AsyncClient() as client:
        yield client


@pytest.fixture
async def sandbox(tmp_path, clock, http):
    users = tuple(
        SandboxUser(username=name, name=name.title(), email=f"{name}@salon.example", api_key=key)
        for name, key in KEYS.items()
    )
    config = SandboxConfig(tmp_path / "sandbox.sqlite", users, rate_limit_per_minute=10_000)
    running = await start_sandbox(config, clock.now)
    yield Controls(running.base_url, http)
    await running.close()


@pytest.fixture
def client(sandbox, http, clock):
    return CalcomClient(sandbox.base_url, http, clock=clock, patience=Patience(read=1, read_budget=2, write=1))


@pytest.fixture
def gateway(client, world, clock):
    return CalcomGateway(client, keys=world, links=world, tenants=world, clock=clock)


@pytest.fixture
async def pushed(gateway):
    """The gateway after hours and event types were pushed."""
    await gateway.push_schedules("salon")
    await gateway.push_event_types("salon")
    return gateway


@pytest.fixture
def thursday():
    """14:00 in Berlin on 26 March, as an instant."""
    return datetime(2026, 3, 26, 13, tzinfo=UTC)


@pytest.fixture
def spring_week():
    """The Friday before and the Tuesday after the clocks change."""
    return tuple(datetime(2026, 3, day, tzinfo=UTC) + timedelta(hours=7) for day in (27, 31))
