"""The benchmark's tables and JSON say what was measured."""

from __future__ import annotations

import io
import json
from pathlib import Path

from rich.console import Console

from tests.bench.figures import Latency, Ratio
from tests.bench.machine import Machine, describe_machine
from tests.bench.report import json_of, tables_of, write_json
from tests.bench.result import BenchResult, Effort, Row, Section

MACHINE = Machine("2026-03-24T09:15:00+00:00", "Some CPU", 2, "Linux x86_64", "3.11.7", 0.1)
ROW = Row(
    {"turn": "greeting"},
    {"product": Latency(80, 0.0061234, 0.0125), "floor": Latency(80, 0.0024, 0.2)},
    {"floor": Ratio(2.5514, 5.0, 2.0, 3.0)},
)
RESULT = BenchResult(
    "turn", (Section("alone", (ROW,), {"conversations": 1}, {"floor": 3.0}, {"product": 0.006, "floor": 0.0015}),)
)


def shown(result: BenchResult) -> str:
    console = Console(width=120, file=io.StringIO(), record=True)
    for table in tables_of(result):
        console.print(table)
    # A narrow table breaks its caption into lines.
    return " ".join(console.export_text().split())


def test_a_table_shows_milliseconds_ratios_and_the_aim() -> None:
    text = shown(RESULT)
    for part in (
        "turn: alone",
        "6.12 / 12.5",
        "2.40 / 200",
        "2.6 / 5.0",
        "2.0 – 3.0",
        "80",
        "aim: 3 × floor",
        "product 6.00 ms, floor 1.50 ms, 4.0 × floor",
    ):
        assert part in text


def test_a_table_without_anchors_has_no_ratios() -> None:
    row = Row({"turn": "yes"}, {"product": Latency(3, 0.05, 0.06)})
    text = shown(BenchResult("turn", (Section("booking", (row,)),)))
    assert "50.0 / 60.0" in text
    assert "×" not in text
    assert "aim" not in text
    assert "processor time" not in text


def test_the_json_holds_every_figure_in_milliseconds() -> None:
    content = json_of(MACHINE, Effort(2, 3, 4), [RESULT])
    assert content["machine"]["cores"] == 2
    assert content["effort"] == {"rounds": 2, "repeats": 3, "crowd": 4}
    assert content["benches"]["turn"] == [
        {
            "title": "alone",
            "facts": {"conversations": 1},
            "aims": {"floor": 3.0},
            "cpu_ms": {"product": 6.0, "floor": 1.5},
            "rows": [
                {
                    "labels": {"turn": "greeting"},
                    "latencies": {
                        "product": {"count": 80, "p50_ms": 6.123, "p95_ms": 12.5},
                        "floor": {"count": 80, "p50_ms": 2.4, "p95_ms": 200.0},
                    },
                    "ratios": {"floor": {"p50": 2.551, "p95": 5.0, "lowest": 2.0, "highest": 3.0}},
                }
            ],
        }
    ]


def test_the_file_is_json_in_a_folder_made_for_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "bench.json"
    write_json(path, MACHINE, Effort(), [RESULT])
    assert json.loads(path.read_text(encoding="utf-8"))["benches"].keys() == {"turn"}


def test_the_machine_is_described() -> None:
    machine = describe_machine()
    assert machine.cores >= 1
    assert machine.processor
    assert machine.load >= 0
