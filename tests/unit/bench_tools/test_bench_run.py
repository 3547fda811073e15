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


@pytest.mark.parametrize("arguments", [("nothing",), ("turn", "--rounds", "0")])
def test_a_wrong_command_is_told_before_anything_is_started(arguments: tuple[str, ...]) -> None:
    finished = bench(*arguments)
    assert finished.returncode == 2
    assert "error:" in finished.stderr
