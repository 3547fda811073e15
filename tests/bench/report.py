"""Results as tables for the eye and as JSON for comparison."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table

from tests.bench.figures import Latency, Ratio
from tests.bench.machine import Machine
from tests.bench.result import BenchResult, Effort, Row, Section

FORMAT = 1
"""Rises when the JSON's shape changes."""


def tables_of(result: BenchResult) -> Iterator[Table]:
    """One table per section; latencies in milliseconds as ``p50 / p95``."""
    for section in result.sections:
        yield _table(section, f"{result.name}: {section.title}")


def _table(section: Section, title: str) -> Table:
    first = section.rows[0]
    table = Table(title=title, title_justify="left", caption=_caption(section), caption_justify="left")
    for label in first.labels:
        table.add_column(label, no_wrap=True)
    for party in first.latencies:
        table.add_column(f"{party} ms", justify="right", no_wrap=True)
    for anchor in first.ratios:
        table.add_column(f"× {anchor}", justify="right", no_wrap=True)
        table.add_column("rounds", justify="right", style="dim", no_wrap=True)
    table.add_column("n", justify="right", style="dim")
    for row in section.rows:
        table.add_row(*_cells(row))
    return table


def _cells(row: Row) -> Iterator[str]:
    for value in row.labels.values():
        yield str(value)
    for latency in row.latencies.values():
        yield f"{_milliseconds(latency.p50)} / {_milliseconds(latency.p95)}"
    for ratio in row.ratios.values():
        yield f"{ratio.p50:.1f} / {ratio.p95:.1f}"
        yield f"{ratio.lowest:.1f} – {ratio.highest:.1f}"
    yield str(next(iter(row.latencies.values())).count)


def _milliseconds(seconds: float) -> str:
    """Three digits are more than the noise allows to tell apart."""
    value = seconds * 1000
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _caption(section: Section) -> str:
    parts = ["p50 / p95"]
    if section.rows[0].ratios:
        parts.append("rounds: the p50 ratio in the best and the worst round")
    parts += [f"aim: {aim:g} × {anchor}" for anchor, aim in section.aims.items()]
    lines = ["; ".join(parts)]
    if section.cpu:
        first = next(iter(section.cpu))
        costs = [f"{party} {_milliseconds(seconds)} ms" for party, seconds in section.cpu.items()]
        times = [
            f"{section.cpu[first] / seconds:.1f} × {party}"
            for party, seconds in section.cpu.items()
            if party != first
        ]
        lines.append(f"processor time per answer: {', '.join([*costs, *times])}")
    return "\n".join(lines)


def json_of(machine: Machine, effort: Effort, results: Sequence[BenchResult]) -> dict[str, Any]:
    """Everything measured; latencies in milliseconds."""
    return {
        "format": FORMAT,
        "machine": asdict(machine),
        "effort": asdict(effort),
        "benches": {result.name: [_section(section) for section in result.sections] for result in results},
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "facts": dict(section.facts),
        "aims": dict(section.aims),
        "cpu_ms": {party: round(seconds * 1000, 3) for party, seconds in section.cpu.items()},
        "rows": [
            {
                "labels": dict(row.labels),
                "latencies": {party: _latency(latency) for party, latency in row.latencies.items()},
                "ratios": {anchor: _ratio(ratio) for anchor, ratio in row.ratios.items()},
            }
            for row in section.rows
        ],
    }


def _latency(latency: Latency) -> dict[str, float]:
    return {
        "count": latency.count,
        "p50_ms": round(latency.p50 * 1000, 3),
        "p95_ms": round(latency.p95 * 1000, 3),
    }


def _ratio(ratio: Ratio) -> dict[str, float]:
    return {name: round(value, 3) for name, value in asdict(ratio).items()}


def write_json(path: Path, machine: Machine, effort: Effort, results: Sequence[BenchResult]) -> None:
    """Write the figures; the folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(json_of(machine, effort, results), indent=2) + "\n", encoding="utf-8")
