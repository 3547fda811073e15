"""Utterances from guests' mouths against everything they mean, exactly: what is not expected must not be found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.understanding.meaning import Meaning

_CORPUS = Path("tests/corpus/meaning")
_PLAIN = ("name", "email", "phone", "bad_email", "bad_phone", "reference", "ordinal", "language")


def _rows(language: str) -> list[dict[str, Any]]:
    rows = yaml.safe_load((_CORPUS / f"{language}.yaml").read_text(encoding="utf-8"))
    assert isinstance(rows, list)
    return rows


def _told(row: dict[str, Any]) -> str:
    return f"{row['text']} [{row.get('asked', 'anything')}]"


def _found(meaning: Meaning) -> dict[str, Any]:
    """A meaning in the words of the corpus, empty parts left out."""
    staff = "anyone" if meaning.staff.anyone else meaning.staff.staff
    first = meaning.when.first
    parts: dict[str, Any] = {
        "intents": sorted(meaning.intents),
        "topics": list(meaning.topics),
        "services": list(meaning.service.candidates),
        "unknown_service": meaning.service.unknown,
        "staff": staff,
        "unknown_staff": meaning.staff.unknown,
        "not_staff": meaning.staff.excluded,
        "when": None if first is None else first.start.strftime("%Y-%m-%dT%H:%M") if first.start else "open",
        **{part: getattr(meaning, part) for part in _PLAIN},
    }
    return {name: value for name, value in parts.items() if value}


def _expected(row: dict[str, Any]) -> dict[str, Any]:
    parts = {name: value for name, value in row.items() if name not in {"text", "asked", "offered"}}
    if "intents" in parts:
        parts["intents"] = sorted(parts["intents"])
    return parts


@pytest.mark.parametrize("row", _rows("german"), ids=_told)
def test_german_is_understood(row: dict[str, Any], understand: Callable[..., Meaning]) -> None:
    meaning = understand(row["text"], row.get("asked", "anything"), row.get("offered", 0), language="de")
    assert _found(meaning) == _expected(row)


@pytest.mark.parametrize("row", _rows("english"), ids=_told)
def test_english_is_understood(row: dict[str, Any], understand: Callable[..., Meaning]) -> None:
    meaning = understand(row["text"], row.get("asked", "anything"), row.get("offered", 0), language="en")
    assert _found(meaning) == _expected(row)


@pytest.mark.parametrize("language", ["german", "english"])
def test_no_utterance_stands_twice(language: str) -> None:
    told = [_told(row) for row in _rows(language)]
    assert len(told) == len(set(told))
