"""Claims against a dictionary: whatever sequence of operations, both say the same."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking_core.errors import HoldExpired, SlotTaken
from booking_core.model.ids import ConversationId, HoldId, ResourceId, TenantId
from booking_core.model.interval import Interval
from booking_core.model.slot import Hold, Plan
from integrations.memory.database import MemoryDatabase
from integrations.sql import SqlDatabase
from tests.support.any_database import AnyDatabase
from tests.support.claim_days import check_claim_days
from tests.support.examples import ANNA, NOW, hold_of, minutes, single
from tests.support.full_ticks import full_ticks

TENANT = TenantId("model")
BEN = ResourceId("staff:ben")
SEATS = {ANNA: 1, BEN: 2}
WINDOW = Interval(NOW, NOW + minutes(120))
Need = tuple[ResourceId, int]


@dataclass
class Model:
    """Who has what: held needs by conversation, lasting ones by owner."""

    holds: dict[str, Hold] = field(default_factory=dict)
    lasting: dict[str, set[Need]] = field(default_factory=dict)

    def takers(self, need: Need, now: datetime) -> list[str]:
        held = [
            name
            for name, hold in self.holds.items()
            if hold.expires_at > now and any(need in plan.needs() for plan in hold.plans)
        ]
        return held + [name for name, needs in self.lasting.items() if need in needs]

    def fits(self, needs: set[Need], asking: str, now: datetime) -> bool:
        return all(len([it for it in self.takers(need, now) if it != asking]) < SEATS[need[0]] for need in needs)

    def hold(self, hold: Hold, now: datetime) -> bool:
        needs = {need for plan in hold.plans for need in plan.needs()}
        if not self.fits(needs, hold.conversation, now):
            return False
        self.holds[hold.conversation] = hold
        return True

    def commit(self, conversation: str, which: int, owner: str, now: datetime) -> bool:
        hold = self.holds.get(conversation)
        if hold is None or hold.expires_at <= now:
            return False
        self.lasting.setdefault(owner, set()).update(hold.plans[which % len(hold.plans)].needs())
        del self.holds[conversation]
        return True

    def claim(self, needs: set[Need], owner: str, now: datetime) -> bool:
        if not self.fits(needs, owner, now):
            return False
        self.lasting.setdefault(owner, set()).update(needs)
        return True

    def full(self, now: datetime) -> dict[ResourceId, set[int]]:
        ticks = WINDOW.ticks()
        return {
            resource: {tick for tick in ticks if len(self.takers((resource, tick), now)) >= seats}
            for resource, seats in SEATS.items()
        }


plans = st.builds(
    single,
    start=st.integers(0, 8).map(lambda it: 5 * it),
    length=st.integers(1, 6).map(lambda it: 5 * it),
    staff=st.sampled_from(["anna", "ben"]),
)
conversations = st.sampled_from(["c-1", "c-2", "c-3"])
operations = st.one_of(
    st.tuples(st.just("hold"), conversations, st.lists(plans, min_size=1, max_size=2), st.integers(1, 4)),
    st.tuples(st.just("commit"), conversations, st.integers(0, 1)),
    st.tuples(st.just("release_hold"), conversations),
    st.tuples(st.just("claim"), st.integers(0, 2), plans),
    st.tuples(st.just("release"), st.integers(0, 2), st.one_of(st.none(), plans)),
    st.tuples(st.just("wait"), st.integers(1, 3)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(operations, min_size=1, max_size=14))
def test_claims_behave_like_a_dictionary(migrated_sqlite: Path, tmp_path: Path, steps: list[Any]) -> None:
    path = tmp_path / "model.db"
    for old in tmp_path.glob("model.db*"):
        old.unlink()
    shutil.copy(migrated_sqlite, path)

    async def compare() -> None:
        database = SqlDatabase.open(f"sqlite:///{path}")
        try:
            await _compare(database, steps, lambda: check_claim_days(database))
        finally:
            await database.close()

    asyncio.run(compare())


@settings(max_examples=300, deadline=None)
@given(steps=st.lists(operations, min_size=1, max_size=14))
def test_claims_in_memory_behave_like_a_dictionary(steps: list[Any]) -> None:
    asyncio.run(_compare(MemoryDatabase(), steps))


async def _compare(
    database: AnyDatabase, steps: list[Any], check: Callable[[], Awaitable[object]] | None = None
) -> None:
    model, now = Model(), NOW
    held: dict[str, Hold] = {}
    for number, (operation, *arguments) in enumerate(steps):
        if operation == "wait":
            now += timedelta(minutes=arguments[0])
        else:
            expected, actual = await _step(database, model, held, operation, arguments, number, now)
            assert actual == expected, (number, operation)
        async with database.read() as work:
            full = await full_ticks(work.claims, TENANT, list(SEATS), WINDOW, seats=SEATS, now=now)
        assert {resource: set(ticks) for resource, ticks in full.items()} == model.full(now)
        if check is not None:
            await check()


async def _step(
    database: AnyDatabase,
    model: Model,
    held: dict[str, Hold],
    operation: str,
    arguments: list[Any],
    number: int,
    now: datetime,
) -> tuple[bool, bool]:
    """Do one step in both worlds; answers whether it went well in the model and in the database."""
    async with database.write() as work:
        match operation, arguments:
            case "hold", [conversation, wanted, lasts]:
                hold = Hold(
                    HoldId(f"h-{number}"),
                    TENANT,
                    ConversationId(conversation),
                    tuple(wanted),
                    now + timedelta(minutes=lasts),
                )
                call = work.claims.hold(hold, contact=None, seats=SEATS, now=now)
                expected = model.hold(hold, now)
                if expected:
                    held[conversation] = hold
            case "commit", [conversation, which]:
                last = held.get(conversation) or hold_of(conversation, single(), tenant=TENANT)
                plan: Plan = last.plans[which % len(last.plans)]
                owner = f"R{number}"
                call = work.claims.commit(TENANT, last.id, plan, owner=owner, now=now)
                expected = model.commit(conversation, which, owner, now)
            case "release_hold", [conversation]:
                call = work.claims.release_hold(TENANT, ConversationId(conversation))
                model.holds.pop(conversation, None)
                expected = True
            case "claim", [owner, plan]:
                call = work.claims.claim(TENANT, plan.needs(), owner=f"O{owner}", seats=SEATS, now=now)
                expected = model.claim(set(plan.needs()), f"O{owner}", now)
            case _:
                owner, keep = arguments
                kept = keep.needs() if keep is not None else frozenset()
                call = work.claims.release(TENANT, owner=f"O{owner}", keep=kept)
                model.lasting[f"O{owner}"] = model.lasting.get(f"O{owner}", set()) & kept
                expected = True
        try:
            await call
        except (SlotTaken, HoldExpired):
            return expected, False
        return expected, True
