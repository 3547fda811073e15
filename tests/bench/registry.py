"""The benchmarks there are; a new one is a module with a ``Bench`` and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.bench.planner import PlannerBench
from tests.bench.result import Bench
from tests.bench.turn import TurnBench

BENCHES: Final[Mapping[str, Bench]] = {bench.name: bench for bench in (TurnBench(), PlannerBench())}
