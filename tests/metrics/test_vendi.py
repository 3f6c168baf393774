"""The Vendi score: closed forms, an oracle, the floor and the standard error."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import _vendi as module
from gandiag.metrics import vendi


@pytest.mark.parametrize("d", [3, 40])
def test_equal_samples_score_1_orthogonal_ones_n_and_clusters_their_number(d: int) -> None:
    assert vendi(fake=np.eye(d)).value == pytest.approx(d)
    assert vendi(fake=np.full((20, d), 0.3)).value == pytest.approx(1)
    assert vendi(fake=np.repeat(np.eye(d)[:3], 7, axis=0)).value == pytest.approx(3)


def test_the_rbf_kernel_counts_clusters_too() -> None:
    places = 100.0 * np.arange(6)
    assert vendi(fake=places, kernel="rbf", bandwidth=1.0).value == pytest.approx(6)
    groups = vendi(fake=np.repeat(places, 9), kernel="rbf", bandwidth=1.0)
    assert groups.value == pytest.approx(6)
    assert groups.se == pytest.approx(0, abs=1e-6)
    assert vendi(fake=np.ones(9), kernel="rbf", bandwidth=1.0).value == pytest.approx(1)


# The library's own imports are deprecated ones.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("n", "d"), [(200, 5), (30, 80)])
def test_it_equals_vendi_score(n: int, d: int) -> None:
    oracle = pytest.importorskip("vendi_score.vendi")
    x = np.random.default_rng(n).normal(0.3, 1, (n, d))
    assert vendi(fake=x).value == pytest.approx(oracle.score_X(x.copy()), rel=1e-6)
    squares = ((x[:, None] - x[None]) ** 2).sum(axis=-1)
    expected = oracle.score_K(np.exp(-squares / (2 * 1.7**2)))
    assert vendi(fake=x, kernel="rbf", bandwidth=1.7).value == pytest.approx(expected, rel=1e-6)


def test_both_matrices_of_the_cosine_kernel_agree() -> None:
    x = np.random.default_rng(1).normal(size=(60, 60))
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    wide = vendi(fake=x)
    padded = np.hstack([unit[:, :20], np.zeros((60, 50))])
    narrow = vendi(fake=unit[:, :20])
    assert vendi(fake=padded).value == pytest.approx(narrow.value)
    assert vendi(fake=padded).se == pytest.approx(narrow.se)
    assert wide.value > narrow.value


def test_zero_vectors_are_equal_to_each_other_only() -> None:
    assert vendi(fake=np.zeros((5, 3))).value == pytest.approx(1)
    assert vendi(fake=[[0.0, 0.0], [0.0, 1.0]]).value == pytest.approx(2)


def test_the_bandwidth_is_the_median_distance_of_the_real_samples() -> None:
    rng = np.random.default_rng(2)
    real, fake = rng.normal(size=(150, 3)), rng.normal(size=(100, 3))
    gaps = np.linalg.norm(real[:, None] - real[None], axis=-1)[np.triu_indices(150, 1)]
    found = vendi(fake=fake, real=real, kernel="rbf")
    assert found.value == vendi(fake=fake, kernel="rbf", bandwidth=float(np.median(gaps))).value


@pytest.mark.parametrize("kernel", ["cosine", "rbf"])
def test_the_floor_matches_simulation(kernel: str) -> None:
    rng = np.random.default_rng(3)
    scale = np.linspace(0.2, 1, 6)
    found = [
        vendi(
            real=scale * rng.normal(size=(300, 6)),
            fake=scale * rng.normal(size=(150, 6)),
            kernel=kernel,
        )
        for _ in range(60)
    ]
    floor = np.mean([each.floor for each in found])
    assert np.mean([each.value for each in found]) == pytest.approx(floor, rel=0.02)


def test_with_fewer_real_samples_there_is_no_floor() -> None:
    x = np.random.default_rng(4).normal(size=(50, 3))
    assert vendi(fake=x).floor is None
    assert vendi(fake=x, real=x[:49]).floor is None
    assert vendi(fake=x, real=x).floor == pytest.approx(vendi(fake=x).value)


@pytest.mark.parametrize(
    ("d", "kernel"), [(2, "cosine"), (8, "cosine"), (64, "cosine"), (1, "rbf"), (3, "rbf")]
)
def test_the_standard_error_matches_simulation(d: int, kernel: str) -> None:
    rng = np.random.default_rng(5)
    found = [
        vendi(
            fake=rng.normal(size=(300, d)) * np.linspace(0.2, 1, d) + 0.5,
            kernel=kernel,
            bandwidth=1.0,
        )
        for _ in range(150)
    ]
    observed = np.std([each.value for each in found])
    assert np.mean([each.se for each in found]) == pytest.approx(observed, rel=0.18)


def test_a_progressing_collapse_lowers_the_score() -> None:
    rng = np.random.default_rng(6)
    real, noise = rng.normal(size=(2, 200, 4))
    read = [vendi(fake=s * noise, real=real, kernel="rbf").value for s in (1, 0.5, 0.1, 0)]
    assert read == sorted(read, reverse=True)
    assert read[-1] == pytest.approx(1)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from([3, 40]), st.floats(1e-150, 1e150))
def test_it_is_invariant_to_order_rotation_and_length(seed: int, d: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(0.5, 1, (30, d))
    turn = np.linalg.qr(rng.normal(size=(d, d)))[0]
    found = vendi(fake=scale * rng.permutation(x) @ turn)
    assert found.value == pytest.approx(vendi(fake=x).value)
    assert found.se == pytest.approx(vendi(fake=x).se)
    assert 1 <= found.value <= 30


def test_the_seed_selects_among_many_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_RBF", 40)
    x = np.random.default_rng(7).normal(size=(100, 2))
    one, same, other = (vendi(fake=x, kernel="rbf", bandwidth=1.0, seed=s) for s in (0, 0, 1))
    assert one.n == 40
    assert one.value == same.value != other.value


def test_invalid_arguments_are_rejected() -> None:
    x = np.ones((5, 2))
    diverged = vendi(fake=x * math.inf, real=x)
    assert math.isnan(diverged.value)
    assert math.isnan(diverged.se)
    with pytest.raises(ValueError, match="not 'linear'"):
        vendi(fake=x, kernel="linear")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="needs bandwidth="):
        vendi(fake=x, kernel="rbf")
    with pytest.raises(ValueError, match="bandwidth = 0"):
        vendi(fake=x, kernel="rbf", bandwidth=0)
    with pytest.raises(ValueError, match="are equal"):
        vendi(fake=x, real=x, kernel="rbf")
    with pytest.raises(ValueError, match="coordinates"):
        vendi(fake=x, real=x[:, :1])
