"""What operators see and do at the terminal about mails that were given up and guests who wait for a call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from booking_core.model.callback import Callback, CallbackReason
from booking_core.model.ids import Reference, TenantId
from bot import cli
from bot.wiring.demo import DEMO_DESCRIPTION
from integrations.sql import SqlDatabase, migrate
from tests.support.examples import NOW

SALON = TenantId("salon-fermata")
OTHER = TenantId("other")


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqlDatabase]:
    """Two salons' data in the folder that the commands look into."""
    url = f"sqlite:///{tmp_path}/fermata.db"
    monkeypatch.setenv("FERMATA_DATA_DIR", str(tmp_path))
    # Logs stay as the tests have them.
    monkeypatch.setattr("bot.logs.configure_logging", lambda *_: None)
    await migrate(url)
    opened = SqlDatabase.open(url)
    document = yaml.safe_load(DEMO_DESCRIPTION.read_text(encoding="utf-8"))
    async with opened.write() as work:
        await work.tenants.put(SALON, document)
        await work.tenants.put(OTHER, {**document, "tenant": "other"})
    yield opened
    await opened.close()


async def run(*arguments: str) -> Result:
    """A command, in a thread because it has an event loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, cli.app, list(arguments))


async def given_up(database: SqlDatabase, *keys: str, tenant: TenantId = SALON) -> None:
    async with database.write() as work:
        for key in keys:
            await work.outbox.add(tenant, "mail", key, {"message": "SnVsZQ=="}, due_at=NOW)
        for item in await work.outbox.lease(now=NOW, real=NOW, until=NOW, limit=10):
            await work.outbox.bury(item, now=NOW, error="Refused")


async def state(database: SqlDatabase, tenant: TenantId = SALON) -> tuple[int, list[str]]:
    """How many rows wait, and the keys of those that were given up."""
    async with database.read() as work:
        return await work.outbox.depth(), sorted(it.key for it in await work.outbox.dead_letters(tenant))


async def test_a_mail_that_was_given_up_is_tried_again_by_its_id(database: SqlDatabase) -> None:
    await given_up(database, "ABC234:0:confirmed", "DEF567:0:confirmed")
    listed = await run("mails", "--json")
    assert listed.exit_code == 1
    told = json.loads(listed.stdout)
    assert told["waiting"] == 0
    ids = {row["key"]: row["id"] for row in told["dead"]}
    shown = await run("mails")
    assert f"  {ids['ABC234:0:confirmed']}  ABC234:0:confirmed  after 1 attempts" in shown.stdout.splitlines()

    again = await run("mails", "retry", str(ids["ABC234:0:confirmed"]))
    assert (again.exit_code, again.stdout) == (0, "1 will be tried again\n")
    assert await state(database) == (1, ["DEF567:0:confirmed"])
    twice = await run("mails", "retry", str(ids["ABC234:0:confirmed"]), "--json")
    assert (twice.exit_code, json.loads(twice.stdout)) == (1, {"retried": 0})


@pytest.mark.parametrize("arguments", [("all",), ()], ids=["all", "nothing said"])
async def test_all_of_a_salon_are_tried_again_together(database: SqlDatabase, arguments: tuple[str, ...]) -> None:
    await given_up(database, "k-1", "k-2")
    await given_up(database, "k-3", tenant=OTHER)
    done = await run("mails", "retry", *arguments, "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"retried": 2})
    assert await state(database) == (2, [])
    assert await state(database, OTHER) == (2, ["k-3"])


@pytest.mark.parametrize(
    "arguments",
    [("mails", "retry", "all", "--tenant", "other"), ("mails", "--tenant", "other", "retry", "all")],
    ids=["behind", "before"],
)
async def test_the_tenant_may_be_named_before_or_behind(database: SqlDatabase, arguments: tuple[str, ...]) -> None:
    await given_up(database, "k-1")
    await given_up(database, "k-2", tenant=OTHER)
    assert (await run(*arguments)).exit_code == 0
    assert await state(database, OTHER) == (1, [])
    assert await state(database) == (1, ["k-1"])


async def test_an_odd_id_is_a_matter_of_usage(database: SqlDatabase) -> None:
    for odd in ("everything", "9" * 19):
        assert (await run("mails", "retry", odd)).exit_code == 2
    assert (await run("mails", "retry", "9" * 18)).exit_code == 1
    assert (await run("mails")).exit_code == 0


@dataclass
class Wanted:
    """A call that somebody waits for."""

    key: str
    minutes: float = 90
    tenant: TenantId = SALON
    name: str | None = "Jürgen Groß"

    def callback(self) -> Callback:
        deadline = NOW + timedelta(minutes=self.minutes)
        return Callback(
            self.tenant,
            self.key,
            CallbackReason.WITHDRAWN,
            NOW,
            deadline,
            booking=Reference("ABC234") if self.name else None,
            name=self.name,
            phone="+4930123456" if self.name else None,
        )


async def test_staff_see_whom_to_call_and_tick_it_off(database: SqlDatabase) -> None:
    async with database.write() as work:
        for wanted in (Wanted("saga-2"), Wanted("saga-1", 30, name=None), Wanted("saga-1", tenant=OTHER)):
            await work.callbacks.add(wanted.callback())
    shown = await run("callbacks")
    assert shown.exit_code == 1
    # The salon is in Berlin, an hour ahead.
    assert shown.stdout.splitlines() == [
        "2 waiting",
        "  2026-03-24T10:30+01:00  withdrawn  -  -  -  saga-1",
        "  2026-03-24T11:30+01:00  withdrawn  ABC234  Jürgen Groß  +4930123456  saga-2",
    ]
    (_, second) = json.loads((await run("callbacks", "--json")).stdout)
    assert second == {
        "key": "saga-2",
        "deadline": "2026-03-24T11:30+01:00",
        "reason": "withdrawn",
        "reference": "ABC234",
        "name": "Jürgen Groß",
        "phone": "+4930123456",
    }
    for expected in (0, 1):
        assert (await run("callbacks", "done", "saga-1")).exit_code == expected
    assert json.loads((await run("callbacks", "done", "saga-2", "--json")).stdout) == {"done": True}
    nobody = await run("callbacks")
    assert (nobody.exit_code, nobody.stdout) == (0, "0 waiting\n")
    assert (await run("callbacks", "--tenant", "other")).exit_code == 1
    assert (await run("callbacks", "--tenant", "other", "done", "saga-1")).exit_code == 0
    assert (await run("callbacks", "--tenant", "other")).exit_code == 0
