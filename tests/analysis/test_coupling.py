"""A run's loss and its own samples, against those of other runs."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy import stats
from scipy.signal import lfilter

from gandiag.analysis.coupling import coupling
from gandiag.analysis.record import Expected, Record

NORMAL = Expected(mean=np.zeros(1), std=np.ones(1))


def sweep(runs: int, seed: int, *, coupled: float = 0.0, shared: float = 10.0) -> list[Record]:
    """Runs whose losses fall and whose samples get worse, with AR(.8) noise of their own."""
    rng = np.random.default_rng(seed)
    own = lfilter([1], [1, -0.8], rng.normal(size=(3, runs, 400)), axis=2)[:, :, 100:]
    time = np.linspace(0, shared, 300)
    return [
        made(own[0, k] + coupled * own[2, k] - time, 50 + own[1, k] + coupled * own[2, k] + time)
        for k in range(runs)
    ]


def made(loss: np.ndarray, distance: np.ndarray, step: int = 5) -> Record:
    columns = {"g_loss": loss, "wasserstein": distance}
    return Record(step * np.arange(len(loss)), columns, NORMAL)


def test_a_trend_that_all_runs_share_is_no_coupling():
    """Independent within, opposite trends: any test on one run would cry."""
    called = sum(coupling(sweep(7, k), draws=199).evidence["p"] < 0.05 for k in range(120))
    assert called <= 13  # 6 are due; beyond is a chance of 1 in 250


def test_a_coupling_of_its_own_is_found_under_the_shared_trend():
    found = coupling(sweep(10, 1, coupled=0.8))
    assert found.evidence["p"] < 0.01
    assert found.value > found.floor
    assert "moves with" in found.sentence


def test_a_coupling_against_the_samples_reads_below_the_floor():
    runs = [
        made(-each.columns["wasserstein"] + k, each.columns["wasserstein"])
        for k, each in enumerate(sweep(8, 2))
    ]
    found = coupling(runs)
    assert found.value == pytest.approx(-1)
    assert found.value < found.floor
    assert "moves against" in found.sentence


def test_five_runs_are_paired_in_every_way():
    """The slow twin: SciPy's rho for each of the 120 pairings."""
    runs = sweep(5, 3, coupled=0.5, shared=1.0)
    losses = [each.columns["g_loss"] for each in runs]
    distances = [each.columns["wasserstein"] for each in runs]

    def mean_rho(order: tuple[int, ...]) -> float:
        pairs = zip(losses, order, strict=True)
        return np.mean([stats.spearmanr(a, distances[k]).statistic for a, k in pairs])

    every = np.array([mean_rho(order) for order in permutations(range(5))])
    seen, middle = mean_rho(tuple(range(5))), every.mean()
    found = coupling(runs)
    assert found.value == pytest.approx(seen)
    assert found.floor == pytest.approx(middle)
    assert found.evidence["p"] == np.mean(abs(every - middle) >= abs(seen - middle) - 1e-12)


def test_the_same_seed_draws_the_same_pairings():
    runs = sweep(9, 4)
    assert coupling(runs, seed=1).evidence == coupling(runs, seed=1).evidence


def test_runs_at_other_log_points_are_left_out_and_counted():
    runs = sweep(6, 5)
    short = made(*(runs[0].columns[name][:100] for name in ("g_loss", "wasserstein")))
    found = coupling([*runs, short])
    assert found.n == 6
    assert found.evidence["left_out"] == 1


def test_gaps_of_one_run_are_left_out_of_all():
    runs = sweep(6, 6)
    loss = runs[0].columns["g_loss"].copy()
    loss[:10] = np.nan
    found = coupling([made(loss, runs[0].columns["wasserstein"]), *runs[1:]])
    assert (found.n, found.evidence["log_points"]) == (6, 290)


TOO_LITTLE = {
    "no runs": [],
    "four runs": sweep(4, 7),
    "few log points": [made(*np.random.default_rng(k).normal(size=(2, 20))) for k in range(8)],
    "constant losses": [made(np.ones(100), np.arange(100.0))] * 8,
    "nothing finite": [made(np.full(100, np.nan), np.ones(100))] * 8,
    "no loss": [Record(np.arange(50), {"wasserstein": np.arange(50.0)}, NORMAL)] * 8,
    "empty records": [made(np.empty(0), np.empty(0))] * 8,
}


@pytest.mark.parametrize("runs", TOO_LITTLE.values(), ids=TOO_LITTLE)
def test_too_few_data_are_reported_without_an_error(runs):
    found = coupling(runs)
    assert np.isnan(found.value)
    assert found.sentence.startswith("not enough data: ")
