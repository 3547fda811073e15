"""The worker's rounds in virtual time: what waits for whom, what is tried again, what is given up, and what staff hear of."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from structlog.testing import capture_logs

from booking_core.errors import CalendarUnavailable, Refused, Upstream
from booking_core.model.booking import BookingStatus
from booking_core.model.callback import Callback, CallbackReason
from booking_core.model.ids import Reference, TenantId
from booking_core.ports.outbox import OutboxItem
from booking_core.services.notices import CHECK, MAIL, MESSAGE
from booking_core.services.saga_progress import Ended, Progress, Waiting
from bot.worker import HANDLING_SECONDS, LEASE, SETTLED_AT_ONCE, Handler, Worker
from integrations.memory.database import MemoryDatabase
from integrations.memory.virtual_time import VirtualClock, VirtualTimeLoop
from tests.support.examples import NOW, TENANT, booking_of, minutes, single

FOREVER = 1e9


@dataclass
class Sagas:
    """Changes that wait to be settled, and how long each takes. Which were settled, and the most at a time."""

    due: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    broken: dict[str, Exception] = field(default_factory=dict)
    busy: bool = False
    settled: list[str] = field(default_factory=list)
    postponed: dict[str, timedelta] = field(default_factory=dict)
    at_once: int = 0
    _running: int = 0

    async def list_due(self, limit: int) -> Sequence[tuple[TenantId, str]]:
        return [(TENANT, saga) for saga in self.due[:limit]]

    async def postpone(self, tenant: TenantId, saga: str, rest: timedelta) -> None:
        self.postponed[saga] = rest
        if self.busy:
            raise Upstream("the database is busy")

    async def resume(self, tenant: Any, saga: str) -> Progress:
        self._running += 1
        self.at_once = max(self.at_once, self._running)
        try:
            await asyncio.sleep(self.seconds.get(saga, 0))
            if saga in self.broken:
                raise self.broken[saga]
        finally:
            self._running -= 1
        self.settled.append(saga)
        self.due.remove(saga)
        if saga.endswith("waits"):
            return Waiting()
        return Ended(replace(booking_of("ABC234", single()), status=BookingStatus.CONFIRMED), None)


@dataclass
class Handling:
    """Does rows of the outbox, each in its time; ``trouble`` is raised while there is any."""

    clock: VirtualClock
    seconds: float = 0.0
    trouble: Exception | None = None
    tried: list[tuple[str, datetime]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    async def __call__(self, item: OutboxItem) -> None:
        self.tried.append((item.key, self.clock.now()))
        await asyncio.sleep(self.seconds)
        if self.trouble is not None:
            raise self.trouble.with_traceback(None)
        self.done.append(item.key)


class Tenants:
    """Knows every tenant."""

    async def tenant_of(self, tenant: TenantId) -> Any:
        return tenant


class Mirror:
    """Has nothing to read."""

    async def refresh(self, tenant: Any) -> Any:
        return _Nothing()


class _Nothing:
    failed = ()


@dataclass
class House:
    """A worker with all that it works with."""

    database: MemoryDatabase = field(default_factory=MemoryDatabase)
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(asyncio.get_running_loop(), NOW))
    sagas: Sagas = field(default_factory=Sagas)
    counted: list[str] = field(default_factory=list)
    mails: Handling = field(init=False)
    checks: Handling = field(init=False)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.mails, self.checks = Handling(self.clock), Handling(self.clock)
        self.worker = self.another({MAIL: self.mails, CHECK: self.checks})

    def another(self, handlers: Mapping[str, Handler]) -> Worker:
        """A worker of another process."""

        async def clean_up(now: datetime) -> None:
            await self.database.sweep(now=now)

        return Worker(
            database=self.database,
            clock=self.clock,
            tenants=Tenants(),  # type: ignore[arg-type]
            sagas=self.sagas,  # type: ignore[arg-type]
            handlers=handlers,
            on_settled=self.counted.append,
            clean_up=clean_up,
            mirror=Mirror(),  # type: ignore[arg-type]
        )

    async def add(self, kind: str, key: str) -> None:
        """Work that is due at once."""
        async with self.database.write() as work:
            await work.outbox.add(TENANT, kind, key, {}, due_at=self.clock.now())

    async def dead(self) -> list[str]:
        """What was given up."""
        async with self.database.read() as work:
            return [it.key for it in await work.outbox.dead_letters(TENANT)]

    @asynccontextmanager
    async def working(self, every: float = 1.0):  # type: ignore[no-untyped-def]
        """The worker goes its rounds, by default one a second."""
        stop = asyncio.Event()
        task = asyncio.create_task(self.worker.run(every=every, stop=stop))
        try:
            yield stop
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def in_virtual_time(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test in a house of its own, which is its first argument."""

    def run(**arguments: Any) -> None:
        async def play() -> None:
            await test(House(), **arguments)

        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            runner.run(play())

    parameters = list(inspect.signature(test).parameters.values())[1:]
    run.__dict__["__signature__"] = inspect.Signature(parameters)
    run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
    return run


