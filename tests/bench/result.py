"""What every benchmark takes and gives; how it measures is its own affair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tests.bench.figures import Latency, Ratio


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: in each of ``rounds`` every party runs ``repeats`` times alone and once as a ``crowd``."""

    rounds: int = 10
    repeats: int = 10
    crowd: int = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what was done (``labels``), how long each party took, and the first party's ratio to the others."""

    labels: Mapping[str, str | int]
    latencies: Mapping[str, Latency]
    ratios: Mapping[str, Ratio] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """A table: rows with the same labels and parties; ``facts`` hold for all rows, ``aims`` are the ratios wished for.

    ``cpu`` is the processor time of each party in seconds per answer, empty where the system does not tell it.
    """

    title: str
    rows: tuple[Row, ...]
    facts: Mapping[str, str | int] = field(default_factory=dict)
    aims: Mapping[str, float] = field(default_factory=dict)
    cpu: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BenchResult:
    """All figures of one benchmark."""

    name: str
    sections: tuple[Section, ...]


class Bench(Protocol):
    """One benchmark; ``name`` is what it is called on the command line."""

    @property
    def name(self) -> str: ...

    async def run(self, effort: Effort) -> BenchResult:
        """Measure; starts what it needs and ends it again."""
        ...
