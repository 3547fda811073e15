"""The whole product as guests meet it: a demo in this process, on real ports, with a settable clock."""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

from booking_core.model.booking import Booking
from booking_core.services.saga_progress import Waiting
from bot.app import create_app
from bot.services import Services
from bot.settings import load_settings
from bot.wiring.product import open_services

NOW = "2026-03-24T10:15"


@dataclass
class Guest:
    """One conversation over HTTP."""

    http: httpx.AsyncClient
    tenant: str = "salon-fermata"
    language: str | None = None
    conversation: str = field(default_factory=lambda: "c-" + secrets.token_hex(8))
    last: dict[str, Any] = field(default_factory=dict)

    async def say(self, text: str, **headers: str) -> dict[str, Any]:
        """Send words; the answer must be 200."""
        return await self._post({"text": text}, headers)

    async def press(self, choice: str) -> dict[str, Any]:
        """Press a button."""
        return await self._post({"choice": choice}, {})

    async def _post(self, part: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        body = {"conversation": self.conversation, "language": self.language, **part}
        response = await self.http.post(
            f"/api/chat/{self.tenant}/messages",
            json=body,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        assert response.status_code == 200, response.text
        self.last = response.json()
        return self.last

    @property
    def code(self) -> str:
        """The outcome of the last answer."""
        return str(self.last["outcome"]["code"])

    @property
    def text(self) -> str:
        """All texts of the last answer."""
        return " ".join(reply["text"] for reply in self.last["replies"])


@dataclass
class Demo:
    """A running demo: HTTP client, sandbox client and the services inside."""

    http: httpx.AsyncClient
    sandbox: httpx.AsyncClient
    services: Services
    base_url: str

    def guest(self, **fields: Any) -> Guest:
        """A new conversation."""
        return Guest(self.http, **fields)

    async def forget_free_time(self) -> None:
        """Take the calendar down and make its free time unknown, as if no day of it had ever been read."""
        await self.sandbox.put("/_sandbox/faults", json={"down": True})
        file = self.services.settings.data_dir / "fermata.db"
        with contextlib.closing(sqlite3.connect(file, timeout=5)) as database:
            database.execute("DELETE FROM mirror")
            database.execute("UPDATE mirror_versions SET mirror = mirror + 1")
            database.commit()

    async def sandbox_bookings(self, status: str = "accepted") -> list[dict[str, Any]]:
        """What stands in the sandbox calendar."""
        bookings = (await self.sandbox.get("/_sandbox/bookings")).json()["bookings"]
        return [booking for booking in bookings if booking["status"] == status]


@asynccontextmanager
async def running_demo(data_dir: Path, *, work: bool = True, **environ: str) -> AsyncIterator[Demo]:
    """A demo on this data folder; leaving stops it gracefully. Without ``work`` its worker does nothing by itself."""
    settings = load_settings(
        {"FERMATA_DEMO": "1", "FERMATA_DATA_DIR": str(data_dir), "FERMATA_NOW": NOW, "PORT": "0", **environ}
    )
    async with open_services(settings) as services:
        runner = web.AppRunner(create_app(services, work=work), access_log=None, shutdown_timeout=5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        assert services.demo is not None
        assert services.demo.sandbox is not None
        assert services.announce is not None
        await services.announce(base_url)
        try:
            async with (
                httpx.AsyncClient(base_url=base_url, timeout=20, verify=False) as http,
                httpx.AsyncClient(base_url=services.demo.sandbox, verify=False) as sandbox,
            ):
                yield Demo(http, sandbox, services, base_url)
        finally:
            await runner.cleanup()


async def settled(services: Services, booking: Booking) -> Booking:
    """The booking after what was left open was finished or undone, without waiting until it is due."""
    tenant = await services.tenants.tenant_of(booking.tenant)
    async with services.database.read() as work:
        saga = await work.sagas.find_open(tenant.id, booking.reference)
    progress = await services.bookings.sagas.resume(tenant, saga.id) if saga is not None else None
    assert not isinstance(progress, Waiting)
    return progress.booking if progress is not None else booking
