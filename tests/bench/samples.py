"""Latencies of several parties in the same rounds, with the processor time they took, and the rows made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import aiohttp

from tests.bench.figures import latency_of, ratios_to
from tests.bench.result import Row
from tests.bench.servers import Server

PRODUCT: Final = "product"
ALL: Final = "all"


class WrongAnswer(Exception):
    """A server answered something else than what was to be measured."""


@dataclass(slots=True)
class Samples:
    """Latencies in seconds by kind of turn, one list per round; ``cpu`` is the server's processor time for all of them."""

    by_kind: dict[str, list[list[float]]] = field(default_factory=dict)
    cpu: float | None = 0.0
    _round: int = -1

    def begin_round(self) -> None:
        """What is added from now on belongs to the next round."""
        self._round += 1

    def add(self, kind: str, seconds: float) -> None:
        """Keep one latency, also under the name of all kinds."""
        for name in (ALL, kind):
            rounds = self.by_kind.setdefault(name, [])
            while len(rounds) <= self._round:
                rounds.append([])
            rounds[self._round].append(seconds)

    @contextmanager
    def accounting(self, server: Server) -> Iterator[None]:
        """Count the server's processor time inside the block."""
        before = server.cpu_seconds()
        yield
        after = server.cpu_seconds()
        if self.cpu is None or before is None or after is None:
            self.cpu = None
        else:
            self.cpu += after - before

    @property
    def cpu_per_answer(self) -> float | None:
        """Processor time in seconds for one answer."""
        return self.cpu / sum(map(len, self.by_kind[ALL])) if self.cpu else None


def client() -> aiohttp.ClientSession:
    """A client that never waits for a connection of its own."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=60))


def rows_of(samples: Mapping[str, Samples], label: str) -> Iterator[Row]:
    """One row for each kind that the product has answered, under this label."""
    for kind, rounds in samples[PRODUCT].by_kind.items():
        by_party = {name: each.by_kind[kind] for name, each in samples.items()}
        latencies = {name: latency_of(each) for name, each in by_party.items()}
        anchors = {name: each for name, each in by_party.items() if name != PRODUCT}
        yield Row({label: kind}, latencies, ratios_to(rounds, anchors))


def cpu_of(samples: Mapping[str, Samples]) -> dict[str, float]:
    """Processor time of each party in seconds per answer, where the system tells it."""
    return {name: cost for name, each in samples.items() if (cost := each.cpu_per_answer) is not None}
