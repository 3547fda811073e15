"""The benchmarks there are; a new one is a module with a ``Bench`` and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.bench.availability import AvailabilityBench
from tests.bench.planner import PlannerBench
from tests.bench.result import Bench
from tests.bench.turn import TurnBench
from tests.bench.when import WhenBench

BENCHES: Final[Mapping[str, Bench]] = {
    bench.name: bench for bench in (TurnBench(), AvailabilityBench(), PlannerBench(), WhenBench())
}
