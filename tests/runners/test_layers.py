"""Every layer is what its definition says, on both frameworks, and so is its slope.

The twins here are slow: loops, one lane and one sample at a time.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest

from .layered import BATCH, LANE, Case, Floats, Values, lanes_of

pytestmark = pytest.mark.framework

DECAY, EPSILON = 0.75, 1e-3
"""Of every batch normalisation."""

ACTIVATIONS: dict[str, Callable[[float], float]] = {
    "linear": lambda x: x,
    "tanh": math.tanh,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "relu": lambda x: max(x, 0.0),
    "leaky-relu": lambda x: x if x > 0 else 0.25 * x,
    "elu": lambda x: x if x > 0 else math.expm1(x),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_dense_layer_is_the_activation_of_an_affine_map(layers: Values, name: str) -> None:
    for case in lanes_of(layers, f"dense-{name}"):
        affine = case.held(0, "weights") @ case.x + case.held(0, "biases")
        assert case.y == pytest.approx(np.vectorize(ACTIVATIONS[name])(affine), abs=1e-12)


def test_a_dense_layer_without_biases_is_linear(layers: Values) -> None:
    for case in lanes_of(layers, "dense-unbiased"):
        assert case.y == pytest.approx(case.held(0, "weights") @ case.x, abs=1e-12)


def test_the_activations_do_not_overflow(layers: Values) -> None:
    far = {k.removeprefix("extreme/"): v[0] for k, v in layers.items() if "extreme" in k}
    small = math.exp(-30)
    assert far["softplus"] == pytest.approx([0, small, 30 + small, 800], rel=1e-14)
    assert far["sigmoid"] == pytest.approx([0, small / (1 + small), 1, 1], rel=1e-12, abs=1e-300)
    assert far["tanh"].tolist() == [-1, -1, 1, 1]
    assert far["elu"] == pytest.approx([-1, small - 1, 30, 800], rel=1e-14)


def test_a_maxout_unit_is_the_largest_of_its_neighbouring_pieces(layers: Values) -> None:
    for case in lanes_of(layers, "maxout"):
        rows = case.held(0, "weights") @ case.x + case.held(0, "biases")
        slow = [rows[4 * unit : 4 * unit + 4].max(axis=0) for unit in range(3)]
        assert case.y == pytest.approx(np.array(slow), abs=1e-12)


def test_the_framework_s_own_layers_agree(layers: Values) -> None:
    own = {k.removesuffix("/own"): v for k, v in layers.items() if k.endswith("/own")}
    assert len(own) >= 19
    for name, theirs in own.items():
        assert layers[f"{name}/y"] == pytest.approx(theirs, rel=1e-9, abs=1e-10), name


def normalised(case: Case, x: Floats, layer: int) -> Floats:
    """x [channel, ...] to mean 0 and biased variance 1 by channel, rescaled."""
    scale, shift = (case.held(layer, what)[:, 0] for what in ("weights", "biases"))
    y = [
        s * (c - c.mean()) / math.sqrt(c.var() + EPSILON) + b
        for c, s, b in zip(x, scale, shift, strict=True)
    ]
    return np.array(y)


def test_batch_normalisation_rescales_every_feature_and_channel(layers: Values) -> None:
    for case in lanes_of(layers, "norm"):
        assert case.y == pytest.approx(normalised(case, case.x, 0), abs=1e-12)
    for case in lanes_of(layers, "norm-images"):
        assert case.y == pytest.approx(normalised(case, case.images(2, 2, 3), 1), abs=1e-12)


def test_two_batches_at_once_are_normalised_separately(layers: Values) -> None:
    for case in lanes_of(layers, "norm-two-batches"):
        parts = [normalised(case, half, 0) for half in np.split(case.x, 2, axis=1)]
        assert case.y == pytest.approx(np.concatenate(parts, axis=1), abs=1e-12)


def test_without_a_factor_only_the_shift_is_learnt(layers: Values) -> None:
    for case in lanes_of(layers, "norm-unscaled"):
        plain = (case.x - case.x.mean(1, keepdims=True)) / np.sqrt(
            case.x.var(1, keepdims=True) + EPSILON
        )
        assert case.y == pytest.approx(np.tanh(plain + case.held(0, "biases")), abs=1e-12)
        assert case.weights.size == 4


def test_the_moving_averages_follow_mean_and_biased_variance(layers: Values) -> None:
    for name in ("norm", "norm-images", "norm-two-batches"):
        for case in lanes_of(layers, name):
            x = case.images(2, 2, 3) if "images" in name else case.x
            batches = np.split(x, 2, axis=-1) if "two" in name else [x]
            axes = tuple(range(1, x.ndim))
            now = [
                np.mean([f(part, axis=axes) for part in batches], axis=0) for f in (np.mean, np.var)
            ]
            expected = DECAY * case.memory + (1 - DECAY) * np.concatenate(now)
            assert case.memory_after == pytest.approx(expected, abs=1e-12)


def test_after_several_runs_the_averages_are_those_of_a_recursion(layers: Values) -> None:
    for case in lanes_of(layers, "norm"):
        average = case.memory
        for turn in range(3):
            x = np.roll(case.x, turn, axis=0)
            average = DECAY * average + (1 - DECAY) * np.concatenate([x.mean(1), x.var(1)])
        assert case.memory_later == pytest.approx(average, abs=1e-12)


def test_sampling_uses_the_averages_and_changes_nothing(layers: Values) -> None:
    for case in lanes_of(layers, "norm"):
        mean, variance = case.memory.reshape(2, -1, 1)
        plain = (case.x - mean) / np.sqrt(variance + EPSILON)
        expected = case.held(0, "weights") * plain + case.held(0, "biases")
        assert case.sampled == pytest.approx(expected, abs=1e-12)
        assert np.array_equal(case.memory_sampled, case.memory)


@pytest.mark.parametrize(("name", "batches"), [("minibatch", 1), ("minibatch-two-batches", 2)])
def test_minibatch_discrimination_is_its_formula(layers: Values, name: str, batches: int) -> None:
    for case in lanes_of(layers, name):
        m = (case.held(0, "weights") @ case.x).reshape(3, 2, -1)
        near = np.zeros((3, m.shape[-1]))
        for k, i, j in itertools.product(range(3), range(m.shape[-1]), range(m.shape[-1])):
            if i // BATCH == j // BATCH:  # itself included
                near[k, i] += math.exp(-np.abs(m[k, :, i] - m[k, :, j]).sum())
        assert m.shape[-1] == batches * BATCH
        assert near.min() > 1
        assert case.y == pytest.approx(np.concatenate([case.x, near]), abs=1e-12)


def singular(matrix: Floats) -> tuple[Floats, float, Floats]:
    u, s, v = np.linalg.svd(matrix)
    return u[:, 0], float(s[0]), v[0]


def test_spectral_normalisation_divides_by_the_largest_singular_value(layers: Values) -> None:
    for case in lanes_of(layers, "spectral"):
        matrix = case.held(0, "weights")
        _, largest, _ = singular(matrix)
        assert case.y == pytest.approx(matrix / largest @ case.x + case.held(0, "biases"), abs=1e-9)


@pytest.mark.parametrize("name", ["spectral", "spectral-early"])
def test_the_gradient_takes_the_singular_vectors_as_constants(layers: Values, name: str) -> None:
    case = Case(layers, name, LANE)
    matrix, weighing = case.held(0, "weights"), layers[f"{name}/weighing"]
    v = matrix.T @ case.memory
    u = matrix @ v
    u, v = u / np.linalg.norm(u), v / np.linalg.norm(v)
    value = u @ matrix @ v
    assert case.y == pytest.approx(matrix / value @ case.x + case.held(0, "biases"), abs=1e-12)
    assert np.abs(case.memory_after) == pytest.approx(np.abs(u), abs=1e-12)
    outer = weighing @ case.x.T
    slope = (outer - np.sum(outer * matrix) / value * np.outer(u, v)) / value
    assert layers[f"{name}/weights_gradient"][:12] == pytest.approx(slope.ravel(), abs=1e-10)


def test_sampling_does_not_change_the_singular_vectors(layers: Values) -> None:
    for case in lanes_of(layers, "spectral"):
        u, _, _ = singular(case.held(0, "weights"))
        assert abs(u @ case.memory) == pytest.approx(1, abs=1e-9)
        assert np.array_equal(case.memory_sampled, case.memory)


def test_labels_are_appended_to_the_first_input_only(layers: Values) -> None:
    for case in lanes_of(layers, "labels-first"):
        hidden = case.held(0, "weights") @ np.concatenate([case.x, case.labels])
        hidden = np.tanh(hidden + case.held(0, "biases"))
        assert case.y == pytest.approx(
            case.held(1, "weights") @ hidden + case.held(1, "biases"), abs=1e-12
        )


def test_labels_are_appended_to_every_input_of_a_layer_with_weights(layers: Values) -> None:
    for case in lanes_of(layers, "labels-every"):
        hidden = case.held(0, "weights") @ np.concatenate([case.x, case.labels])
        hidden = normalised(case, np.tanh(hidden + case.held(0, "biases")), 1)
        seen = np.concatenate([hidden, case.labels])
        expected = case.held(2, "weights") @ seen + case.held(2, "biases")
        assert case.y == pytest.approx(expected, abs=1e-12)


def test_images_and_features_are_the_same_numbers_in_the_same_order(layers: Values) -> None:
    for case in lanes_of(layers, "reshaped"):
        assert np.array_equal(case.y, case.x)


def test_a_learnt_point_does_not_depend_on_its_input(layers: Values) -> None:
    for case in lanes_of(layers, "point"):
        assert np.array_equal(case.y, np.tile(case.held(0, "weights"), BATCH))


def test_every_gradient_agrees_with_central_differences(layers: Values) -> None:
    detached = ("deviations", "spectral-early")  # a part of them is a constant to the gradient
    names = [n for n in layers if n.endswith("_gradient") and not any(d in n for d in detached)]
    assert len(names) > 60
    for name in names:
        numeric = layers[name.replace("_gradient", "_differences")]
        assert np.abs(numeric).max() > 1e-3, name
        assert layers[name] == pytest.approx(numeric, rel=1e-6, abs=1e-7), name
