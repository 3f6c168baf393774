"""The metrics of fidelity and diversity against the libraries they are checked by."""

from __future__ import annotations

import contextlib
import io
import time
import tracemalloc
import warnings
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import pytest

from gandiag.metrics import (
    Balls,
    bin_divergence,
    birthday,
    c2st,
    density_coverage,
    ndb,
    precision_recall,
    vendi,
)

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]

Report = Callable[[str, float, str], None]
N = 10_000
ROUNDS = 3


def seconds(*works: Callable[[], Any]) -> list[float]:
    """The median time of each piece of work, by turns."""
    rounds = []
    for _ in range(ROUNDS):
        row = []
        for work in works:
            start = time.perf_counter()
            work()
            row.append(time.perf_counter() - start)
        rounds.append(row)
    return [median(column) for column in zip(*rounds, strict=True)]


def samples(d: int, n: int = N) -> tuple[np.ndarray, np.ndarray]:
    real, fake = np.random.default_rng(0).normal(size=(2, n, d))
    return real, fake + 0.1


@pytest.mark.parametrize("d", [2, 64])
def test_precision_recall_density_and_coverage_are_as_fast_as_prdc(d: int, report: Report) -> None:
    prdc = pytest.importorskip("prdc")
    real, fake = samples(d)

    def theirs() -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            prdc.compute_prdc(real, fake, 5)

    def ours() -> None:
        balls = Balls(real)
        precision_recall(real=balls, fake=fake)
        density_coverage(real=balls, fake=fake)

    here, there = seconds(ours, theirs)
    report(f"precision ... coverage, n = 10,000, d = {d}: s", here, "with errors and floors")
    report(f"precision ... coverage, n = 10,000, d = {d}: time / prdc", here / there, "at most 1")
    assert here <= there


@pytest.mark.parametrize(("d", "n"), [(64, N), (784, 2000)])
def test_the_cosine_vendi_score_is_not_much_slower_than_vendi_score(
    d: int, n: int, report: Report
) -> None:
    fake = samples(d, n)[1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        oracle = pytest.importorskip("vendi_score.vendi")
    here, there = seconds(lambda: vendi(fake=fake), lambda: oracle.score_dual(fake, normalize=True))
    report(f"vendi, n = {n}, d = {d}: time / vendi_score", here / there, "at most 3: with error")
    # Eigenvectors and a projection of every sample are the price of the standard error.
    assert here <= 3 * there


def test_the_classifier_test_is_as_fast_as_scikit_learns_own(report: Report) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    real, fake = samples(64)
    x, y = np.concatenate([real, fake]), np.arange(2 * N) >= N
    powers = FunctionTransformer(lambda z: np.hstack([z, z**2]))
    model = make_pipeline(StandardScaler(), powers, LogisticRegression(max_iter=1000))
    here, there = seconds(
        lambda: c2st(real=real, fake=fake),
        lambda: cross_val_score(model, x, y, cv=5, scoring="roc_auc"),
    )
    report("c2st, n = 10,000, d = 64: time / cross_val_score", here / there, "at most 1.5")
    assert here <= 1.5 * there


def test_the_bins_cost_what_k_means_costs(report: Report) -> None:
    from sklearn.cluster import KMeans

    real, fake = samples(64)
    here, also, there = seconds(
        lambda: ndb(real=real, fake=fake),
        lambda: bin_divergence(real=real, fake=fake),
        lambda: KMeans(100, n_init=1, random_state=0).fit(real),
    )
    report("ndb, n = 10,000, d = 64: time / k-means on all", here / there, "at most 1")
    report("bin_divergence, n = 10,000, d = 64: time / k-means", also / there, "at most 1")
    assert max(here, also) <= there


def test_the_birthday_test_is_as_fast_as_all_distances(report: Report) -> None:
    from scipy.spatial.distance import pdist

    fake = samples(64)[1]
    here, there = seconds(
        lambda: birthday(fake=fake, duplicate=0.5), lambda: np.count_nonzero(pdist(fake) <= 0.5)
    )
    report("birthday, n = 10,000, d = 64: time / pdist", here / there, "at most 1")
    assert here <= there


def test_memory_stays_moderate(report: Report) -> None:
    real, fake = samples(64)
    tracemalloc.start()
    precision_recall(real=real, fake=fake)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    report("precision_recall, n = 10,000, d = 64: peak, MiB", peak, "below 300")
    assert peak < 300
