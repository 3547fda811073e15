"""The simulator itself: it balances, it is the same every time, and it notices what is broken."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from booking_core.errors import SlotTaken
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import ConversationId
from booking_core.model.saga import Saga
from booking_core.model.slot import Hold
from booking_core.ports.calendar import Entry
from booking_core.services import saga as sagas
from bot.cli import app
from bot.logs import configure_logging
from bot.simulation import play as playing
from bot.simulation.closing import Closing, problems_of
from bot.simulation.report import Report
from bot.simulation.words import Told
from bot.wiring.simulation import simulator
from bot.worker import Worker
from integrations.memory.stores.claims import MemoryClaims

FERMATA = [sys.executable, "-c", "from bot.cli import main; main()"]
WORLDS_EACH = 12
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


def first_violations(*, within: int) -> tuple[str, ...]:
    """What the first world with a violation tells; nothing where so many attempts show none."""
    play = simulator()
    attempts, seed = 0, 1
    while True:
        played = play(seed, 60)
        attempts += played.attempts
        if attempts > within:
            return ()
        if played.violations:
            return played.violations
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
    for words in ("process-1  dies", "holds", "booked", "cancelled", "staff      enters", "calendar   fair"):
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
    found = first_violations(within=1000)
    assert any("overlap" in it or "without a claim" in it for it in found), found


def test_a_compensation_that_is_lost_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    turned_back = sagas.turned_back

    def without_undoing(saga: Saga, booking: Booking, why: str) -> Saga:
        turned = turned_back(saga, booking, why)
        return replace(turned, steps=tuple(step for step in turned.steps if step.undoes is None))

    monkeypatch.setattr(sagas, "turned_back", without_undoing)
    found = first_violations(within=1000)
    assert any("in the calendar" in it for it in found), found


def test_a_sweep_that_is_missing_is_found_and_the_command_names_the_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def nothing(self: Worker) -> None:
        """Leave open what is open."""

    monkeypatch.setattr(Worker, "settle", nothing)
    assert any("is still open" in it for it in first_violations(within=1000))
    done = CliRunner().invoke(app, ["sim", "--seed", "1", "--guests", "20"])
    assert done.exit_code == 1
    assert "seed 1: " in done.stdout
    assert "fermata sim --seed 1 --story" in done.stdout
    told = json.loads(CliRunner().invoke(app, ["sim", "--seed", "1", "--guests", "20", "--json"]).stdout)
    assert told["violations"] == len(told["found"]) > 0
    assert told["rate"] == told["violations"] / told["attempts"]
    assert {it["seed"] for it in told["found"]} == {1}


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
        it for it in closing.confirmed if it.attendee.email and closing.told.last[it.reference].plan is not None
    )
    rest = [it for it in closing.bookings if it is not first]
    placement = first.plan.placements[0]
    later = replace(placement, starts_at=placement.starts_at + timedelta(minutes=5))
    elsewhere = replace(first, plan=replace(first.plan, placements=(later, *first.plan.placements[1:])))
    nowhere = replace(first, appointments=(replace(first.appointments[0], uid="gone"), *first.appointments[1:]))
    earlier = Entry("foreign", -1, placement.staff, first.starts_at, first.ends_at, live=True, reference=None)
    promised = Told(promised={first.reference: None})
    broken = {
        "still pending": replace(closing, bookings=[*rest, replace(first, status=BookingStatus.PENDING)]),
        "never ended": replace(
            closing, holds=[Hold(first.hold, first.tenant, ConversationId("c"), (first.plan,), first.starts_at)]
        ),
        "rows of the outbox": replace(closing, waiting=1),
        "is not in the calendar": replace(closing, bookings=[*rest, nowhere]),
        "elsewhere in the calendar": replace(closing, bookings=[*rest, elsewhere]),
        "stands in the calendar without": replace(closing, bookings=rest),
        "overlapped and nobody knows": replace(closing, entries=[*closing.entries, earlier]),
        "confirmed lost": replace(closing, mails=[]),
        "confirmed too many": replace(closing, bookings=rest),
        "told booked, it is failed": replace(
            closing, bookings=[*rest, replace(first, status=BookingStatus.FAILED)]
        ),
        "told booked, it is unknown": replace(closing, bookings=rest),
        "told another time": replace(closing, bookings=[*rest, elsewhere]),
        "never told what came of it": replace(closing, told=promised),
        "that it is lost, and it stands": replace(closing, told=Told(lost=[first.hold])),
        "nobody": replace(closing, orphans=["claimed by nobody"]),
    }
    for words, worse in broken.items():
        assert any(words in problem for problem in problems_of(worse)), words


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
