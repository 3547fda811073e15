"""From nothing to the newest schema, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from integrations.sql import SqlDatabase, head_revision, migrate, upgrade
from integrations.sql.schema import MIGRATIONS, configuration
from integrations.sql.tables import metadata
from tests.support.rivals import migrate_in_processes


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/data/fermata.db"
    else:
        yield str(request.getfixturevalue("empty_postgres_url"))


def scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration())


async def inspected(url: str, look: Any) -> Any:
    database = SqlDatabase.open(url)
    try:
        async with database._engines.writer.connect() as connection:
            return await connection.run_sync(look)
    finally:
        await database.close()


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_an_empty_database_is_brought_to_the_newest_schema(empty_url: str) -> None:
    database = SqlDatabase.open(empty_url)
    assert await database.current_revision() is None
    await migrate(empty_url)
    assert await database.current_revision() == head_revision()
    await database.close()
    assert await inspected(empty_url, differences) == []


async def test_migrating_again_changes_nothing(empty_url: str) -> None:
    await migrate(empty_url)
    database = SqlDatabase.open(empty_url)
    async with database.write() as work:
        await work.tenants.put("kept", {"a": 1})  # type: ignore[arg-type]
    await database.migrate()
    async with database.read() as work:
        assert await work.tenants.list_ids() == ["kept"]
    assert await database.current_revision() == head_revision()
    await database.close()


async def test_a_forgotten_migration_would_be_noticed(empty_url: str) -> None:
    await migrate(empty_url)

    def drop_and_compare(connection: Connection) -> list[Any]:
        transaction = connection.begin() if not connection.in_transaction() else connection.get_transaction()
        assert transaction is not None
        connection.execute(text("DROP INDEX ix_claims_owner"))
        connection.execute(text("ALTER TABLE holds DROP COLUMN plans"))
        found = differences(connection)
        transaction.rollback()
        return found

    assert {it[0] for it in await inspected(empty_url, drop_and_compare)} == {"add_index", "add_column"}


async def test_a_failing_migration_leaves_the_database_as_it_was(tmp_path: Path, monkeypatch: Any) -> None:
    url = f"sqlite:///{tmp_path}/fermata.db"
    broken = tmp_path / "migrations"
    (broken / "versions").mkdir(parents=True)
    (broken / "env.py").write_text((MIGRATIONS / "env.py").read_text())
    (broken / "versions" / "0001_broken.py").write_text(
        "from alembic import op\n"
        "revision = '0001'\n"
        "down_revision = None\n"
        "def upgrade():\n"
        "    op.execute('CREATE TABLE half (a INTEGER)')\n"
        "    raise RuntimeError('in the middle')\n"
    )
    monkeypatch.setattr("integrations.sql.schema.MIGRATIONS", broken)
    with pytest.raises(RuntimeError, match="in the middle"):
        await migrate(url)
    assert await inspected(url, lambda it: inspect(it).get_table_names()) == []


def test_several_processes_may_migrate_at_once(empty_url: str, four_processes: ProcessPoolExecutor) -> None:
    migrate_in_processes(four_processes, 4, empty_url)
    upgrade(empty_url)


def test_migrations_are_numbered_in_one_line_and_say_when_they_run() -> None:
    revisions = list(reversed(list(scripts().walk_revisions())))
    assert [it.revision for it in revisions] == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    files = sorted((MIGRATIONS / "versions").glob("*.py"))
    assert len(files) == len(revisions)
    for revision, file in zip(revisions, files, strict=True):
        assert re.fullmatch(rf"{revision.revision}_[a-z0-9_]+\.py", file.name)
        assert re.search(r"Runs (before|after) the deploy", revision.module.__doc__ or "")
        assert not hasattr(revision.module, "downgrade")
