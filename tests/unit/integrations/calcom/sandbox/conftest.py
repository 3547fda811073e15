"""A running sandbox with a clock the test sets, and a small client that speaks its API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from integrations.calcom.sandbox import Hours, RunningSandbox, SandboxConfig, SandboxUser, start_sandbox

ANNA_KEY = "cal_" + "a" * 32
BEN_KEY = "cal_" + "b" * 32
VERSIONS = {
    "slots": "2024-09-04",
    "event-types": "2024-06-14",
    "bookings": "2024-08-13",
    "schedules": "2024-06-11",
}


@dataclass
class Reply:
    """Status, JSON body and headers of an answer."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def data(self) -> Any:
        return self.body["data"]

    @property
    def message(self) -> str:
        error = self.body.get("error", self.body)
        return str(error["message"])


@dataclass
class Api:
    """A client of one sandbox; `clock` and `seconds` are its business and its real time."""

    config: SandboxConfig
    session: aiohttp.ClientSession
    clock: datetime = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
    seconds: float = 1000.0
    gap: Callable[[], Awaitable[None]] | None = None
    running: RunningSandbox | None = None
    made: int = field(default=0)

    @property
    def base_url(self) -> str:
        assert self.running is not None
        return self.running.base_url

    async def _gap(self) -> None:
        if self.gap is not None:
            await self.gap()

    async def start(self, **changes: Any) -> None:
        self.config = replace(self.config, **changes)
        self.running = await start_sandbox(
            self.config, lambda: self.clock, monotonic=lambda: self.seconds, gap=self._gap
        )

    async def stop(self) -> None:
        if self.running is not None:
            await self.running.close()
            self.running = None

    async def restart(self, **changes: Any) -> None:
        await self.stop()
        await self.start(**changes)

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = ANNA_KEY,
        version: str | None = "",
        **query: str,
    ) -> Reply:
        resource = path.split("/")[2] if path.startswith("/v2/") else ""
        headers = {}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        chosen = VERSIONS.get(resource) if version == "" else version
        if chosen:
            headers["cal-api-version"] = chosen
        async with self.session.request(
            method, self.base_url + path, json=body, headers=headers, params=query
        ) as response:
            text = await response.text()
            as_json = "json" in response.headers.get("Content-Type", "")
            content = await response.json() if as_json and text else text
            return Reply(response.status, content, dict(response.headers))

    async def event_type(self, *, minutes: int = 30, key: str = ANNA_KEY, **fields: Any) -> int:
        self.made += 1
        body = {"title": "Cut", "slug": f"cut-{self.made}", "lengthInMinutes": minutes, "minimumBookingNotice": 0}
        reply = await self.call("POST", "/v2/event-types", body | fields, key=key)
        assert reply.status == 201, reply.body
        return int(reply.data["id"])

    async def book(
        self, event_type: int, start: str, *, email: str = "guest@example.test", **fields: Any
    ) -> Reply:
        attendee = {"name": "Guest", "email": email, "timeZone": "Europe/Berlin"}
        body = {"eventTypeId": event_type, "start": start, "attendee": attendee} | fields
        return await self.call("POST", "/v2/bookings", body)

    async def slots(self, event_type: int, start: str, end: str, **query: str) -> dict[str, list[str]]:
        reply = await self.call("GET", "/v2/slots", eventTypeId=str(event_type), start=start, end=end, **query)
        assert reply.status == 200, reply.body
        return {day: [slot["start"] for slot in slots] for day, slots in reply.data.items()}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    """A sandbox of Anna (every day 09–17) and Ben (weekdays 09–17), on Monday 2026-03-23 at 09:00 in Berlin."""
    every_day = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    config = SandboxConfig(
        database=tmp_path / "sandbox.sqlite",
        users=(
            SandboxUser(
                "anna", "Anna", "anna@salon.example", ANNA_KEY, availability=(Hours(every_day, "09:00", "17:00"),)
            ),
            SandboxUser("ben", "Ben", "ben@salon.example", BEN_KEY),
        ),
        late_webhook_ms=1,
    )
    async with aiohttp.ClientSession() as session:
        client = Api(config, session)
        await client.start()
        yield client
        await client.stop()
