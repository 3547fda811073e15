"""Hostile and very long texts: time grows with the length, never faster. Ratios of the same run only."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.understanding.when import understand_when

NOW = datetime(2026, 6, 11, 9, tzinfo=ZoneInfo("Europe/Berlin"))
HOSTILE = (
    "montag ", "ab 17 uhr ", "tomorrow at 3 ", "zehn nach ", "12:30-", "1 ", "1.", ",", "a", "a@", "0", "3.10.", "next ", "oder ",
    "um neun, ach nein, ", "1/", "+49 1", "viertel ", "äöü", "\u0307", "the the ", "nicht montag ", "now ", "2026 ",
    "ich aber ", "statt um neun, geht zehn ", "donertsag ", "kann ich ab vier und dienstag ",
)  # fmt: skip


def seconds(text: str, language: str) -> float:
    """The best of four, so that a pause of the machine does not count."""
    best = float("inf")
    for _ in range(4):
        begun = time.perf_counter()
        understand_when(text, now=NOW, zone=ZoneInfo("Europe/Berlin"), language=language)
        best = min(best, time.perf_counter() - begun)
    return best


@pytest.mark.parametrize(("piece", "language"), [(p, ("de", "en")[k % 2]) for k, p in enumerate(HOSTILE)])
def test_time_is_linear_in_the_length(piece: str, language: str) -> None:
    long, longer = (piece * (n // len(piece) + 1) for n in (10_000, 100_000))
    assert seconds(longer[:100_000], language) <= 15 * seconds(long[:10_000], language) + 0.02


@pytest.mark.parametrize("piece", HOSTILE[::3])
def test_time_does_not_explode_below_the_limit_either(piece: str) -> None:
    short, long = (piece * (n // len(piece) + 1) for n in (2_000, 16_000))
    assert seconds(long[:16_000], "de") <= 8 * 3 * seconds(short[:2_000], "de") + 0.02


def test_a_time_in_a_long_message_is_found() -> None:
    text = "Ich erzähle erst einmal etwas ganz anderes. " * 60 + "Aber am Freitag um halb drei hätte ich Zeit."
    (r,) = understand_when(text, now=NOW, zone=ZoneInfo("Europe/Berlin"), language="de").readings
    assert r.start == datetime(2026, 6, 12, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert text[slice(*r.span)] == "am Freitag um halb drei"[3:]
