"""Where crashes are played: calendar and mailbox outlive everybody, processes come and go, and in the end somebody cleans up."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import yaml

from booking_core.model.description import tenant_from
from booking_core.services.saga import LEASE
from booking_core.services.saga_endings import PROMISE
from booking_core.services.saga_steps import LATE
from bot.mail import Compose
from bot.wiring.demo import DEMO_DESCRIPTION
from bot.worker import DUE_AT_ONCE
from integrations.calcom.sandbox import SandboxConfig, SandboxUser, start_sandbox
from integrations.mail.mailbox import RunningMailbox, start_mailbox
from integrations.sql import SqlDatabase
from tests.crashes.doubles import Crossings, Kill, Lose, Nothing
from tests.crashes.ledger import Books, Mail, problems_of, read_books
from tests.crashes.mortal import Life, Mortals
from tests.crashes.salon import TENANT, Address, HandClock, Salon, open_salon, short_mail
from tests.crashes.scenarios import Cell, Scenario, act, book

NOW = datetime(2026, 3, 24, 9, 15, tzinfo=UTC)
_ROUNDS = 8
_EVER = timedelta(days=3650)
_SIGKILL = -9


@dataclass(slots=True)
class Stage:
    """One database, one calendar and one mailbox for the cells of a scenario, and the salon of whoever is there in the end."""

    address: Address
    clock: HandClock
    salon: Salon
    sandbox: httpx.AsyncClient
    mailbox: RunningMailbox
    mortals: Mortals
    without_settling: bool = False
    forgetful: bool = False
    survivors: int = 0
    _cells: int = 0

    async def rehearse(self, scenario: Scenario) -> tuple[list[str], Books]:
        """Play a scenario without any mishap: the crossings it has, and the books in the end."""
        cell = await self.prepare(scenario)
        names = await self.mortals.rehearse(self._life(scenario, cell, None))
        await self.recover(scenario)
        [books] = await self.read([cell])
        return names, books

    async def play(self, scenario: Scenario, mishaps: Sequence[Kill | Lose]) -> dict[Kill | Lose, list[str]]:
        """Play a scenario once with each mishap, clean up behind them all, and tell what does not balance then."""
        if scenario.left is not None:
            # What cleans up takes whatever it finds, so that nobody else's may lie about.
            return {key: found for one in mishaps for key, found in (await self._play(scenario, [one])).items()}
        return await self._play(scenario, mishaps)

    async def _play(self, scenario: Scenario, mishaps: Sequence[Kill | Lose]) -> dict[Kill | Lose, list[str]]:
        cells = [await self.prepare(scenario) for _ in mishaps]
        doomed = [(cell, kill) for cell, kill in zip(cells, mishaps, strict=True) if isinstance(kill, Kill)]
        statuses = await self.mortals.live([self._life(scenario, cell, kill) for cell, kill in doomed])
        odd = {cell: status for (cell, _), status in zip(doomed, statuses, strict=True) if status != _SIGKILL}
        # How many calls run at once is a matter of chance: now and then one crossing fewer is made than in the rehearsal.
        self.survivors += sum(status == 0 for status in odd.values())
        for cell, lose in zip(cells, mishaps, strict=True):
            if isinstance(lose, Lose):
                self.salon.crossings.begin(lose)
                await act(self.salon, scenario, cell)
        self.salon.crossings.begin(Nothing())
        await self.recover(scenario)
        played = zip(cells, mishaps, await self.read(cells), strict=True)
        return {
            mishap: [f"ended with {odd[cell]} instead of being killed"] if odd.get(cell) else problems_of(books)
            for cell, mishap, books in played
        }

    async def prepare(self, scenario: Scenario) -> Cell:
        """What stands before the curtain rises. Nobody has worked off the outbox since."""
        self._cells += 1
        cell = Cell(self._cells)
        if scenario.booked is not None:
            await book(self.salon, cell, scenario.booked)
        if scenario.foreign is not None:
            answer = await self.sandbox.post(
                "/_sandbox/bookings",
                json={
                    "start": scenario.foreign.starts_at(cell.day).isoformat(),
                    "username": scenario.foreign.staff,
                    "lengthInMinutes": scenario.foreign.minutes,
                },
            )
            assert answer.status_code == 201, answer.text
        if scenario.left is not None:
            before = replace(scenario, left=None, called_off=False)
            assert await self.mortals.live([self._life(before, cell, scenario.left)]) == [_SIGKILL]
            self.clock.forward(LEASE + timedelta(seconds=1))
        return cell

    async def recover(self, scenario: Scenario) -> None:
        """Whoever comes after the crash: the worker, round after round, until nothing is left to do or it gives up."""
        worker = self.salon.worker
        self.clock.forward(PROMISE + LATE if scenario.rollback else LEASE + timedelta(seconds=1))
        for _ in range(_ROUNDS):
            await worker.sweep()
            for _ in range(0 if self.without_settling else await self._due() // DUE_AT_ONCE + 1):
                await worker.settle()
            if not await self._due(later=_EVER) and not await worker.depth():
                break
            self.clock.forward(LATE)
        # Holds run out.
        self.clock.forward(timedelta(minutes=20))
        await worker.tidy()

    async def _due(self, later: timedelta = timedelta(0)) -> int:
        async with self.salon.sql.read() as work:
            return len(await work.sagas.list_due(now=self.clock.real() + later, limit=1000))

    async def read(self, cells: Sequence[Cell]) -> list[Books]:
        """What is written down about each of these cells."""
        entries = (await self.sandbox.get("/_sandbox/bookings")).json()["bookings"]
        mails = [Mail.parse(raw) for _, raw in await self.mailbox._store.all()]
        return [await read_books(self.salon, cell, entries, mails) for cell in cells]

    def _life(self, scenario: Scenario, cell: Cell, kill: Kill | None) -> Life:
        return Life(self.address, self.clock.instant, scenario, cell, kill, forgetful=self.forgetful)


@asynccontextmanager
async def open_stage(
    folder: Path,
    database: str,
    mortals: Mortals,
    *,
    compose_mail: Compose = short_mail,
    unguarded: bool = False,
    without_settling: bool = False,
    forgetful: bool = False,
) -> AsyncIterator[Stage]:
    """A stage on a migrated database without rows; the rest says what is broken on it."""
    document = yaml.safe_load(DEMO_DESCRIPTION.read_text(encoding="utf-8"))
    keys = {str(member.id): "cal_" + secrets.token_hex(16) for member in tenant_from(document).staff}
    users = tuple(SandboxUser(name, name.title(), f"{name}@salon.example", key) for name, key in keys.items())
    async with AsyncExitStack() as stack:
        config = SandboxConfig(folder / "sandbox.db", users, rate_limit_per_minute=1_000_000)
        sandbox = await start_sandbox(config, lambda: NOW)
        stack.push_async_callback(sandbox.close)
        mailbox = await start_mailbox(folder / "mailbox.db")
        stack.push_async_callback(mailbox.close)
        sql = SqlDatabase.open(database)
        async with sql.write() as work:
            await work.tenants.put(TENANT, document)
        await sql.close()
        address = Address(database, sandbox.base_url, mailbox.url, keys)
        clock = HandClock(NOW)
        salon = await stack.enter_async_context(
            open_salon(address, clock, Crossings(), compose_mail=compose_mail, unguarded=unguarded)
        )
        await salon.gateway.push_schedules(TENANT)
        await salon.gateway.push_event_types(TENANT)
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=sandbox.base_url, verify=False))
        yield Stage(
            address,
            clock,
            salon,
            http,
            mailbox,
            mortals,
            without_settling=without_settling,
            forgetful=forgetful,
        )
