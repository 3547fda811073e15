"""Claims and holds on SQL. The key (tenant, resource, tick, seat) is the proof that nothing is booked twice.

SQLite runs one writer at a time; on PostgreSQL writers of the same resource, and holds of the same guest, queue on advisory
locks, so that what was read stays true until it is written and no two of them can wait for each other in a circle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from booking_core.errors import HoldExpired, SlotTaken, TooManyHolds
from booking_core.model.ids import ConversationId, HoldId, ResourceId, TenantId
from booking_core.model.interval import Interval
from booking_core.model.slot import Hold, Plan
from booking_core.ports.claims import HOLDS_PER_CONTACT
from integrations.sql import claim_statements as statements
from integrations.sql import occupancy
from integrations.sql.claim_bits import ClaimBits, taken_of
from integrations.sql.claim_statements import Run, bound
from integrations.sql.documents import plan_from_document, plan_to_document
from integrations.sql.transaction import Counter, Transaction

Need = tuple[ResourceId, int]


class SqlClaims:
    """Implements ``booking_core.ports.claims.Claims``."""

    __slots__ = ("_bits", "_tx")

    def __init__(self, transaction: Transaction) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction
        self._bits = ClaimBits(transaction)

    async def hold(
        self,
        hold: Hold,
        *,
        contact: str | None,
        seats: Mapping[ResourceId, int],
        now: datetime,
        shared_with: str | None = None,
        at_most: int = HOLDS_PER_CONTACT,
    ) -> None:
        """Claim the union of the hold's plans in place of what its conversation held before.

        Ticks that ``shared_with`` (the booking to be moved) owns already need no claim.
        Raises TooManyHolds and changes nothing where the contact has ``at_most`` so many in other conversations, SlotTaken where a
        tick has no seat left, ValueError for a hold that needs nothing.
        """
        tenant, conversation = hold.tenant, hold.conversation
        needs = sorted({need for plan in hold.plans for need in plan.needs()})
        if not needs:
            raise ValueError("a hold needs at least one tick")
        await self._lock(tenant, needs, contact=contact)
        if contact is not None:
            held_elsewhere = await self.count_holds(tenant, contact, now=now, not_conversation=conversation)
            if held_elsewhere >= at_most:
                raise TooManyHolds
        found = await self._claims_on(tenant, needs)
        rivals = [row for row in found if row.conversation != conversation]
        if shared_with is not None:
            owned = {(row.resource, row.tick) for row in found if row.owner == shared_with}
            needs = [need for need in needs if need not in owned]
        chosen = _choose_seats(needs, rivals, seats, now=now)
        await self._tx.execute(
            statements.DELETE_CLAIMS_OF_CONVERSATION, {"of_tenant": tenant, "of_conversation": conversation}
        )
        await self._delete_expired(tenant, rivals, now)
        held = {"owner": None, "hold": hold.id, "conversation": conversation, "expires_at": hold.expires_at}
        await self._insert(tenant, chosen, held)
        await self._tx.execute(
            statements.put_hold(self._tx.postgres),
            {
                "tenant": tenant,
                "conversation": conversation,
                "id": hold.id,
                "contact": contact,
                "expires_at": hold.expires_at,
                "plans": [plan_to_document(plan) for plan in hold.plans],
            },
        )
        self._tx.count(tenant, Counter.CLAIMS)

    async def find_hold(self, tenant: TenantId, conversation: ConversationId, *, now: datetime) -> Hold | None:
        """The conversation's live hold."""
        result = await self._tx.execute(
            statements.FIND_HOLD, {"of_tenant": tenant, "of_conversation": conversation, "now": now}
        )
        row = result.one_or_none()
        if row is None:
            return None
        plans = tuple(plan_from_document(document) for document in row.plans)
        return Hold(HoldId(row.id), tenant, conversation, plans, row.expires_at)

    async def count_holds(
        self, tenant: TenantId, contact: str, *, now: datetime, not_conversation: ConversationId | None = None
    ) -> int:
        """Live holds with this contact digest; that of ``not_conversation`` is left out."""
        whose = {"of_tenant": tenant, "of_contact": contact, "of_conversation": not_conversation or "", "now": now}
        result = await self._tx.execute(statements.COUNT_HOLDS, whose)
        return int(result.scalar_one())

    async def release_hold(self, tenant: TenantId, conversation: ConversationId) -> None:
        """Give back whatever the conversation holds; nothing held is fine."""
        whose = {"of_tenant": tenant, "of_conversation": conversation}
        released = await self._tx.execute(statements.DELETE_CLAIMS_OF_CONVERSATION, whose)
        await self._tx.execute(statements.DELETE_HOLD_OF_CONVERSATION, whose)
        if released.rowcount:
            self._tx.count(tenant, Counter.CLAIMS)

    async def commit(
        self,
        tenant: TenantId,
        hold: HoldId,
        plan: Plan,
        *,
        owner: str,
        now: datetime,
    ) -> None:
        """Turn one plan of a live hold into lasting claims of ``owner`` and give the rest back.

        Raises HoldExpired and changes nothing where the hold is gone, has run out or was never on this plan.
        The seats are those the hold has.
        """
        needs = sorted(plan.needs())
        if not needs:
            raise ValueError("a plan needs at least one tick")
        await self._lock(tenant, needs)
        runs = list(runs_of(needs))
        whose = {"of_tenant": tenant, "of_hold": hold}
        result = await self._tx.execute(
            statements.commit_hold(len(runs)),
            {**whose, "of_owner": owner, "now": now, "needed": len(needs), **bound(runs)},
        )
        committed = result.all()
        if len(committed) != len(needs):
            raise HoldExpired
        self._bits.take(tenant, taken_of(committed))
        await self._tx.execute(statements.DELETE_CLAIMS_OF_HOLD, whose)
        await self._tx.execute(statements.DELETE_HOLD, whose)
        self._tx.count(tenant, Counter.CLAIMS)

    async def claim(
        self,
        tenant: TenantId,
        needs: Iterable[tuple[ResourceId, int]],
        *,
        owner: str,
        seats: Mapping[ResourceId, int],
        now: datetime,
    ) -> None:
        """Add lasting claims for ``owner``; raises SlotTaken and changes nothing where a tick has no seat left."""
        wanted = sorted(set(needs))
        if not wanted:
            return
        await self._lock(tenant, wanted)
        found = await self._claims_on(tenant, wanted)
        owned = {(row.resource, row.tick) for row in found if row.owner == owner}
        chosen = _choose_seats([need for need in wanted if need not in owned], found, seats, now=now)
        await self._delete_expired(tenant, found, now)
        await self._insert(
            tenant, chosen, {"owner": owner, "hold": None, "conversation": None, "expires_at": None}
        )
        if chosen:
            self._tx.count(tenant, Counter.CLAIMS)

    async def release(self, tenant: TenantId, *, owner: str, keep: Iterable[tuple[ResourceId, int]] = ()) -> None:
        """Give back the lasting claims of ``owner`` except those in ``keep``."""
        kept = list(runs_of(sorted(set(keep))))
        released = await self._tx.execute(
            statements.release_except(len(kept)), {"of_tenant": tenant, "of_owner": owner, **bound(kept)}
        )
        if freed := taken_of(released):
            self._bits.free(tenant, freed)
            self._tx.count(tenant, Counter.CLAIMS)

    async def full_bits(
        self,
        tenant: TenantId,
        resources: Sequence[ResourceId],
        window: Interval,
        *,
        seats: Mapping[ResourceId, int],
        now: datetime,
        not_conversation: ConversationId | None = None,
        not_owner: str | None = None,
    ) -> Mapping[ResourceId, int]:
        """Ticks with no seat left, for every asked resource (zero where all is free); bit 0 is the window's first tick."""
        # Who reads after writing in one transaction sees what was written.
        await self._bits.write()
        return await occupancy.full_bits(
            self._tx,
            tenant,
            resources,
            window,
            seats=seats,
            now=now,
            not_conversation=not_conversation,
            not_owner=not_owner,
        )

    async def _lock(self, tenant: TenantId, needs: Iterable[Need], *, contact: str | None = None) -> None:
        """Queue with other writers of these resources, and of this guest's holds, until the transaction ends.

        SQLite has one writer anyway.
        """
        if self._tx.postgres:
            keys = {_lock_key(tenant, resource) for resource, _ in needs}
            if contact is not None:
                keys.add(_lock_key(tenant, f"contact\x00{contact}"))
            # All of them in one sorted go: whoever waits has no lock that somebody before it in the order could want.
            await self._tx.execute(statements.TAKE_LOCKS, {"keys": sorted(keys)})

    async def _claims_on(self, tenant: TenantId, needs: Sequence[Need]) -> Sequence[Row[Any]]:
        runs = list(runs_of(needs))
        result = await self._tx.execute(statements.claims_on(len(runs)), {"of_tenant": tenant, **bound(runs)})
        return result.all()

    async def _delete_expired(self, tenant: TenantId, found: Iterable[Row[Any]], now: datetime) -> None:
        expired = [
            {
                "of_tenant": tenant,
                "of_resource": row.resource,
                "of_tick": row.tick,
                "of_seat": row.seat,
                "now": now,
            }
            for row in found
            if not _is_live(row, now)
        ]
        if expired:
            await self._tx.execute(statements.DELETE_EXPIRED_CLAIM, expired)

    async def _insert(
        self, tenant: TenantId, chosen: Sequence[tuple[ResourceId, int, int]], values: Mapping[str, Any]
    ) -> None:
        rows = [
            {"tenant": tenant, "resource": resource, "tick": tick, "seat": seat, **values}
            for resource, tick, seat in chosen
        ]
        if not rows:
            return
        try:
            await self._tx.execute(statements.INSERT_CLAIM, rows)
        except IntegrityError as error:
            # Only a writer that ignores the queue gets here; the key has refused it, so nothing of this may last.
            raise self._tx.doom(SlotTaken("the key refused a claim")) from error
        if values["owner"] is not None:
            self._bits.take(tenant, chosen)


