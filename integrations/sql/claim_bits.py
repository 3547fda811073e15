"""What lasting claims take, as bitmaps in ``claim_days``: changed with the ticks in one transaction, and read in their place.

A row covers one seat of one resource on one UTC day; each of its columns holds four hours, so that a change is one statement of
bit operations that every database knows, and two writers of a row need not see each other's bits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BigInteger, BindParameter, Executable, Row, bindparam

from booking_core.model.ids import ResourceId, TenantId
from integrations.sql.tables import CLAIM_DAY_PARTS, claim_days
from integrations.sql.transaction import Transaction, insert_into

TICKS_A_DAY: Final = 288
_PART_TICKS: Final = TICKS_A_DAY // CLAIM_DAY_PARTS
_PART: Final = (1 << _PART_TICKS) - 1

Taken = tuple[ResourceId, int, int]
"""A resource, an absolute tick and a seat."""
_Key = tuple[TenantId, ResourceId, int, int]


class ClaimBits:
    """The changes of one transaction, written right before its commit in the order of the key, so that no two can wait in a circle."""

    __slots__ = ("_added", "_removed", "_tx")

    def __init__(self, transaction: Transaction) -> None:
        """Nothing is written unless something changes."""
        self._tx = transaction
        self._added: dict[_Key, int] = defaultdict(int)
        self._removed: dict[_Key, int] = defaultdict(int)

    def take(self, tenant: TenantId, taken: Iterable[Taken]) -> None:
        """These have become lasting."""
        self._change(tenant, taken, self._added, self._removed)

    def free(self, tenant: TenantId, freed: Iterable[Taken]) -> None:
        """These are lasting no more."""
        self._change(tenant, freed, self._removed, self._added)

    async def write(self) -> None:
        """Bring the table up to date with what has changed since."""
        keys = sorted(self._added.keys() | self._removed.keys())
        if not keys:
            return
        rows = []
        for key in keys:
            added, removed = self._added.get(key, 0), self._removed.get(key, 0)
            row: dict[str, Any] = dict(zip(("tenant", "resource", "day", "seat"), key, strict=True))
            for part, bits in enumerate(_parts(added)):
                row[f"bits_{part}"] = bits
            for part, bits in enumerate(_parts(removed)):
                row[f"kept_{part}"] = ~bits
            rows.append(row)
        self._added.clear()
        self._removed.clear()
        await self._tx.execute(_change(self._tx.postgres), rows)

    def _change(
        self, tenant: TenantId, ticks: Iterable[Taken], into: dict[_Key, int], out_of: dict[_Key, int]
    ) -> None:
        if not self._added and not self._removed:
            self._tx.before_commit(self.write)
        for resource, tick, seat in ticks:
            day, offset = divmod(tick, TICKS_A_DAY)
            key, bit = (tenant, resource, day, seat), 1 << offset
            into[key] |= bit
            out_of[key] &= ~bit


def days_of_ticks(ticks: range) -> range:
    """The days that ticks lie on."""
    return range(ticks.start // TICKS_A_DAY, -(-ticks.stop // TICKS_A_DAY))


def bits_of_parts(parts: Sequence[int]) -> int:
    """The bitmap of a day, its first tick in bit 0, out of the columns of a row."""
    bits = 0
    for part in reversed(parts):
        bits = bits << _PART_TICKS | part
    return bits


def _parts(bits: int) -> list[int]:
    return [bits >> part * _PART_TICKS & _PART for part in range(CLAIM_DAY_PARTS)]


@lru_cache(maxsize=2)
def _change(postgres: bool) -> Executable:
    """Take bits away and add others; names of binds are those in ``write``."""
    upsert = insert_into(claim_days, postgres)
    changed = {}
    for part in range(CLAIM_DAY_PARTS):
        kept: BindParameter[int] = bindparam(f"kept_{part}", type_=BigInteger)
        column = claim_days.c[f"bits_{part}"]
        changed[column.name] = column.bitwise_and(kept).bitwise_or(upsert.excluded[column.name])
    key = [claim_days.c.tenant, claim_days.c.resource, claim_days.c.day, claim_days.c.seat]
    return upsert.on_conflict_do_update(index_elements=key, set_=changed)


def taken_of(rows: Iterable[Row[Any]]) -> list[Taken]:
    """Rows with ``resource``, ``tick`` and ``seat``."""
    return [(row.resource, row.tick, row.seat) for row in rows]
