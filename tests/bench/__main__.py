"""``python -m tests.bench [NAME …]``: run benchmarks, print their tables, keep the figures as JSON."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from tests.bench.machine import describe_machine
from tests.bench.registry import BENCHES
from tests.bench.report import tables_of, write_json
from tests.bench.result import Effort

DEFAULT_JSON = Path("var") / "bench.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named benchmarks, by default all; 0 unless one of them could not be run."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(BENCHES)} (default: all)")
    parser.add_argument("--json", type=Path, default=DEFAULT_JSON, metavar="PATH", help="where the figures go")
    usual = Effort()
    parser.add_argument("--rounds", type=_count, default=usual.rounds, help="times that all parties take turns")
    parser.add_argument("--repeats", type=_count, default=usual.repeats, help="runs of one party in one round")
    parser.add_argument("--crowd", type=_count, default=usual.crowd, help="how many do it at the same time")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(BENCHES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are: {', '.join(BENCHES)}")
    effort = replace(usual, rounds=options.rounds, repeats=options.repeats, crowd=options.crowd)
    machine = describe_machine()
    # Without a terminal there is no width to respect: a log must not lose columns.
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(f"{machine.processor}, {machine.cores} cores, {machine.system}, Python {machine.python}")
    results = []
    for name in options.names or BENCHES:
        result = asyncio.run(BENCHES[name].run(effort))
        results.append(result)
        for table in tables_of(result):
            console.print(table)
    write_json(options.json, machine, effort, results)
    console.print(f"Figures: {options.json}. How to read them: docs/benchmarks.md")
    return 0


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
