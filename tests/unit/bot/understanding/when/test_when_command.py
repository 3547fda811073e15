"""The pure half of the command: explanations for people, one JSON line for one JSON line."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from bot.understanding.when.command import BadLine, answer_jsonl, explain

NOW = datetime(2026, 6, 11, 9)  # noqa: DTZ001 - naive local time is the contract of the command


def answer(**asked: object) -> dict[str, object]:
    got = json.loads(answer_jsonl(json.dumps({"id": 7, "lang": "de", "now": "2026-06-11T09:00", **asked})))
    assert isinstance(got, dict)
    assert got.pop("us", 0) >= 0
    return got


def test_an_instant_has_a_start_only() -> None:
    assert answer(text="morgen um drei") == {
        "id": 7,
        "start": "2026-06-12T15:00:00",
        "end": None,
        "grain": "hour",
        "kind": "instant",
    }


def test_an_interval_has_both_ends_and_the_end_is_exclusive() -> None:
    got = answer(text="nächste Woche")
    assert (got["start"], got["end"], got["grain"]) == ("2026-06-15T00:00:00", "2026-06-22T00:00:00", "week")


def test_open_ends_are_null() -> None:
    assert answer(text="ab 17 Uhr")["kind"] == "open_end"
    assert answer(text="vor elf") == {
        "id": 7,
        "start": None,
        "end": "2026-06-11T11:00:00",
        "grain": "hour",
        "kind": "open_start",
    }


def test_nothing_understood_is_an_answer() -> None:
    assert answer(text="Was kostet das?") == {"id": 7, "start": None, "end": None, "grain": None, "kind": "none"}


def test_a_wish_that_repeats_says_so() -> None:
    assert answer(text="jeden zweiten Freitag")["repeats"] is True
    assert "repeats" not in answer(text="am Freitag")


def test_an_ambiguity_gives_all_its_readings_the_nearest_first() -> None:
    got = answer(text="nächsten Freitag")
    assert got["ambiguous"] is True
    assert got["start"] == "2026-06-12T00:00:00"
    assert got["alts"] == [
        ["2026-06-12T00:00:00", "2026-06-13T00:00:00"],
        ["2026-06-19T00:00:00", "2026-06-20T00:00:00"],
    ]


def test_alternatives_keep_the_order_said_and_are_not_ambiguous() -> None:
    got = answer(text="Mittwoch oder Dienstag")
    assert "ambiguous" not in got
    assert [pair[0] for pair in got["alts"]] == ["2026-06-17T00:00:00", "2026-06-16T00:00:00"]  # type: ignore[attr-defined]


def test_numeric_dates_follow_the_locale() -> None:
    assert answer(text="3/10", lang="en", locale="en_US")["start"] == "2027-03-10T00:00:00"
    assert answer(text="3/10", lang="en", locale="en_GB")["start"] == "2026-10-03T00:00:00"


def test_the_zone_of_the_line_comes_first() -> None:
    dark = {"lang": "en", "now": "2027-03-27T18:00", "text": "tomorrow at 02:30"}
    assert json.loads(answer_jsonl(json.dumps({"id": 1, **dark})))["start"] == "2027-03-28T03:30:00"
    assert json.loads(answer_jsonl(json.dumps({"id": 1, **dark}), "UTC"))["start"] == "2027-03-28T02:30:00"
    assert (
        json.loads(answer_jsonl(json.dumps({"id": 1, "zone": "Asia/Tokyo", **dark}), "Europe/Berlin"))["start"]
        == "2027-03-28T02:30:00"
    )


@pytest.mark.parametrize(
    ("line", "part", "identity"),
    [
        ("{", "not JSON", None),
        ("[]", "object", None),
        ('{"id": 3, "now": "2026-06-11T09:00"}', "`text`", 3),
        ('{"id": 3, "now": "yesterday", "text": "x"}', "`now`", 3),
        ('{"id": 3, "text": "x"}', "`now`", 3),
        ('{"id": 3, "now": "2026-06-11T09:00", "text": "x", "zone": "Mars/Base"}', "unknown zone", 3),
        ('{"id": 3, "now": "2026-06-11T09:00", "text": "x", "lang": "fr"}', "unknown lang", 3),
        ('{"id": 3, "now": "2026-06-11T09:00", "text": "x", "locale": "de"}', "unknown locale", 3),
    ],
)
def test_a_bad_line_is_a_clear_error_with_the_id_if_known(line: str, part: str, identity: int | None) -> None:
    got = json.loads(answer_jsonl(line))
    assert got["id"] == identity
    assert part in got["error"]


def test_an_explanation_shows_span_rule_and_certainty() -> None:
    said = explain("Montag in einer Woche um Viertel nach zehn", "de", NOW, "Europe/Berlin")
    assert "Mon 2026-06-22 10:15" in said
    assert '0..42: "Montag in einer Woche um Viertel nach zehn"' in said
    assert "de.quarter.past" in said
    assert "certainty 1.00" in said


def test_an_explanation_tells_ambiguity_alternatives_and_silence() -> None:
    assert "ambiguous" in explain("nächsten Freitag", "de", NOW, "Europe/Berlin")
    assert "alternatives" in explain("Tuesday or Wednesday", "en", NOW, "Europe/London", "en_GB")
    assert "No time understood." in explain("Was kostet das?", None, NOW, "Europe/Berlin")
    assert "past" in explain("gestern", "de", NOW, "Europe/Berlin")


def test_an_explanation_refuses_an_unknown_zone() -> None:
    with pytest.raises(BadLine, match="unknown zone"):
        explain("morgen", "de", NOW, "Nowhere")