def runs_of(needs: Sequence[Need]) -> Iterator[Run]:
    """Sorted needs as runs ``(resource, first tick, last tick)`` without gaps."""
    for position, (resource, tick) in enumerate(needs):
        if position == 0 or needs[position - 1] != (resource, tick - 1):
            first = tick
        if position + 1 == len(needs) or needs[position + 1] != (resource, tick + 1):
            yield resource, first, tick


def _choose_seats(
    needs: Iterable[Need], found: Iterable[Row[Any]], seats: Mapping[ResourceId, int], *, now: datetime
) -> list[tuple[ResourceId, int, int]]:
    """The first free seat of every need, in key order; raises SlotTaken where there is none."""
    taken: dict[Need, set[int]] = {}
    for row in found:
        if _is_live(row, now):
            taken.setdefault((row.resource, row.tick), set()).add(row.seat)
    chosen = []
    for resource, tick in needs:
        occupied = taken.get((resource, tick), set())
        capacity = seats.get(resource, 1)
        # Counted, not only searched: after a capacity was lowered, claims may sit on seats above it.
        if len(occupied) >= capacity:
            raise SlotTaken(resource=resource, tick=tick)
        chosen.append((resource, tick, next(seat for seat in range(capacity) if seat not in occupied)))
    return chosen


def _is_live(row: Row[Any], now: datetime) -> bool:
    return row.expires_at is None or bool(row.expires_at > now)


def _lock_key(tenant: TenantId, name: str) -> int:
    digest = hashlib.blake2b(f"{tenant}\x00{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
