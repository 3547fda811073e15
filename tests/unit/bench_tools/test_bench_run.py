"""The benchmark runs against the real product and leaves its figures; how fast anything was is never asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.bench", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_tiny_run_measures_every_kind_of_turn_beside_both_anchors(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    finished = bench("turn", "--rounds", "1", "--repeats", "1", "--crowd", "2", "--json", str(path))
    assert finished.returncode == 0, finished.stderr
    content = json.loads(path.read_text(encoding="utf-8"))
    alone, crowd, booking = content["benches"]["turn"]
    kinds = ["all", "greeting", "wish", "hold", "detail", "question", "decline"]
    for section, conversations in ((alone, 1), (crowd, 2)):
        assert section["facts"] == {"conversations": conversations}
        assert section["aims"] == {"floor": 3.0}
        assert set(section["cpu_ms"]) <= {"product", "echo", "floor"}
        assert [row["labels"]["turn"] for row in section["rows"]] == kinds
        for row in section["rows"]:
            assert set(row["latencies"]) == {"product", "echo", "floor"}
            assert set(row["ratios"]) == {"echo", "floor"}
            assert len({latency["count"] for latency in row["latencies"].values()}) == 1
        everything, *each = (row["latencies"]["product"]["count"] for row in section["rows"])
        assert everything == sum(each) == 7 * conversations
    assert [row["labels"]["turn"] for row in booking["rows"]] == ["wish with all details", "yes"]
    assert "turn: one conversation at a time" in finished.stdout


def test_a_tiny_run_measures_availability_beside_the_calendar_and_both_anchors(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    finished = bench("availability", "--rounds", "1", "--repeats", "1", "--json", str(path))
    assert finished.returncode == 0, finished.stderr
    sections = json.loads(path.read_text(encoding="utf-8"))["benches"]["availability"]
    assert [section["title"] for section in sections] == ["each question new", "the same asked again"]
    for section in sections:
        assert section["aims"] == {"floor": 2.0, "calendar": 0.1}
        assert [row["labels"]["asked"] for row in section["rows"]][:3] == [
            "all",
            "mens-cut, 1 day",
            "mens-cut, 7 days",
        ]
        assert len(section["rows"]) == 7
        for row in section["rows"]:
            assert set(row["latencies"]) == {"product", "calendar", "echo", "floor"}
            assert set(row["ratios"]) == {"calendar", "echo", "floor"}


@pytest.mark.parametrize("arguments", [("nothing",), ("turn", "--rounds", "0")])
def test_a_wrong_command_is_told_before_anything_is_started(arguments: tuple[str, ...]) -> None:
    finished = bench(*arguments)
    assert finished.returncode == 2
    assert "error:" in finished.stderr


def test_a_tiny_run_compares_the_time_engine_with_other_readers_and_finds_it_right(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    finished = bench("when", "--rounds", "1", "--repeats", "1", "--json", str(path))
    assert finished.returncode == 0, finished.stderr
    (section,) = json.loads(path.read_text(encoding="utf-8"))["benches"]["when"]
    labels = [row["labels"] for row in section["rows"]]
    assert {(label["language"], label["party"]) for label in labels} >= {
        (language, party) for language in ("de", "en") for party in ("engine", "dateparser")
    }
    ours = [label for label in labels if label["party"] == "engine"]
    others = [label for label in labels if label["party"] == "dateparser"]
    assert {(label["right start"], label["silent"]) for label in ours} == {("100%", "100%")}
    assert all(label["right start"] != "100%" for label in others)
    assert all(set(row["ratios"]) == {"engine"} for row in section["rows"])
    if not section["facts"]:
        assert any(label["party"] == "Duckling" for label in labels)
    else:
        assert "Duckling is not installed" in finished.stdout
