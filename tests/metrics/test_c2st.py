"""The classifier two-sample test: Bayes areas, scikit-learn, floor and standard error."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from gandiag.metrics import c2st
from gandiag.metrics._c2st import _area


def test_the_auc_is_scikit_learns_and_its_variance_delongs() -> None:
    rng = np.random.default_rng(1)
    # Rounded, so that there are ties.
    real, fake = rng.normal(size=80).round(1), rng.normal(0.5, 1, 50).round(1)
    area, variance = _area(real=real, fake=fake)
    labels = np.arange(130) >= 80
    assert area == pytest.approx(roc_auc_score(labels, np.concatenate([real, fake])))
    wins = (fake[:, None] > real) + 0.5 * (fake[:, None] == real)
    delong = wins.mean(axis=1).var(ddof=1) / 50 + wins.mean(axis=0).var(ddof=1) / 80
    assert variance == pytest.approx(delong)


@pytest.mark.parametrize(("d", "delta"), [(1, 0.5), (2, 1.0), (20, 2.0)])
def test_a_shift_gives_the_bayes_auc(d: int, delta: float) -> None:
    rng = np.random.default_rng(d)
    real, fake = rng.normal(size=(2, 4000, d))
    fake[:, 0] += delta
    found = c2st(real=real, fake=fake)
    assert found.value == pytest.approx(ndtr(delta / math.sqrt(2)), abs=0.02)


def test_scales_and_correlations_are_detected() -> None:
    rng = np.random.default_rng(2)
    real, fake = rng.normal(size=(2, 1000, 2))
    assert c2st(real=real, fake=0.5 * fake).value > 0.75
    turned = fake @ np.array([[1.0, 0.9], [0.0, math.sqrt(1 - 0.81)]])
    assert c2st(real=real, fake=turned).value > 0.7
    assert c2st(real=real, fake=turned, classifier=LogisticRegression()).value < 0.55


def test_a_collapse_onto_the_mean_is_detected() -> None:
    real = np.random.default_rng(3).normal(size=(400, 3))
    assert c2st(real=real, fake=np.zeros((400, 3))).value > 0.95
    assert c2st(real=np.ones((50, 3)), fake=np.ones((50, 3))).value == 0.5


NULLS = [(2, 200, 200, 0.0), (8, 300, 150, 0.0), (32, 300, 300, 0.0)]
APART = [(2, 200, 200, 1.0), (8, 300, 150, 0.7), (32, 300, 300, 1.0)]


@pytest.mark.parametrize(("d", "m", "n", "delta"), NULLS + APART)
def test_floor_and_standard_error_match_simulation(d: int, m: int, n: int, delta: float) -> None:
    rng = np.random.default_rng(4)
    found = []
    for _ in range(60):
        real, fake = rng.normal(size=(m, d)), rng.normal(size=(n, d))
        fake[:, 0] += delta
        found.append(c2st(real=real, fake=fake))
    values = np.array([each.value for each in found])
    assert np.mean([each.se for each in found]) == pytest.approx(values.std(), rel=0.2)
    if not delta:
        assert values.mean() == pytest.approx(found[0].floor, abs=3 * values.std() / 60**0.5)


@pytest.mark.parametrize(
    "classifier", [LogisticRegression(), RandomForestClassifier(20, random_state=0)]
)
def test_a_custom_classifier_is_cloned_and_used(classifier: object) -> None:
    rng = np.random.default_rng(5)
    real, fake = rng.normal(size=(2, 300, 2))
    found = c2st(real=real, fake=fake + np.array([1.5, 0]), classifier=classifier)
    assert found.value == pytest.approx(ndtr(1.5 / math.sqrt(2)), abs=0.06)
    assert not hasattr(classifier, "classes_")


def test_the_default_classifier_may_stop_before_convergence_without_warning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(8)
    real, fake = rng.normal(size=(2, 100, 2))
    stopped = LogisticRegression(max_iter=1)
    with pytest.warns(ConvergenceWarning):
        c2st(real=real, fake=fake + 2, classifier=stopped)  # a caller's own one does warn
    monkeypatch.setattr("sklearn.linear_model.LogisticRegression", lambda max_iter: stopped)
    assert c2st(real=real, fake=fake + 2).value > 0.9


def test_a_classifier_needs_fit_and_decision_function_only() -> None:
    class First:
        def fit(self, x: np.ndarray, y: np.ndarray) -> None:
            assert set(y) == {0, 1}
            self.sign = 1 if x[y == 1, 0].mean() > x[y == 0, 0].mean() else -1

        def decision_function(self, x: np.ndarray) -> np.ndarray:
            return self.sign * x[:, 0]

    x = np.arange(40.0)
    assert c2st(real=x, fake=x - 100, classifier=First()).value == 1
    assert c2st(real=x, fake=x - 100, classifier=First()).se == 0


def test_a_larger_shift_gives_a_larger_value_and_the_sides_are_symmetric() -> None:
    real, noise = np.random.default_rng(6).normal(size=(2, 500, 2))
    read = [c2st(real=real, fake=noise + s).value for s in (0.0, 0.3, 1.0, 9.0)]
    assert read == sorted(read)
    assert read[-1] == 1
    assert c2st(real=noise + 1, fake=real).value == pytest.approx(read[2], abs=0.02)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.floats(-100, 100), st.floats(0.01, 100))
def test_the_value_is_invariant_to_shift_and_scale(seed: int, shift: float, scale: float) -> None:
    rng = np.random.default_rng(seed)
    real, fake = rng.normal(size=(100, 2)), rng.gamma(2, 1, (80, 2))
    moved = c2st(real=real * scale + shift, fake=fake * scale + shift)
    assert moved.value == pytest.approx(c2st(real=real, fake=fake).value, abs=1e-3)


def test_invalid_arguments_are_rejected() -> None:
    x = np.random.default_rng(7).normal(size=(50, 2))
    assert math.isnan(c2st(real=x, fake=x * math.nan).value)
    assert c2st(real=x, fake=x * 1e200).value > 0.9
    with pytest.raises(ValueError, match="folds = 1"):
        c2st(real=x, fake=x, folds=1)
    with pytest.raises(ValueError, match="n >= 10"):
        c2st(real=x, fake=x[:9])

    class Mute:
        def fit(self, x: np.ndarray, y: np.ndarray) -> None: ...

    with pytest.raises(ValueError, match="Mute has neither"):
        c2st(real=x, fake=x, classifier=Mute())
