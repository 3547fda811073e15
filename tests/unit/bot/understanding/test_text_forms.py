"""Cleaning, folding and the pattern notation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.text import LONGEST, clauses_of, clean, fold, lower, pattern, words_of


@given(st.text(max_size=4_500))
def test_cleaning_is_bounded_and_stable(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= LONGEST
    assert clean(cleaned) == cleaned
    assert len(lower(cleaned)) == len(cleaned)


@given(st.text(max_size=200))
def test_words_stand_where_they_say(text: str) -> None:
    cleaned = clean(text)
    assert all(cleaned[word.start : word.end] == word.text for word in words_of(cleaned))


@pytest.mark.parametrize(
    ("word", "folded"),
    [("Färben", "faerben"), ("Straße", "strasse"), ("O'Brien", "obrien"), ("José", "jose"), ("men's", "mens")],
)
def test_folding(word: str, folded: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize("text", ["möchte ich", "moechte  ich", "mochte, ich"])
def test_one_row_covers_the_spellings(text: str) -> None:
    assert pattern("möchte ich").search(text)


def test_a_row_matches_whole_words_within_a_sentence() -> None:
    assert not pattern("ja").search("jahr")
    assert pattern("kann ich…kommen").search("kann ich morgen früh kommen")
    assert not pattern("kann ich…kommen").search("kann ich. morgen kommen")


def test_clauses_end_at_marks_but_not_inside_numbers() -> None:
    clauses = clauses_of("ja, um 14:30 am 3.12. aber was kostet das?")
    assert [clause.text for clause in clauses] == ["ja", "um 14:30 am 3.12", "was kostet das"]
    assert [clause.asks for clause in clauses] == [False, False, True]
