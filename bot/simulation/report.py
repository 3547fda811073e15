"""What is told of simulated worlds, to people and to programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.simulation.play import Played

_TOLD: Final = ("confirmed", "withdrawn", "failed", "moved", "not_moved", "cancelled", "overlapped")


@dataclass(slots=True)
class Report:
    """The sum of all worlds so far. ``rate`` is violations by attempt."""

    worlds: int = 0
    attempts: int = 0
    deaths: int = 0
    found: list[tuple[int, str]] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    def add(self, played: Played) -> None:
        """Count one more world."""
        self.worlds += 1
        self.attempts += played.attempts
        self.deaths += played.deaths
        self.outcomes.update(played.outcomes)
        self.found += [(played.seed, violation) for violation in played.violations]

    @property
    def rate(self) -> float:
        """Violations by attempt, 0 where nobody has tried anything."""
        return len(self.found) / self.attempts if self.attempts else 0.0

    def line(self) -> str:
        """The whole in one line."""
        came = ", ".join(f"{self.outcomes[event]} {event}" for event in _TOLD)
        return (
            f"{self.attempts} attempts, {len(self.found)} violations, rate {self.rate:.2g} "
            f"({self.worlds} worlds, {self.deaths} sudden deaths; {came})"
        )

    def to_json(self, story: Sequence[str] | None) -> str:
        """One object on one line."""
        known = {
            "worlds": self.worlds,
            "attempts": self.attempts,
            "violations": len(self.found),
            "rate": self.rate,
            "deaths": self.deaths,
            "outcomes": dict(sorted(self.outcomes.items())),
            "found": [{"seed": seed, "violation": violation} for seed, violation in self.found],
        }
        return json.dumps(known if story is None else {**known, "story": list(story)})


def violations_of(played: Played) -> Iterator[str]:
    """A line for each violation, with the command that shows how it came about."""
    for violation in played.violations:
        yield f"seed {played.seed}: {violation} (fermata sim --seed {played.seed} --story)"
