"""The benchmark's statistics: quantiles, ratios, and what they refuse."""

from __future__ import annotations

import pytest

from tests.bench.figures import Latency, latency_of, quantile, ratio_of, ratios_to


def test_a_quantile_lies_between_its_neighbours() -> None:
    values = [40.0, 10.0, 20.0, 30.0]
    assert quantile(values, 0) == 10
    assert quantile(values, 1) == 40
    assert quantile(values, 0.5) == 25
    assert quantile(values, 0.95) == pytest.approx(38.5)
    assert values == [40.0, 10.0, 20.0, 30.0]


def test_a_single_value_is_every_quantile() -> None:
    assert [quantile([7.0], share) for share in (0, 0.5, 0.95, 1)] == [7, 7, 7, 7]


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], -0.1), ([1.0], 1.1)])
def test_a_quantile_of_nothing_or_beyond_the_ends_is_refused(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match=r"quantile|share"):
        quantile(values, share)


def test_latencies_are_those_of_all_rounds_together() -> None:
    assert latency_of([[1.0, 2.0], [9.0]]) == Latency(3, 2.0, pytest.approx(8.3))


def test_a_ratio_compares_all_rounds_and_tells_the_best_and_the_worst() -> None:
    ratio = ratio_of([[2.0, 4.0], [12.0, 12.0]], [[1.0, 1.0], [2.0, 2.0]])
    assert ratio.p50 == pytest.approx(8 / 1.5)
    assert ratio.p95 == pytest.approx(12 / 2)
    assert (ratio.lowest, ratio.highest) == (3, 6)


def test_noise_that_hits_both_alike_leaves_the_round_ratio_as_it_is() -> None:
    quiet, noisy = [3.0, 3.0], [30.0, 30.0]
    ratio = ratio_of([quiet, noisy], [[1.0, 1.0], [10.0, 10.0]])
    assert (ratio.lowest, ratio.highest) == (3, 3)


def test_only_the_same_rounds_are_compared() -> None:
    with pytest.raises(ValueError, match="same rounds"):
        ratio_of([[1.0]], [[1.0], [1.0]])


def test_every_anchor_gets_its_ratio() -> None:
    ratios = ratios_to([[6.0]], {"echo": [[1.0]], "floor": [[2.0]]})
    assert {name: ratio.p50 for name, ratio in ratios.items()} == {"echo": 6, "floor": 3}
