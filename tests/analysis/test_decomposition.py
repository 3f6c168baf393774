"""Which term carried a fall, on games whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from gandiag.analysis.decomposition import decomposition, rank_terms
from gandiag.analysis.record import Expected, Record

LN2 = math.log(2)
NORMAL = Expected(mean=np.zeros(1), std=np.ones(1), d_loss=LN2, g_loss=-LN2)


def record(
    l2: np.ndarray, cross_entropy: np.ndarray, distance: np.ndarray, who: str = "g"
) -> Record:
    columns = {
        f"{who}_loss": l2 + cross_entropy,
        f"{who}_l2": l2,
        f"{who}_cross_entropy": cross_entropy,
        "wasserstein": distance,
    }
    return Record(100 * np.arange(len(l2)), columns, NORMAL)


def chivers(seed: int = 0, *, dead: float = 0.0, n: int = 400) -> Record:
    """Good samples half way, then dead; the reward on large weights grows all along."""
    rng = np.random.default_rng(seed)
    bad = np.abs(np.linspace(-1, 1, n)) * (1 + dead)
    cross_entropy = -LN2 * np.exp(-3 * bad) + 0.01 * rng.normal(size=n)
    reward = -8.0 * np.exp(np.linspace(0, 4, n)) + rng.normal(size=n)
    return record(reward, cross_entropy, np.exp(4 * bad))


def test_the_fall_of_chivers_is_attributed_to_its_l2_term():
    found = decomposition(chivers())
    assert found.value == pytest.approx(0, abs=0.01)
    assert "100 % from the L2 term, 0 % from the cross-entropy" in found.sentence
    assert "g_loss fell by" in found.sentence


def test_the_cross_entropy_is_what_goes_with_the_samples():
    sentence = decomposition(chivers()).sentence
    said = sentence.split("distance from the data: ")[1]
    l2, own = (float(part.split()[-1]) for part in said.split(", "))
    assert own > 0.9
    assert abs(l2) < 0.3


def test_the_final_cross_entropy_is_compared_with_its_equilibrium():
    assert "could not separate them, at -0.693" in decomposition(chivers()).sentence
    flat = np.full(200, -LN2)
    good = record(np.linspace(-1, -9, 200), flat, np.ones(200))
    assert "ends at -0.693, its value if D cannot separate" in decomposition(good).sentence


def test_shares_are_of_the_signed_change_and_add_up():
    down, up = np.linspace(10, 0, 300), np.linspace(0, 5, 300)
    found = decomposition(record(down, up, np.ones(300), "d"), "d")
    assert found.value == pytest.approx(-1)
    assert "200 % from the L2 term, -100 % from the cross-entropy" in found.sentence
    parts = (found.evidence[f"d_{term}_change"] for term in ("l2", "cross_entropy"))
    assert found.evidence["change"] == pytest.approx(sum(parts))


def test_a_spike_at_the_start_carries_nothing():
    """chivers-2d's first log point has a cross-entropy of 16 that is gone at the next."""
    base = chivers()
    own = base.columns["g_cross_entropy"].copy()
    own[0] = -16.0
    found = decomposition(record(base.columns["g_l2"], own, base.columns["wasserstein"]))
    assert found.value == pytest.approx(0, abs=0.01)


def test_terms_that_cancel_have_no_shares():
    down = np.linspace(10, 0, 300)
    found = decomposition(record(down, -down, np.ones(300)))
    assert math.isnan(found.value)
    assert "cancel" in found.sentence


def test_over_runs_the_term_that_knows_ranks_them():
    runs = [chivers(k, dead=0.1 * k) for k in range(10)]
    found = rank_terms(runs)
    ends = [np.median(each.columns["g_cross_entropy"][-40:]) for each in runs]
    far = [np.median(each.columns["wasserstein"][-40:]) for each in runs]
    oracle = stats.spearmanr(ends, far)
    assert (found.value, found.evidence["p"]) == pytest.approx((oracle.statistic, oracle.pvalue))
    assert found.value > 0.8
    assert "L2 term rho" in found.sentence


def test_four_runs_are_not_enough():
    assert rank_terms([chivers(k) for k in range(4)]).sentence.startswith("not enough data: 4 of 4")


NOTHING = {
    "no point": record(np.empty(0), np.empty(0), np.empty(0)),
    "three points": record(np.ones(3), np.ones(3), np.ones(3)),
    "nothing finite": record(np.full(99, np.nan), np.full(99, np.nan), np.full(99, np.nan)),
    "no terms": Record(np.arange(99), {"g_loss": np.ones(99), "wasserstein": np.ones(99)}, NORMAL),
    "a restarted counter": Record(np.arange(400), dict(chivers().columns), NORMAL, trouble="again"),
}


@pytest.mark.parametrize("bad", NOTHING.values(), ids=NOTHING)
def test_too_few_data_are_reported_without_an_error(bad):
    for found in (decomposition(bad), decomposition(bad, "d"), rank_terms([bad] * 9)):
        assert math.isnan(found.value)
        assert found.sentence.startswith("not enough data: ")


def test_without_a_quality_the_terms_are_still_separated():
    base = chivers()
    columns = {name: values for name, values in base.columns.items() if name != "wasserstein"}
    found = decomposition(Record(base.iteration, columns))
    assert "100 % from the L2 term" in found.sentence
    assert "correlations" not in found.sentence


@pytest.mark.parametrize("value", [0.0, 1e305, 1e-300])
def test_constants_of_any_size_are_no_crash(value):
    flat = np.full(200, value)
    assert math.isnan(decomposition(record(flat, flat, flat)).value)
