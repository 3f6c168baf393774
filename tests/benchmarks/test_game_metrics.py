"""The time of the metrics of modes and of the game, against a library or the usual code."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from statistics import median

import numpy as np
import pytest
from scipy.sparse.linalg import LinearOperator, eigs
from scipy.spatial.distance import cdist
from sklearn.metrics import balanced_accuracy_score

from gandiag.metrics import balanced_accuracy, digit_coverage, jacobian_spectrum, mode_coverage

pytestmark = pytest.mark.benchmark

N, ROUNDS = 10_000, 15
Report = Callable[[str, float, str], None]


def by_turns(ours: Callable[[], object], theirs: Callable[[], object]) -> float:
    """Our median time over theirs."""
    ours(), theirs()
    times: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        pair = []
        for work in (ours, theirs):
            start = time.perf_counter()
            work()
            pair.append(time.perf_counter() - start)
        times.append((pair[0], pair[1]))
    return median(a for a, _ in times) / median(b for _, b in times)


def test_modes_of_a_grid(report: Report) -> None:
    rng = np.random.default_rng(1)
    grid = np.stack(np.meshgrid(*[np.arange(-4.0, 5, 2)] * 2), axis=-1).reshape(-1, 2)
    fake = grid[rng.integers(25, size=N)] + 0.05 * rng.standard_normal((N, 2))

    def usual() -> tuple[int, float, float]:
        """As the published codes do, with all distances at once, and the spread of every mode."""
        gaps = cdist(fake, grid) / 0.05
        nearest, good = gaps.argmin(axis=1), gaps.min(axis=1) < 3
        counts = np.bincount(nearest[good], minlength=25)
        spread = [fake[good & (nearest == i)].std(axis=0).mean() for i in range(25)]
        share = counts[counts > 0] / good.sum()
        return (counts > 0).sum(), (share * np.log(25 * share)).sum(), float(np.mean(spread))

    ratio = by_turns(lambda: mode_coverage(fake=fake, centres=grid, std=0.05), usual)
    report("mode_coverage, 25 modes, n = 10,000, over the usual code", ratio, "aim: under 1")
    assert ratio < 1


def test_the_accuracy_of_a_discriminator(report: Report) -> None:
    rng = np.random.default_rng(2)
    real, fake = rng.normal(0.5, 1, N), rng.normal(-0.5, 1, N)
    truth, scores = np.repeat([1, 0], N), np.concatenate([real, fake])
    ratio = by_turns(
        lambda: balanced_accuracy(real=real, fake=fake),
        lambda: balanced_accuracy_score(truth, scores > 0),
    )
    report("balanced_accuracy, n = 10,000, over scikit-learn", ratio, "aim: under 1")
    assert ratio < 1


def test_the_score_of_a_classifier(report: Report) -> None:
    torch = pytest.importorskip("torch")
    inception = pytest.importorskip("torchmetrics.image.inception")
    logits = 2 * np.random.default_rng(3).standard_normal((N, 10))
    rows = np.exp(logits)
    rows /= rows.sum(axis=1, keepdims=True)

    class Straight(torch.nn.Module):  # type: ignore[name-defined, misc]
        num_features = 10

        def forward(self, x: object) -> object:
            return x

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it keeps what it is handed
        score = inception.InceptionScore(feature=Straight(), splits=10)
    score.update(torch.from_numpy(logits))

    def theirs() -> object:
        score._computed = None  # it remembers what it computed
        return score.compute()

    ratio = by_turns(lambda: digit_coverage(probabilities=rows), theirs)
    report("digit_coverage, n = 10,000, over torchmetrics' score", ratio, "aim: under 2")
    assert ratio < 2


def test_the_spectrum_of_a_middling_game(report: Report) -> None:
    matrix = np.random.default_rng(4).standard_normal((600, 600))
    start = np.random.default_rng(0).standard_normal(600)
    operator = LinearOperator(matrix.shape, matvec=lambda v: matrix @ v)
    ratio = by_turns(
        lambda: jacobian_spectrum(jvp=lambda v: matrix @ v, size=600, k=10),
        lambda: eigs(operator, 10, v0=start, return_eigenvectors=False),
    )
    report("jacobian_spectrum, 10 of 600, over bare ARPACK", ratio, "aim: under 1.3")
    assert ratio < 1.3
