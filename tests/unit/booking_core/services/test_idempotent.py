"""One call per key: repetitions wait and get the same answer, failures and crashes let the next one run under the same token."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from booking_core.errors import IdempotencyMismatch
from booking_core.services.idempotent import LEASE, Answer, Call, Idempotent
from integrations.memory.database import MemoryDatabase

CALL = Call("scope", "k-1", "body")


@dataclass
class Clock:
    """Real time as the test sets it."""

    at: datetime = datetime(2026, 3, 24, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at - timedelta(days=400)

    def real(self) -> datetime:
        return self.at


@dataclass
class Work:
    """Counts how often it is run and under which tokens; waits where told."""

    answers: list[Answer | Exception]
    gate: asyncio.Event | None = None
    tokens: list[str] = field(default_factory=list)

    async def __call__(self, token: str) -> Answer:
        self.tokens.append(token)
        if self.gate is not None:
            await self.gate.wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(clock: Clock) -> Idempotent:
    return Idempotent(MemoryDatabase(), clock)


async def test_repetitions_get_the_first_answer_for_a_day(service: Idempotent, clock: Clock) -> None:
    work = Work([Answer(201, b"first"), Answer(201, b"second")])
    assert await service.once(CALL, work) == Answer(201, b"first")
    clock.at += timedelta(hours=23, minutes=59)
    assert await service.once(CALL, work) == Answer(201, b"first")
    clock.at += timedelta(minutes=1)
    assert await service.once(CALL, work) == Answer(201, b"second")
    assert len(set(work.tokens)) == 2


async def test_scope_and_key_tell_calls_apart(service: Idempotent) -> None:
    work = Work([Answer(201, bytes([number])) for number in range(3)])
    calls = [CALL, Call("scope", "k-2", "body"), Call("other", "k-1", "another body")]
    assert [(await service.once(call, work)).body for call in calls] == [b"\0", b"\1", b"\2"]


async def test_a_repetition_waits_for_the_call_under_way(service: Idempotent) -> None:
    work = Work([Answer(409, b"taken")], gate=asyncio.Event())
    first, second, third = (asyncio.create_task(service.once(CALL, work)) for _ in range(3))
    await asyncio.sleep(0.1)
    assert len(work.tokens) == 1
    assert not any(task.done() for task in (first, second, third))
    assert work.gate is not None
    work.gate.set()
    assert {await task for task in (first, second, third)} == {Answer(409, b"taken")}
    assert len(work.tokens) == 1


async def test_another_body_is_refused_while_it_runs_and_afterwards(service: Idempotent) -> None:
    other = Call(CALL.scope, CALL.key, "other")
    work = Work([Answer(503, b"down"), Answer(201, b"made")], gate=asyncio.Event())
    first = asyncio.create_task(service.once(CALL, work))
    await asyncio.sleep(0.05)
    with pytest.raises(IdempotencyMismatch):
        await service.once(other, work)
    assert work.gate is not None
    work.gate.set()
    assert (await first).status == 503
    with pytest.raises(IdempotencyMismatch):
        await service.once(other, work)
    assert (await service.once(CALL, work)).status == 201
    with pytest.raises(IdempotencyMismatch):
        await service.once(other, work)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_what_failed_is_not_kept_and_runs_again_under_the_same_token(
    service: Idempotent, status: int
) -> None:
    work = Work([Answer(status, b"no"), ConnectionResetError(), Answer(201, b"made")])
    assert (await service.once(CALL, work)).status == status
    with pytest.raises(ConnectionResetError):
        await service.once(CALL, work)
    assert await service.once(CALL, work) == Answer(201, b"made")
    assert len(work.tokens) == 3
    assert len(set(work.tokens)) == 1


async def test_a_repetition_that_waited_for_a_failure_runs_itself(service: Idempotent) -> None:
    work = Work([Answer(503, b"no"), Answer(201, b"made")], gate=asyncio.Event())
    tasks = [asyncio.create_task(service.once(CALL, work)) for _ in range(3)]
    await asyncio.sleep(0.05)
    assert work.gate is not None
    work.gate.set()
    answers = sorted([await task for task in tasks], key=lambda it: it.status)
    assert [it.status for it in answers] == [201, 201, 503]
    assert len(work.tokens) == 2


async def test_a_call_that_is_cancelled_leaves_no_lease(service: Idempotent) -> None:
    hanging = Work([], gate=asyncio.Event())
    task = asyncio.create_task(service.once(CALL, hanging))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    work = Work([Answer(201, b"made")])
    assert await service.once(CALL, work) == Answer(201, b"made")
    assert work.tokens == hanging.tokens


async def test_after_a_crash_the_lease_runs_out_and_the_late_answer_of_the_first_does_not_count(
    service: Idempotent, clock: Clock
) -> None:
    """Here the first is not dead but slow: it gets the answer of whoever took over."""
    slow = Work([Answer(201, b"slow")], gate=asyncio.Event())
    first = asyncio.create_task(service.once(CALL, slow))
    await asyncio.sleep(0.05)
    clock.at += LEASE
    work = Work([Answer(201, b"made")])
    assert await service.once(CALL, work) == Answer(201, b"made")
    assert work.tokens == slow.tokens
    assert slow.gate is not None
    slow.gate.set()
    assert await first == Answer(201, b"made")
