"""What was claimed before there were bitmaps is in them after the migration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, insert

from integrations.sql import SqlDatabase
from integrations.sql.schema import configuration
from integrations.sql.tables import claims
from tests.support.claim_days import check_claim_days
from tests.support.examples import NOW, TENANT, composite, minutes, single


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/fermata.db"
    else:
        yield str(request.getfixturevalue("empty_postgres_url"))


def rows(needs: Any, **values: Any) -> list[dict[str, Any]]:
    """Rows of claims on these needs."""
    nobody = dict.fromkeys(("owner", "hold", "conversation", "expires_at"))
    return [
        {"tenant": TENANT, "resource": resource, "tick": tick, "seat": 0, **nobody, **values}
        for resource, tick in needs
    ]


async def test_lasting_claims_are_told_and_holds_are_not(empty_url: str) -> None:
    database = SqlDatabase.open(empty_url)

    def as_before(connection: Connection) -> None:
        command.upgrade(configuration(connection), "0003")
        connection.execute(insert(claims), rows(composite().needs(), owner="ABC234"))
        connection.execute(insert(claims), rows(composite(24 * 60).needs(), owner="DEF567"))
        held = {"hold": "h-1", "conversation": "c-1", "expires_at": NOW + minutes(5)}
        connection.execute(insert(claims), rows(single(200).needs(), **held))

    async with database._engines.writer.begin() as connection:
        await connection.run_sync(as_before)
    await database.migrate()
    assert await check_claim_days(database) == 2 * len(composite().needs())
    await database.close()
