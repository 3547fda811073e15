"""The simulator itself: it balances, it is the same every time, and it notices what is broken."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from booking_core.errors import SlotTaken
from booking_core.model.booking import Booking, BookingStatus, HistoryEntry
from booking_core.model.callback import Callback, CallbackReason
from booking_core.model.ids import ConversationId, Reference, TenantId
from booking_core.model.interval import Interval
from booking_core.model.saga import Saga, SagaKind
from booking_core.model.slot import Hold
from booking_core.model.tenant import Tenant
from booking_core.ports.calendar import Entry
from booking_core.services import saga as sagas
from booking_core.services.notices import MAIL, MESSAGE
from booking_core.services.overlaps import OverlapCheck
from booking_core.services.saga_endings import callback_of
from booking_core.services.saga_steps import turned_back
from bot.cli import app
from bot.logs import configure_logging
from bot.simulation import play as playing
from bot.simulation.closing import Closing, problems_of
from bot.simulation.report import Report
from bot.simulation.words import Promise
from bot.wiring.simulation import simulator
from bot.worker import Worker
from integrations.memory.stores.callbacks import MemoryCallbacks
from integrations.memory.stores.claims import MemoryClaims
from integrations.memory.stores.outbox import MemoryOutbox

FERMATA = [sys.executable, "-c", "from bot.cli import main; main()"]
WORLDS_EACH = 15
SELDOM = ("withdrawn", "not_moved", "overlapped", "callback withdrawn", "callback overlap", "callback stuck")
ENOUGH = int(os.environ.get("FERMATA_SIM_ATTEMPTS", "1000000"))


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    configure_logging("critical", sys.stderr)
    yield
    configure_logging("error", sys.stderr)


def report_of(*commands: list[str]) -> list[dict[str, Any]]:
    """What so many simulations tell that run beside each other."""
    running = [
        subprocess.Popen([*FERMATA, "sim", "--json", *command], stdout=subprocess.PIPE, text=True)
        for command in commands
    ]
    return [json.loads(process.communicate()[0]) for process in running]


def first_violations(*words: str, within: int, first_seed: int = 1) -> tuple[str, ...]:
    """What the first world tells in which a violation has one of these words; nothing where so many attempts show none."""
    play = simulator()
    attempts, seed = 0, first_seed
    while True:
        played = play(seed, 60)
        attempts += played.attempts
        if attempts > within:
            return ()
        if found := tuple(it for it in played.violations if any(word in it for word in words)):
            return found
        seed += 1


@pytest.mark.timeout(1200)
def test_ten_thousand_attempts_without_a_violation() -> None:
    halves = report_of(
        ["--seed", "1", "--seeds", str(WORLDS_EACH)],
        ["--seed", str(1 + WORLDS_EACH), "--seeds", str(WORLDS_EACH)],
    )
    assert [half["found"] for half in halves] == [[], []]
    assert sum(half["attempts"] for half in halves) >= 10_000
    assert all(half["deaths"] > 100 for half in halves)
    for outcome in SELDOM:
        assert sum(half["outcomes"].get(outcome, 0) for half in halves) >= 24, outcome


def test_another_process_tells_the_same_story() -> None:
    told = []
    for seed in ("1", "2"):
        done = subprocess.run(
            [*FERMATA, "sim", "--seed", "7", "--guests", "60", "--story"],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        told.append(done.stdout)
    assert told[0] == told[1]
    *story, line = told[0].splitlines()
    assert tuple(story) == simulator()(7, 60).story
    for words in (
        "process-1  dies",
        "holds",
        "booked",
        "cancelled",
        "staff      enters",
        "staff      moves our",
        "calendar   fair",
    ):
        assert any(words in it for it in story), words
    assert line.split(" (")[0].endswith("attempts, 0 violations, rate 0")


def test_claims_that_refuse_nothing_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    hold, claim = MemoryClaims.hold, MemoryClaims.claim

    async def hold_anyway(self: MemoryClaims, *args: Any, **options: Any) -> None:
        with contextlib.suppress(SlotTaken):
            await hold(self, *args, **options)

    async def claim_anyway(self: MemoryClaims, *args: Any, **options: Any) -> None:
        with contextlib.suppress(SlotTaken):
            await claim(self, *args, **options)

    monkeypatch.setattr(MemoryClaims, "hold", hold_anyway)
    monkeypatch.setattr(MemoryClaims, "claim", claim_anyway)
    assert first_violations("overlap: ", "without a claim", within=1000)


def test_claims_that_are_never_given_back_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(self: MemoryClaims, *_: Any, **__: Any) -> None:
        """Keep what is claimed."""

    monkeypatch.setattr(MemoryClaims, "release", nothing)
    assert first_violations("by nobody", within=1000)


def test_a_compensation_that_is_lost_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_undoing(saga: Saga, booking: Booking, why: str, **options: Any) -> Saga:
        turned = turned_back(saga, booking, why, **options)
        return replace(turned, steps=tuple(step for step in turned.steps if step.undoes is None))

    monkeypatch.setattr(sagas, "turned_back", without_undoing)
    assert first_violations("in the calendar without a booking", within=1000)


def test_a_sweep_that_is_missing_is_found_and_the_command_names_the_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def nothing(self: Worker) -> None:
        """Leave open what is open."""

    monkeypatch.setattr(Worker, "settle", nothing)
    assert first_violations("is still open", within=1000)
    done = CliRunner().invoke(app, ["sim", "--seed", "1", "--guests", "20"])
    assert done.exit_code == 1
    assert "seed 1: " in done.stdout
    assert "fermata sim --seed 1 --story" in done.stdout
    told = json.loads(CliRunner().invoke(app, ["sim", "--seed", "1", "--guests", "20", "--json"]).stdout)
    assert told["violations"] == len(told["found"]) > 0
    assert told["rate"] == told["violations"] / told["attempts"]
    assert {it["seed"] for it in told["found"]} == {1}


def but(monkeypatch: pytest.MonkeyPatch, change: Callable[[str, dict[str, Any]], dict[str, Any] | None]) -> None:
    """Have rows of the outbox written as ``change`` makes them of kind and payload; None for not at all."""
    add = MemoryOutbox.add

    async def add_changed(
        self: MemoryOutbox, tenant: TenantId, kind: str, key: str, payload: dict[str, Any], *, due_at: datetime
    ) -> None:
        changed = change(kind, payload)
        if changed is not None:
            await add(self, tenant, kind, key, changed, due_at=due_at)

    monkeypatch.setattr(MemoryOutbox, "add", add_changed)


def test_a_message_that_says_the_wrong_thing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def good_news(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        return {**payload, "notice": "confirmed"} if kind == MESSAGE else payload

    but(monkeypatch, good_news)
    assert first_violations("told confirmed 2 times, which happened 1 times", within=1000)


@pytest.mark.parametrize("notice", ["withdrawn", "not_moved"])
def test_bad_news_without_a_letter_is_found(monkeypatch: pytest.MonkeyPatch, notice: str) -> None:
    def no_letter(kind: str, payload: dict[str, Any]) -> dict[str, Any] | None:
        return None if kind == MAIL and payload["notice"] == notice else payload

    but(monkeypatch, no_letter)
    assert first_violations(f"mail(s) {notice} lost", within=3000)


def test_a_guest_without_an_address_whom_nobody_calls_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    add = MemoryCallbacks.add

    async def no_call(self: MemoryCallbacks, callback: Callback) -> None:
        if callback.reason is not CallbackReason.WITHDRAWN:
            await add(self, callback)

    monkeypatch.setattr(MemoryCallbacks, "add", no_call)
    assert first_violations("nobody calls", within=3000)


def test_an_overlap_of_which_the_guest_hears_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(kind: str, payload: dict[str, Any]) -> dict[str, Any] | None:
        return None if kind == MESSAGE and payload["notice"] == "overlapped" else payload

    but(monkeypatch, silent)
    assert first_violations("came to overlapped, and a guest who waits was never told", within=1000)


def test_a_promise_that_never_runs_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sagas, "overdue", lambda saga: saga.created_at + timedelta(days=9))
    assert first_violations("minutes too late", within=3000)


def test_an_entry_that_staff_have_moved_and_we_cancel_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def remove_what_is_not_where_we_put_it(
        self: OverlapCheck, tenant: Tenant, reference: Reference, *_: Any
    ) -> tuple[()]:
        async with self.database.read() as work:
            booking = await work.bookings.find(tenant.id, reference)
        for it in booking.appointments if booking is not None else ():
            window = Interval(it.starts_at - timedelta(hours=3), it.ends_at + timedelta(hours=3))
            for entry in await self.calendar.list_entries(tenant.id, it.staff, window):
                ours = booking is not None and (entry.reference or "").startswith(f"{booking.hold}:{it.segment}:")
                if ours and entry.uid != it.uid:
                    await self.calendar.cancel_entry(tenant.id, it.staff, entry.uid, "Made twice")
        return ()

    monkeypatch.setattr(OverlapCheck, "check", remove_what_is_not_where_we_put_it)
    assert first_violations("not in the calendar any more, staff had moved it", within=3000)


@pytest.fixture
def closing(monkeypatch: pytest.MonkeyPatch) -> Closing:
    """The end of a short world in which all is well."""
    seen: list[Closing] = []

    def keep(closing: Closing) -> list[str]:
        seen.append(closing)
        return problems_of(closing)

    monkeypatch.setattr(playing, "problems_of", keep)
    assert simulator()(1, 30).violations == ()
    (found,) = seen
    return found


def test_every_broken_promise_would_be_noticed(closing: Closing) -> None:
    first = next(
        it
        for it in closing.confirmed
        if it.attendee.email
        and getattr(closing.told.last.get(it.reference), "plan", None) is not None
        and all(entry.event != "overlapped" for entry in it.history)
    )
    rest = [it for it in closing.bookings if it is not first]
    name, member = first.reference, first.plan.placements[0].staff
    failed = replace(first, status=BookingStatus.FAILED)
    promised = Promise(
        name, SagaKind.BOOK, first.created_at, first.created_at + timedelta(hours=2), first.created_at
    )
    earlier = Entry("foreign", -1, member, first.starts_at, first.ends_at, live=True, reference=None)
    noted = HistoryEntry(first.updated_at, "overlapped", "system", "worker", {"first": "theirs"})
    waiting = HistoryEntry(first.updated_at, "promised", "guest", "chat", {"saga": "s", "change": "move"})
    placement = first.plan.placements[0]
    later = replace(placement, starts_at=placement.starts_at + timedelta(minutes=5))
    elsewhere = replace(first, plan=replace(first.plan, placements=(later, *first.plan.placements[1:])))

    def with_told(**changes: Any) -> Closing:
        return replace(closing, told=replace(closing.told, **changes))

    def with_history(*entries: HistoryEntry) -> Closing:
        return replace(closing, bookings=[*rest, replace(first, history=(*first.history, *entries))])

    def with_call(reason: CallbackReason) -> Closing:
        call = callback_of(first, reason, "saga", now=first.updated_at)
        return replace(closing, callbacks=[*closing.callbacks, call])

    broken = {
        "still pending": replace(closing, bookings=[*rest, replace(first, status=BookingStatus.PENDING)]),
        "never ended": replace(
            closing, holds=[Hold(first.hold, first.tenant, ConversationId("c"), (first.plan,), first.starts_at)]
        ),
        "rows of the outbox": replace(closing, waiting=1),
        "is not in the calendar": replace(closing, mismatches=[(name, "is not in the calendar")]),
        "overlapped and nobody knows": replace(closing, foreign=[*closing.foreign, earlier]),
        "nobody looks into it": with_history(noted),
        "came to overlapped": with_history(noted),
        "nothing came of it": with_history(waiting),
        "confirmed lost": replace(closing, mails=[]),
        "confirmed too many": replace(closing, bookings=rest),
        "told booked, it is failed": replace(closing, bookings=[*rest, failed]),
        "told booked, it is unknown": replace(closing, bookings=rest),
        "told another time": replace(closing, bookings=[*rest, elsewhere]),
        "there is no such booking": with_told(promises=[replace(promised, reference=Reference("NOBODY"))]),
        "never told what came of it": with_told(
            promises=[replace(promised, kind=SagaKind.MOVE, at=first.updated_at + timedelta(days=1))]
        ),
        "and it stands": with_told(promises=[replace(promised, kind=SagaKind.CANCEL)]),
        "that it is lost, and it stands": with_told(lost=[first.hold]),
        "there is no bad news": with_call(CallbackReason.WITHDRAWN),
        "nobody": replace(closing, orphans=["claimed by nobody"]),
    }
    assert problems_of(closing) == []
    for words, worse in broken.items():
        assert any(words in problem for problem in problems_of(worse)), words


def test_what_a_person_knows_is_not_lost_and_what_drags_on_is(closing: Closing) -> None:
    first = closing.confirmed[0]
    missing = replace(closing, mismatches=[(first.reference, "is not in the calendar")])
    refused, slow = (
        callback_of(first, CallbackReason.STUCK, cause, now=first.updated_at) for cause in ("saga:0", "saga")
    )
    assert problems_of(replace(missing, callbacks=[*closing.callbacks, refused])) == []
    assert problems_of(replace(missing, callbacks=[*closing.callbacks, slow])) == ["is not in the calendar"]


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_a_million_attempts_without_a_violation() -> None:
    processes = os.cpu_count() or 1
    attempts, seed = 0, 1000
    while attempts < ENOUGH:
        commands = [
            ["--seed", str(seed + number * WORLDS_EACH), "--seeds", str(WORLDS_EACH)]
            for number in range(processes)
        ]
        seed += processes * WORLDS_EACH
        for report in report_of(*commands):
            assert report["found"] == []
            attempts += report["attempts"]


def test_the_rate_of_nothing_is_zero() -> None:
    assert Report().line().startswith("0 attempts, 0 violations, rate 0 ")