async def seconds_until(happened: Callable[[], object], most: float = 600) -> float:
    """How long it takes, to a tenth of a second."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while not happened():
        assert loop.time() < begun + most, "it does not happen"
        await asyncio.sleep(0.1)
    return loop.time() - begun


@pytest.mark.parametrize("silent", ["sagas", "checks", "both"])
@in_virtual_time
async def test_no_mail_waits_for_a_silent_calendar(house: House, silent: str) -> None:
    if silent != "checks":
        house.sagas.due = [f"saga-{number}" for number in range(20)]
        house.sagas.seconds = dict.fromkeys(house.sagas.due, FOREVER)
    if silent != "sagas":
        house.checks.seconds = FOREVER
        for number in range(5):
            await house.add(CHECK, f"check-{number}")
    async with house.working():
        await asyncio.sleep(2.5)
        await house.add(MAIL, "mail")
        assert await seconds_until(lambda: house.mails.done) <= 1.1


@in_virtual_time
async def test_no_message_waits_for_a_silent_mail_relay(house: House) -> None:
    messages = Handling(house.clock)
    house.worker = house.another({MAIL: house.mails, MESSAGE: messages})
    house.mails.seconds = FOREVER
    for number in range(5):
        await house.add(MAIL, f"mail-{number}")
    async with house.working():
        await asyncio.sleep(2.5)
        await house.add(MESSAGE, "message")
        assert await seconds_until(lambda: messages.done) <= 1.1


@in_virtual_time
async def test_neither_do_checks_nor_mails_hold_up_a_change(house: House) -> None:
    house.checks.seconds = house.mails.seconds = FOREVER
    await house.add(CHECK, "check")
    await house.add(MAIL, "mail")
    async with house.working():
        await asyncio.sleep(0.5)
        house.sagas.due = ["saga"]
        assert await seconds_until(lambda: house.sagas.settled) <= 1.1


@in_virtual_time
async def test_a_nudge_does_not_wait_for_the_calendar_either(house: House) -> None:
    house.checks.seconds = FOREVER
    await house.add(CHECK, "check")
    await house.add(MAIL, "mail")
    await house.worker.send()
    assert (house.mails.done, house.checks.tried) == (["mail"], [])


@in_virtual_time
async def test_a_sweep_does_everything_that_is_due_and_what_comes_of_it(house: House) -> None:
    async def found(item: OutboxItem) -> None:
        await house.add(MAIL, f"because of {item.key}")

    await house.add(CHECK, "check")
    await house.another({MAIL: house.mails, CHECK: found}).sweep()
    assert house.mails.done == ["because of check"]
    assert await house.worker.depth() == 0


@in_virtual_time
async def test_what_nobody_handles_waits_for_somebody_who_does(house: House) -> None:
    await house.add(MESSAGE, "message")
    await house.worker.sweep()
    assert (await house.worker.depth(), await house.dead()) == (1, [])
    await house.another({MESSAGE: house.mails}).sweep()
    assert house.mails.done == ["message"]


@in_virtual_time
async def test_changes_are_settled_a_few_at_a_time(house: House) -> None:
    house.sagas.due = [f"saga-{number}" for number in range(12)]
    # One calendar is silent.
    house.sagas.seconds = {"saga-0": 60.0, "saga-1": 60.0}
    settling = asyncio.create_task(house.worker.settle())
    await asyncio.sleep(1)
    assert sorted(house.sagas.settled) == sorted(f"saga-{number}" for number in range(2, 12))
    await settling
    assert (len(house.sagas.settled), house.counted) == (12, ["confirmed"] * 12)
    assert 1 < house.sagas.at_once <= SETTLED_AT_ONCE


@in_virtual_time
async def test_a_change_that_breaks_holds_up_no_other(house: House) -> None:
    house.sagas.due = ["fails", "bug", "well", "waits"]
    house.sagas.broken = {"fails": CalendarUnavailable(), "bug": KeyError("staff")}
    with capture_logs() as logs:
        await house.worker.settle()
    assert sorted(house.sagas.settled) == ["waits", "well"]
    told = {line["saga"]: line for line in logs if line["event"] == "settle_failed"}
    assert (told["fails"]["log_level"], told["fails"]["code"]) == ("warning", "calendar_down")
    assert (told["bug"]["log_level"], told["bug"]["error"]) == ("error", "KeyError")
    assert isinstance(told["bug"]["exc_info"], KeyError)
    assert house.sagas.postponed == {"fails": timedelta(seconds=5), "bug": timedelta(minutes=1)}


@in_virtual_time
async def test_nor_does_one_that_cannot_even_be_postponed(house: House) -> None:
    house.sagas.due = ["fails", "well"]
    house.sagas.broken = {"fails": CalendarUnavailable()}
    house.sagas.seconds = {"well": 1.0}
    house.sagas.busy = True
    await house.worker.settle()
    assert house.sagas.settled == ["well"]


@pytest.mark.parametrize("trouble", [Upstream("no relay"), RuntimeError("a bug")], ids=["upstream", "bug"])
@in_virtual_time
async def test_a_long_outage_costs_no_mail(house: House, trouble: Exception) -> None:
    house.mails.trouble = trouble
    await house.add(MAIL, "mail")
    async with house.working(every=10):
        await asyncio.sleep(3 * 24 * 3600)
        times = [at for _, at in house.mails.tried]
        waits = [later - earlier for earlier, later in pairwise(times)]
        assert waits[0] < timedelta(seconds=16)
        assert max(waits) < timedelta(hours=1, seconds=11)
        assert len(waits) > 70
        assert await house.dead() == []
        house.mails.trouble = None
        assert await seconds_until(lambda: house.mails.done, most=3611) <= 3611


@in_virtual_time
async def test_a_final_no_is_given_up_at_once_and_loudly(house: House) -> None:
    house.mails.trouble = Refused("no such mailbox", status=550)
    await house.add(MAIL, "mail")
    with capture_logs() as logs:
        await house.worker.sweep()
    assert await house.dead() == ["mail"]
    assert [(it["log_level"], it["final"]) for it in logs if it["event"] == "outbox_failed"] == [("error", True)]
    assert await house.worker.depth() == 0


@in_virtual_time
async def test_work_ends_before_its_lease(house: House) -> None:
    house.mails.seconds = FOREVER
    await house.add(MAIL, "mail")
    begun = asyncio.get_running_loop().time()
    await house.worker.sweep()
    took = asyncio.get_running_loop().time() - begun
    assert took == pytest.approx(HANDLING_SECONDS)
    assert timedelta(seconds=took) < LEASE
    assert await house.worker.depth() == 1
    house.mails.seconds = 0
    await asyncio.sleep(5)
    await house.worker.sweep()
    assert house.mails.done == ["mail"]


async def stopped(house: House, meanwhile: Callable[[], Awaitable[None]]) -> float:
    """How long the worker takes to stop when it is told to right after something began."""
    stop = asyncio.Event()
    task = asyncio.create_task(house.worker.run(every=1.0, stop=stop))
    await asyncio.sleep(0.5)
    await meanwhile()
    await asyncio.sleep(1)
    begun = asyncio.get_running_loop().time()
    stop.set()
    await task
    return asyncio.get_running_loop().time() - begun


@in_virtual_time
async def test_a_worker_that_is_stopped_finishes_its_mail_and_its_change(house: House) -> None:
    house.mails.seconds = 10
    house.sagas.seconds = {"saga": 12}

    async def begin() -> None:
        await house.add(MAIL, "mail")
        house.sagas.due = ["saga"]

    assert await stopped(house, begin) <= 12
    assert (house.mails.done, house.sagas.settled) == (["mail"], ["saga"])


@in_virtual_time
async def test_a_worker_that_is_stopped_does_not_wait_for_a_look_at_the_calendar(house: House) -> None:
    house.checks.seconds = 20
    assert await stopped(house, lambda: house.add(CHECK, "check")) <= 2.1
    assert (house.checks.done, await house.worker.depth()) == ([], 1)


async def call(house: House, key: str, *, within: float) -> None:
    """Staff are asked to call somebody within so many minutes."""
    now = house.clock.now()
    asked = Callback(
        TENANT,
        key,
        CallbackReason.WITHDRAWN,
        now,
        now + minutes(within),
        booking=Reference("ABC234"),
        name="Jule Weiß",
        phone="+4930123456",
    )
    async with house.database.write() as work:
        await work.tenants.put(TENANT, {})
        await work.callbacks.add(asked)


@in_virtual_time
async def test_staff_hear_of_a_call_within_a_minute_and_again_when_it_is_overdue(house: House) -> None:
    with capture_logs() as logs:
        async with house.working():
            await asyncio.sleep(0.5)
            await call(house, "k-1", within=150)
            await asyncio.sleep(61)
            (line,) = [it for it in logs if it["event"] == "callback_open"]
            assert (line["log_level"], line["booking"], line["overdue"]) == ("error", "ABC234", False)
            assert "Jule" not in str(line) and "4930" not in str(line)
            await asyncio.sleep(140 * 60)
            assert len([it for it in logs if it["event"] == "callback_open"]) == 1
            await asyncio.sleep(125 * 60)
            again = [it["overdue"] for it in logs if it["event"] == "callback_open"][1:]
            assert again == [True, True]
            assert await house.worker.open_callbacks() == 1
            async with house.database.write() as work:
                await work.callbacks.done(TENANT, "k-1", now=house.clock.now())
            logs.clear()
            await asyncio.sleep(5 * 3600)
            assert [it for it in logs if it["event"] == "callback_open"] == []
            assert await house.worker.open_callbacks() == 0
