"""The crash matrix: whatever process dies wherever, and whichever answer gets lost, the books balance in the end.

The cells make themselves: a rehearsal counts the calls and commits of a scenario, and every one of them is a place to die at, before
and after it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from booking_core.services import saga as runner
from booking_core.services.saga_steps import turned_back
from tests.crashes.doubles import COMMIT, Kill, Lose, Moment, Silence
from tests.crashes.ledger import problems_of
from tests.crashes.mortal import Mortals, mortals, without_undo
from tests.crashes.salon import real_mail
from tests.crashes.scenarios import LEFT, MORE, SCENARIOS, Scenario
from tests.crashes.stage import open_stage


@pytest.fixture(scope="module")
def mother() -> Iterator[Mortals]:
    """The process from which those who die are forked."""
    with mortals() as process:
        yield process


@pytest.mark.parametrize("scenario", (*SCENARIOS, *LEFT[:2]), ids=lambda scenario: scenario.name)
async def test_the_books_balance_wherever_a_process_dies(
    scenario: Scenario, sqlite_url: str, tmp_path: Path, mother: Mortals
) -> None:
    """Every answer is lost once, in one way and in the other by turns."""
    async with open_stage(tmp_path, sqlite_url, mother) as stage:
        names, books = await stage.rehearse(scenario)
        assert problems_of(books) == []
        ways = itertools.cycle(Silence)
        played = await stage.play(scenario, [*kills(names), *(Lose(call, next(ways)) for call in calls(names))])
    assert {str(mishap): problems for mishap, problems in played.items() if problems} == {}, names
    assert stage.survivors <= len(names) // 10


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("scenario", (*SCENARIOS, *MORE, *LEFT), ids=lambda scenario: scenario.name)
async def test_the_books_balance_on_either_database(
    scenario: Scenario, database_url: str, tmp_path: Path, mother: Mortals
) -> None:
    """The long form: with real mails, and every answer lost in either way."""
    async with open_stage(tmp_path, database_url, mother, compose_mail=real_mail) as stage:
        names, books = await stage.rehearse(scenario)
        assert problems_of(books) == []
        lost = [Lose(call, silence) for call in calls(names) for silence in Silence]
        played = await stage.play(scenario, [*kills(names), *lost])
    assert {str(mishap): problems for mishap, problems in played.items() if problems} == {}, names
    assert stage.survivors <= len(names) // 10


async def test_every_step_in_the_calendar_is_a_place_to_die_at(
    sqlite_url: str, tmp_path: Path, mother: Mortals
) -> None:
    """The rehearsal sees each step of the journal, and a commit between one stage and the next."""
    scenario = next(it for it in SCENARIOS if it.name.startswith("move later"))
    async with open_stage(tmp_path, sqlite_url, mother) as stage:
        names, books = await stage.rehearse(scenario)
    [booking] = books.bookings
    assert booking.sequence == 1
    assert names[:7] == [COMMIT, COMMIT, "move_entry", COMMIT, "move_entry", COMMIT, "move_entry"]


async def test_a_guard_that_refuses_nothing_is_found(sqlite_url: str, tmp_path: Path, mother: Mortals) -> None:
    """Negative control: claims that prove nothing."""
    async with open_stage(tmp_path, sqlite_url, mother, unguarded=True) as stage:
        played = await stage.play(SCENARIOS[0], [Lose(3, Silence.BROKEN_OFF)])
    assert any("claims differ" in problem for problems in played.values() for problem in problems), played


async def test_a_lost_compensation_is_found(
    sqlite_url: str, tmp_path: Path, mother: Mortals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the calendar refuses a segment, and nobody takes the others back."""
    scenario = next(it for it in SCENARIOS if it.name == "book, refused")
    monkeypatch.setattr(runner, "turned_back", without_undo(turned_back))
    async with open_stage(tmp_path, sqlite_url, mother, forgetful=True) as stage:
        played = await stage.play(scenario, [Kill(number, Moment.AFTER) for number in range(3, 7)])
    assert any("the calendar differs" in problem for problems in played.values() for problem in problems), played


async def test_a_missing_sweep_is_found(sqlite_url: str, tmp_path: Path, mother: Mortals) -> None:
    """Negative control: the worker sends mails and settles nothing."""
    async with open_stage(tmp_path, sqlite_url, mother, without_settling=True) as stage:
        played = await stage.play(SCENARIOS[0], [Kill(3, Moment.AFTER)])
    assert any("sagas are left open" in problem for problems in played.values() for problem in problems), played


def kills(names: Sequence[str]) -> list[Kill]:
    """To die before and after each of these crossings."""
    return [Kill(number, moment) for number in range(1, len(names) + 1) for moment in Moment]


def calls(names: Sequence[str]) -> list[int]:
    """The numbers of the crossings that are calls of the calendar."""
    return [number for number, name in enumerate(names, start=1) if name != COMMIT]
