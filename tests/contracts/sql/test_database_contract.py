"""SQL databases as such: their keys and locks, and what an unusable one looks like."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from booking_core.errors import Misconfigured, SlotTaken, Upstream
from booking_core.model.ids import TenantId
from booking_core.ports.unit_of_work import Database
from integrations.sql import DatabaseBusy, DatabaseUnavailable, SqlDatabase, upgrade
from integrations.sql.tables import claims
from tests.support.examples import ANNA, NOW, TENANT, hold_of, single


async def tenants(database: Database) -> list[str]:
    async with database.read() as work:
        return list(await work.tenants.list_ids())


async def put(database: Database, name: str) -> None:
    async with database.write() as work:
        await work.tenants.put(TenantId(name), {})


async def test_a_claim_refused_by_the_key_alone_cannot_be_committed(database: SqlDatabase) -> None:
    """A writer that skips the check is stopped by the key, and what it had done so far does not last."""
    async with database.write() as work:
        await work.claims.hold(hold_of("c-1", single(start=15)), contact=None, seats={}, now=NOW)
    lasting = {"owner": "ABC234", "hold": None, "conversation": None, "expires_at": None}
    unchecked = [(ANNA, tick, 0) for _, tick in sorted(single().needs())]
    with pytest.raises((SlotTaken, DBAPIError)):
        async with database.write() as work:
            with pytest.raises(SlotTaken):
                await work.claims._insert(TENANT, unchecked, lasting)
    async with database.write() as work:
        await work.claims.claim(TENANT, single(length=15).needs(), owner="XYZ789", seats={}, now=NOW)


def test_the_key_of_claims_is_tenant_resource_tick_and_seat() -> None:
    assert [column.name for column in claims.primary_key] == ["tenant", "resource", "tick", "seat"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:1/nothing",
        "sqlite:////proc/no/such/folder/fermata.db",
    ],
)
async def test_an_unusable_database_is_named_so(url: str) -> None:
    database = SqlDatabase.open(url)
    with pytest.raises(DatabaseUnavailable) as caught:
        await database.ping()
    assert isinstance(caught.value, Upstream)
    assert caught.value.retry_after > 0
    await database.close()


async def test_a_file_that_is_no_database_is_unusable(tmp_path: Path) -> None:
    path = tmp_path / "fermata.db"
    path.write_text("this is a letter, not a database" * 100)
    database = SqlDatabase.open(f"sqlite:///{path}")
    with pytest.raises(DatabaseUnavailable):
        await database.ping()
    await database.close()


@pytest.mark.parametrize("url", ["", "nonsense", "oracle://x/y", "sqlite://", "sqlite:///:memory:"])
def test_a_url_that_cannot_work_is_refused_at_once(url: str) -> None:
    with pytest.raises(Misconfigured):
        SqlDatabase.open(url)


async def test_the_folder_of_a_new_file_is_made_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "data"
    database = SqlDatabase.open(f"sqlite:///{folder}/fermata.db")
    assert not folder.exists()
    await database.migrate()
    await put(database, "first")
    await database.close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_sqlite_is_set_up_for_several_processes(sqlite_url: str) -> None:
    database = SqlDatabase.open(sqlite_url)
    for engine in (database._engines.writer, database._engines.reader):
        async with engine.connect() as connection:
            pragmas = {
                name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
                for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
            }
        assert pragmas == {"journal_mode": "wal", "busy_timeout": 5000, "foreign_keys": 1, "synchronous": 1}
    await database.close()


async def test_a_sqlite_writer_takes_the_lock_before_it_reads(sqlite_url: str) -> None:
    database = SqlDatabase.open(sqlite_url)
    rival = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    async with database.write() as work:
        await work.tenants.list_ids()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            rival.execute("BEGIN IMMEDIATE")
    async with database.read() as work:
        await work.tenants.list_ids()
        rival.execute("BEGIN IMMEDIATE")
        rival.execute("ROLLBACK")
    rival.close()
    await database.close()


async def test_a_sqlite_unit_of_work_whose_beginning_failed_never_writes_by_halves(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.sql.engines.BUSY_SECONDS", 0.05)
    database = SqlDatabase.open(sqlite_url)
    rival = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")
    with pytest.raises(ZeroDivisionError):
        async with database.write() as work:
            with pytest.raises(OperationalError, match="locked"):
                await work.tenants.put(TenantId("first"), {})
            rival.execute("ROLLBACK")
            await work.tenants.put(TenantId("second"), {})
            raise ZeroDivisionError
    rival.close()
    assert await tenants(database) == []
    await database.close()


async def test_a_finished_sqlite_read_sees_nothing_old_the_next_time(sqlite_url: str) -> None:
    database = SqlDatabase.open(sqlite_url)
    for number in range(20):
        assert len(await tenants(database)) == number
        await put(database, f"t-{number}")
    await database.close()


async def test_a_sqlite_lock_held_too_long_is_busy(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.sql.engines.BUSY_SECONDS", 0.05)
    database = SqlDatabase.open(sqlite_url)
    rival = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy):
        await put(database, "waits")
    rival.execute("ROLLBACK")
    rival.close()
    await put(database, "goes on")
    assert await tenants(database) == ["goes on"]
    await database.close()


async def test_a_deadlock_is_busy_for_one_and_success_for_the_other(postgres_url: str) -> None:
    database = SqlDatabase.open(postgres_url)
    for name in ("one", "two"):
        await put(database, name)
    ready = asyncio.Barrier(2)

    async def cross(first: str, second: str) -> None:
        async with database.write() as work:
            await work.tenants.put(TenantId(first), {})
            await ready.wait()
            await work.tenants.put(TenantId(second), {})

    results = await asyncio.gather(cross("one", "two"), cross("two", "one"), return_exceptions=True)
    assert [type(it) for it in results if it is not None] == [DatabaseBusy]
    await database.close()


_COMMIT_FOR_EVER = """
import asyncio, sys
from integrations.sql import SqlDatabase

async def main():
    database = SqlDatabase.open(sys.argv[1])
    number = 0
    while True:
        async with database.write() as work:
            await work.tenants.put(f"t-{number}", {})
        sys.stdout.write(f"{number}\\n")
        sys.stdout.flush()
        number += 1

asyncio.run(main())
"""


def test_nothing_committed_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/fermata.db"
    upgrade(url)
    process = subprocess.Popen(
        [sys.executable, "-c", _COMMIT_FOR_EVER, url], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert process.stdout is not None
    seen = [int(process.stdout.readline()) for _ in range(50)]
    process.send_signal(signal.SIGKILL)
    seen += [int(line) for line in process.stdout if line.endswith("\n")]
    process.stdout.close()
    process.wait()

    async def stored() -> list[str]:
        database = SqlDatabase.open(url)
        try:
            return await tenants(database)
        finally:
            await database.close()

    assert {f"t-{number}" for number in seen} <= set(asyncio.run(stored()))


async def test_a_new_sqlite_file_may_be_opened_while_another_process_is_setting_it_up(tmp_path: Path) -> None:
    """Changing a file to WAL is refused at once where somebody else writes to it, whatever the busy timeout says."""
    path = tmp_path / "fermata.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TABLE first (a)")
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO first VALUES (1)")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        sqlite3.connect(path, timeout=5).execute("PRAGMA journal_mode = WAL")
    database = SqlDatabase.open(f"sqlite:///{path}")
    opening = asyncio.create_task(database.ping())
    await asyncio.sleep(0.2)
    assert not opening.done()
    other.execute("COMMIT")
    other.close()
    await opening
    await database.close()
