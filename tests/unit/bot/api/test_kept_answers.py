"""A kept answer is told again only to the same question, in the same state, within seconds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.api.kept_answers import KEPT, KeptAnswers
from tests.support.examples import NOW


@pytest.fixture
def kept() -> KeptAnswers:
    """One answer, made now in state 1."""
    answers = KeptAnswers()
    answers.keep("q", 1, NOW, b"answer")
    return answers


def test_the_same_question_in_the_same_state_gets_the_same_bytes(kept: KeptAnswers) -> None:
    assert kept.find("q", 1, NOW) == b"answer"
    assert kept.find("q", 1, NOW + KEPT - timedelta(seconds=1)) == b"answer"


@pytest.mark.parametrize(
    ("question", "state", "later"),
    [("other", 1, timedelta(0)), ("q", 2, timedelta(0)), ("q", 1, KEPT), ("q", 1, timedelta(seconds=-1))],
)
def test_anything_else_is_worked_out_anew(kept: KeptAnswers, question: str, state: int, later: timedelta) -> None:
    assert kept.find(question, state, NOW + later) is None


def test_a_newer_answer_takes_the_place_of_an_older_one(kept: KeptAnswers) -> None:
    kept.keep("q", 2, NOW, b"newer")
    assert kept.find("q", 1, NOW) is None
    assert kept.find("q", 2, NOW) == b"newer"


def test_memory_is_bounded_in_number_and_length(kept: KeptAnswers) -> None:
    kept.keep("long", 1, NOW, bytes(300 * 1024))
    assert kept.find("long", 1, NOW) is None
    for number in range(127):
        kept.keep(number, 1, NOW, b"")
    assert kept.find("q", 1, NOW) == b"answer"
    kept.keep("one more", 1, NOW, b"")
    assert kept.find("q", 1, NOW) is None
    assert kept.find(0, 1, NOW) == b""
