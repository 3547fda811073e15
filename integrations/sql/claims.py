"""Claims and holds on SQL. The key (tenant, resource, tick, seat) is the proof that nothing is booked twice.

SQLite runs one writer at a time; on PostgreSQL writers of the same resource, and holds of the same guest or conversation, queue on
advisory locks, so that what was read stays true until it is written.

No two of them can wait for each other in a circle, as each of them goes through these steps in this order:

1. It takes all its advisory locks in one sorted go, before it has locked any row of ``claims``.
2. It deletes or changes what it finds on the resources it has locked. It may have to wait for that: for somebody in step 3.
3. It gives back what else its conversation held, wherever that is, and leaves alone what somebody else is at. From here on it
   waits for no row of ``claims``: what it inserts is on resources it has locked. A row that is left behind counts until it runs
   out, and most often it has done so already.
4. It writes the row of the hold, the bitmaps and the counter, each in the order of their keys.

That is why giving a hold back is put off until the unit of work has claimed what it wants, or ends, or asks what is held. What a
booking has for good is given back without any lock: nobody but a change of the same booking deletes it, and those queue for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from booking_core.errors import HoldExpired, SlotTaken, TooManyHolds
from booking_core.model.ids import ConversationId, HoldId, ResourceId, TenantId
from booking_core.model.interval import Interval
from booking_core.model.slot import Hold, Plan
from booking_core.ports.claims import HOLDS_PER_CONTACT
from booking_core.ports.mirror import Counter
from integrations.sql import claim_statements as statements
from integrations.sql import occupancy
from integrations.sql.claim_bits import ClaimBits, taken_of
from integrations.sql.claim_statements import Run, bound
from integrations.sql.documents import plan_from_document, plan_to_document
from integrations.sql.transaction import Transaction

Need = tuple[ResourceId, int]


class SqlClaims:
    """Implements ``booking_core.ports.claims.Claims``."""

    __slots__ = ("_bits", "_given_back", "_tx")

    def __init__(self, transaction: Transaction) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction
        self._bits = ClaimBits(transaction)
        self._given_back: set[tuple[TenantId, ConversationId]] = set()

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
        needs = sorted({need for plan in hold.plans for need in plan.needs()})
        if not needs:
            raise ValueError("a hold needs at least one tick")
        await self._tx.repeatable(partial(self._hold, hold, needs, contact, seats, now, shared_with, at_most))
        self._given_back.discard((hold.tenant, hold.conversation))
        self._tx.count(hold.tenant, Counter.CLAIMS)

    async def _hold(
        self,
        hold: Hold,
        needs: Sequence[Need],
        contact: str | None,
        seats: Mapping[ResourceId, int],
        now: datetime,
        shared_with: str | None,
        at_most: int,
    ) -> None:
        tenant, conversation = hold.tenant, hold.conversation
        await self._lock(tenant, needs, contact=contact, conversation=conversation)
        if contact is not None:
            held_elsewhere = await self.count_holds(tenant, contact, now=now, not_conversation=conversation)
            if held_elsewhere >= at_most:
                raise TooManyHolds
        found = await self._claims_on(tenant, needs, conversation)
        locked = set(needs)
        here = [row for row in found if (row.resource, row.tick) in locked]
        if shared_with is not None:
            owned = {(row.resource, row.tick) for row in here if row.owner == shared_with}
            needs = [need for need in needs if need not in owned]
        free, live = self._sorted_out(tenant, here, now, conversation)
        chosen = _choose_seats(needs, live, seats)
        await self._delete_held(tenant, free)
        for old in sorted({row.hold for row in found if (row.resource, row.tick) not in locked}):
            await self._delete_claims_of_hold(tenant, old)
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

    async def find_hold(self, tenant: TenantId, conversation: ConversationId, *, now: datetime) -> Hold | None:
        """The conversation's live hold."""
        await self._give_back()
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
        await self._give_back()
        whose = {"of_tenant": tenant, "of_contact": contact, "of_conversation": not_conversation or "", "now": now}
        result = await self._tx.execute(statements.COUNT_HOLDS, whose)
        return int(result.scalar_one())

    async def release_hold(self, tenant: TenantId, conversation: ConversationId) -> None:
        """Give back whatever the conversation holds; nothing held is fine.

        It counts as given back at once and is deleted later.
        """
        if not self._given_back:
            self._tx.before_commit(self._give_back, first=True)
        self._given_back.add((tenant, conversation))

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
        await self._give_back()
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
        ended = (await self._tx.execute(statements.DELETE_HOLD, whose)).scalars().all()
        held = {need for plans in ended for document in plans for need in plan_from_document(document).needs()}
        if not held or held.difference(needs):
            await self._delete_claims_of_hold(tenant, hold)
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
        free, live = self._sorted_out(tenant, found, now)
        chosen = _choose_seats([need for need in wanted if need not in owned], live, seats)
        await self._delete_held(tenant, free)
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
        await self._give_back()
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

    async def _give_back(self) -> None:
        """Delete the holds that were given back, with their claims."""
        for tenant, conversation in sorted(self._given_back):
            whose = {"of_tenant": tenant, "of_conversation": conversation}
            for hold in (await self._tx.execute(statements.DELETE_HOLD_OF_CONVERSATION, whose)).scalars().all():
                if await self._delete_claims_of_hold(tenant, hold):
                    self._tx.count(tenant, Counter.CLAIMS)
        self._given_back.clear()

    async def _lock(
        self,
        tenant: TenantId,
        needs: Iterable[Need],
        *,
        contact: str | None = None,
        conversation: ConversationId | None = None,
    ) -> None:
        """Queue with other writers of these resources, and of this guest's or conversation's holds, until the transaction ends.

        SQLite has one writer anyway.
        """
        if self._tx.postgres:
            keys = {_lock_key(tenant, resource) for resource, _ in needs}
            if contact is not None:
                keys.add(_lock_key(tenant, f"contact\x00{contact}"))
            if conversation is not None:
                # The hold that is to be replaced must be the last one there is.
                keys.add(_lock_key(tenant, f"conversation\x00{conversation}"))
            # All of them in one sorted go: whoever waits has no lock that somebody before it in the order could want.
            await self._tx.execute(statements.TAKE_LOCKS, {"keys": sorted(keys)})

    async def _claims_on(
        self, tenant: TenantId, needs: Sequence[Need], conversation: ConversationId | None = None
    ) -> Sequence[Row[Any]]:
        """All claims on these ticks, and those of the conversation's hold wherever they are."""
        runs = list(runs_of(needs))
        statement = statements.claims_on(len(runs), and_of_conversation=conversation is not None)
        whose = {} if conversation is None else {"of_conversation": conversation}
        result = await self._tx.execute(statement, {"of_tenant": tenant, **whose, **bound(runs)})
        return result.all()

    def _sorted_out(
        self,
        tenant: TenantId,
        found: Iterable[Row[Any]],
        now: datetime,
        conversation: ConversationId | None = None,
    ) -> tuple[list[Row[Any]], list[Row[Any]]]:
        """What may be taken away (run out, given back, held by the conversation itself), and what counts."""
        mine = {name for of, name in self._given_back if of == tenant}
        if conversation is not None:
            mine.add(conversation)
        free: list[Row[Any]] = []
        live: list[Row[Any]] = []
        for row in found:
            run_out = row.expires_at is not None and row.expires_at <= now
            (free if run_out or row.conversation in mine else live).append(row)
        return free, live

    async def _delete_held(self, tenant: TenantId, held: Collection[Row[Any]]) -> None:
        keys = {(row.resource, row.tick, row.seat, row.hold) for row in held}
        if keys:
            names = ("of_resource", "of_tick", "of_seat", "of_hold")
            rows = [{"of_tenant": tenant, **dict(zip(names, key, strict=True))} for key in sorted(keys)]
            await self._tx.execute(statements.DELETE_HELD_CLAIM, rows)

    async def _delete_claims_of_hold(self, tenant: TenantId, hold: HoldId) -> bool:
        """Whether there were any; what somebody else is deleting or changing is left to them."""
        deleted = await self._tx.execute(
            statements.delete_claims_of_hold(self._tx.postgres), {"of_tenant": tenant, "of_hold": hold}
        )
        return deleted.rowcount > 0

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
    needs: Iterable[Need], live: Iterable[Row[Any]], seats: Mapping[ResourceId, int]
) -> list[tuple[ResourceId, int, int]]:
    """The first free seat of every need, in key order; raises SlotTaken where there is none."""
    taken: dict[Need, set[int]] = {}
    for row in live:
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


def _lock_key(tenant: TenantId, name: str) -> int:
    digest = hashlib.blake2b(f"{tenant}\x00{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
