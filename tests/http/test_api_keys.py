"""API keys that operators make while a server runs: what they open, until when, and whom they belong to."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from typer.testing import CliRunner, Result

from booking_core.errors import InvalidModel, UnknownTenant
from booking_core.model.ids import TenantId
from bot import cli
from bot.wiring.demo import DEMO_DESCRIPTION
from tests.support.demo import Demo

SALON, OTHER = TenantId("salon-fermata"), TenantId("other")
BOOKINGS = "/api/v2/bookings"
ORDER = {
    "service": "mens-cut",
    "start": "2026-03-26T16:00:00+01:00",
    "attendee": {"name": "Max Muster", "email": "max@example.org"},
}


@pytest.fixture
async def server(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> Demo:
    """A running server with a second tenant; commands look into its data folder."""
    monkeypatch.setenv("FERMATA_DATA_DIR", str(demo.services.settings.data_dir))
    monkeypatch.setattr("bot.logs.configure_logging", lambda *_: None)
    document = yaml.safe_load(DEMO_DESCRIPTION.read_text(encoding="utf-8"))
    async with demo.services.database.write() as work:
        await work.tenants.put(OTHER, {**document, "tenant": "other"})
    return demo


async def run(*arguments: str) -> Result:
    """A command, in a thread because it has an event loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, cli.app, list(arguments))


async def made(name: str, *arguments: str) -> str:
    result = await run("keys", "create", name, *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


async def call(demo: Demo, key: str, method: str = "GET", body: Any = None) -> httpx.Response:
    return await demo.http.request(method, BOOKINGS, json=body, headers={"Authorization": f"Bearer {key}"})


async def test_a_key_opens_the_api_at_once_and_until_it_is_revoked(server: Demo) -> None:
    key = await made("website")
    assert (await call(server, key, "POST", ORDER)).status_code == 201
    header = await server.http.get(BOOKINGS, headers={"X-Api-Key": key})
    assert [it["attendee"]["name"] for it in header.json()["bookings"]] == ["Max Muster"]
    assert (await call(server, key[:-1] + ("0" if key[-1] != "0" else "1"))).status_code == 401
    assert (await run("keys", "list")).stdout == "website\n"

    assert (await run("keys", "revoke", "website")).exit_code == 0
    refused = await call(server, key)
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthorized")
    again = await run("keys", "revoke", "website", "--json")
    assert (again.exit_code, json.loads(again.stdout)) == (1, {"revoked": False})
    assert (await run("keys", "list")).stdout == "no keys\n"


async def test_a_key_shows_its_own_tenant_only(server: Demo) -> None:
    own, others = await made("website"), await made("website", "--tenant", "other")
    assert (await call(server, own, "POST", ORDER)).status_code == 201
    assert (await call(server, others)).json() == {"bookings": []}
    # The secret of one in the form of the other.
    forged = own.rpartition("_")[0] + "_" + others.rpartition("_")[2]
    assert (await call(server, forged)).status_code == 401
    assert (await call(server, "fk_nobody_" + "0" * 32)).status_code == 401


async def test_a_changed_description_keeps_the_keys(server: Demo, tmp_path: Path) -> None:
    made_key = json.loads((await run("keys", "create", "website", "--json")).stdout)
    assert made_key["name"] == "website"
    exported = await run("tenants", "export")
    assert "api_keys" not in exported.stdout
    file = tmp_path / "salon.yaml"
    file.write_text(exported.stdout, encoding="utf-8")
    assert (await run("tenants", "import", str(file))).exit_code == 0
    assert (await call(server, made_key["key"])).status_code == 200
    assert json.loads((await run("keys", "list", "--json")).stdout) == ["website"]

    file.write_text(exported.stdout + "api_keys: {website: abc}\n", encoding="utf-8")
    assert isinstance((await run("tenants", "import", str(file))).exception, InvalidModel)
    assert (await call(server, made_key["key"])).status_code == 200


async def test_what_cannot_be_made_says_why(server: Demo) -> None:
    await made("website")
    assert isinstance((await run("keys", "create", "website")).exception, InvalidModel)
    for command in (("create", "website"), ("list",), ("revoke", "website")):
        assert isinstance((await run("keys", *command, "--tenant", "nobody")).exception, UnknownTenant)


async def test_a_body_in_a_coding_that_is_not_so_is_told_at_the_open_door_too(server: Demo) -> None:
    for coding, status in (("gzip", 400), ("br", 415)):
        answer = await server.http.post(
            "/api/chat/salon-fermata/messages",
            content=b'{"text":"Hallo"}',
            headers={"Content-Type": "application/json", "Content-Encoding": coding},
        )
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
