"""Distances at n = 10,000 against the libraries they are checked against, on one core."""

from __future__ import annotations

import gc
import time
import types
import warnings
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import pytest

from gandiag.metrics import (
    energy,
    frechet,
    frechet_infinity,
    kid,
    ks,
    mmd,
    sliced_wasserstein,
    wasserstein,
)
from gandiag.metrics.slices import directions

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]

Report = Callable[[str, float, str], None]
Work = Callable[[], Any]

N = 10_000


@pytest.fixture(autouse=True)
def one_thread() -> Any:
    """Both sides on one thread."""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    with threadpoolctl.threadpool_limits(1):
        yield


def samples(d: int, m: int = N) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.normal(0.1, 1, (N, d)), rng.normal(size=(m, d))


def compare(ours: Work, theirs: Work, rounds: int = 5) -> tuple[float, float]:
    """The median seconds of both, taken by turns, after one each to warm up."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for i in range(rounds + 1):
        for work, times in zip((ours, theirs), seconds, strict=True):
            gc.collect()
            began = time.perf_counter()
            work()
            if i:
                times.append(time.perf_counter() - began)
    return median(seconds[0]), median(seconds[1])


def judge(report: Report, name: str, ours: Work, theirs: Work, bound: float = 1.0) -> None:
    """Reports how many times the library's seconds ours are."""
    mine, other = compare(ours, theirs)
    text = f"at most {bound:g}; ours {mine * 1e3:.1f} ms, theirs {other * 1e3:.1f} ms"
    report(f"{name}: times the library's time", mine / other, text)
    assert mine <= bound * other


@pytest.mark.parametrize("m", [N, 7000])
def test_distances_on_the_line_are_as_fast_as_scipys(m: int, report: Report) -> None:
    import scipy.stats

    x, y = (side[:, 0] for side in samples(1, m))
    for ours, theirs in [
        (wasserstein, scipy.stats.wasserstein_distance),
        (energy, scipy.stats.energy_distance),
        (ks, lambda a, b: scipy.stats.ks_2samp(a, b, method="asymp")),
    ]:
        judge(
            report,
            f"{ours.__name__}, m = {m}, with se and floor",
            lambda ours=ours: ours(fake=x, real=y),
            lambda theirs=theirs: theirs(x, y),
        )


@pytest.fixture
def transport(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """POT, kept from importing the frameworks it finds."""
    for backend in ("PYTORCH", "TENSORFLOW", "JAX", "CUPY"):
        monkeypatch.setenv(f"POT_BACKEND_DISABLE_{backend}", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("ot")


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize(("d", "m"), [(2, N), (64, N), (2, 7000)])
def test_the_sliced_distance_is_as_fast_as_pots(
    d: int, m: int, p: int, transport: types.ModuleType, report: Report
) -> None:
    x, y = samples(d, m)
    along = directions(d, 128, 0).T
    judge(
        report,
        f"sliced_wasserstein, d = {d}, m = {m}, p = {p}, with se and floor",
        lambda: sliced_wasserstein(real=y, fake=x, p=p),
        lambda: transport.sliced_wasserstein_distance(x, y, p=p, projections=along),
    )


@pytest.mark.parametrize("d", [1, 2, 64])
def test_mmd_is_as_fast_as_whole_matrices(d: int, report: Report) -> None:
    pairwise = pytest.importorskip("sklearn.metrics.pairwise")
    x, y = (side[:5000] for side in samples(d))
    widths = [0.5, 1.0, 2.0]

    def whole() -> float:
        total = 0.0
        for width in widths:
            xx, yy, xy = (
                pairwise.rbf_kernel(a, b, gamma=0.5 / width**2) for a, b in ((x, x), (y, y), (x, y))
            )
            total += (xx.sum() + yy.sum() - 10_000) / (5000 * 4999) - 2 * xy.mean()
        return total / 3

    assert mmd(real=y, fake=x, bandwidths=widths).value == pytest.approx(whole())
    judge(report, f"mmd, d = {d}, n = 5000, with se", lambda: mmd(real=y, fake=x), whole)


@pytest.mark.framework
def test_kid_is_as_fast_as_torchmetrics(report: Report) -> None:
    torch = pytest.importorskip("torch")
    image = pytest.importorskip("torchmetrics.image.kid")
    x, y = (side[:5000] for side in samples(64))
    a, b = torch.from_numpy(x), torch.from_numpy(y)
    torch.set_num_threads(1)
    judge(
        report,
        "kid, d = 64, n = 5000, with se",
        lambda: kid(real=y, fake=x),
        lambda: image.poly_mmd(a, b),
    )


@pytest.mark.framework
@pytest.mark.parametrize(("d", "bound"), [(64, 5.0), (512, 5.0)])
def test_frechet_costs_little_more_than_torchmetrics_value_alone(
    d: int, bound: float, report: Report
) -> None:
    torch = pytest.importorskip("torch")
    image = pytest.importorskip("torchmetrics.image.fid")
    x, y = samples(d)
    a, b = torch.from_numpy(x), torch.from_numpy(y)
    torch.set_num_threads(1)

    def theirs() -> float:
        return image._compute_fid(a.mean(0), torch.cov(a.T), b.mean(0), torch.cov(b.T)).item()

    # Theirs is a value; ours has a standard error and a floor, which cost as much again each.
    judge(report, f"frechet, d = {d}", lambda: frechet(real=y, fake=x), theirs, bound)
    if d == 64:
        seconds, _ = compare(lambda: frechet_infinity(real=y, fake=x), lambda: None)
        report("frechet_infinity, d = 64: ms", seconds * 1e3, "under 1000")
        assert seconds < 1
