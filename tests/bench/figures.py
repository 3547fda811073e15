"""The statistics: quantiles of latencies, and ratios between parties measured in the same rounds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Rounds = Sequence[Sequence[float]]
"""Latencies in seconds, by round."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Quantiles of ``count`` latencies, in seconds."""

    count: int
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """One party's quantiles over an anchor's; ``lowest`` and ``highest`` are those of p50 in a single round (the noise)."""

    p50: float
    p95: float
    lowest: float
    highest: float


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie, interpolated between neighbours."""
    if not values:
        raise ValueError("a quantile needs values")
    if not 0 <= share <= 1:
        raise ValueError("a share lies between 0 and 1")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def latency_of(rounds: Rounds) -> Latency:
    """The quantiles over all rounds together."""
    values = [value for values in rounds for value in values]
    return Latency(len(values), quantile(values, 0.5), quantile(values, 0.95))


def ratio_of(party: Rounds, anchor: Rounds) -> Ratio:
    """How many times the anchor's latency the party's is; both must have been measured in the same rounds."""
    if len(party) != len(anchor):
        raise ValueError("party and anchor need the same rounds")
    whole, base = latency_of(party), latency_of(anchor)
    by_round = [quantile(one, 0.5) / quantile(other, 0.5) for one, other in zip(party, anchor, strict=True)]
    return Ratio(whole.p50 / base.p50, whole.p95 / base.p95, min(by_round), max(by_round))


def ratios_to(party: Rounds, anchors: Mapping[str, Rounds]) -> dict[str, Ratio]:
    """The party's ratio to each of the anchors."""
    return {name: ratio_of(party, anchor) for name, anchor in anchors.items()}
