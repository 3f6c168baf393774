"""Samples of a finished run: whose weights, whose share, which points, which labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.errors import UsageError
from gandiag.running.training_loop import evaluation
from gandiag.sampling import latent_points, read_trained_networks, sample, samples_of
from gandiag.sampling.net import AT_ONCE, Net
from gandiag.store.weights import Weights

from .kept import keep, small

ONE_LINEAR = [{"kind": "dense", "units": 2}]
LABELLED = {
    "data": {"kind": "mnist", "labelled": True},
    "generator.labels": "first",
    "generator.layers": [{"kind": "dense", "units": 784}],
    "discriminator.layers": [{"kind": "dense", "units": 1}],
    "schedule.chunk": 10,
}


def set_weights(run: Path, **arrays: NDArray[Any]) -> None:
    """Replaces some weights of a run."""
    held = read_trained_networks(run).weights.arrays() | arrays
    Weights.from_arrays(held).write(run / "weights.npz")


def test_a_linear_generator_maps_its_latent_points_linearly(tmp_path: Path) -> None:
    run = keep(tmp_path / "run", small(generator__layers=ONE_LINEAR))
    held = read_trained_networks(run).generator.named()
    z = latent_points(read_trained_networks(run), 7)
    expected = held["0.weights"] @ z + held["0.biases"]
    assert sample(run, 7) == pytest.approx(expected.T, rel=1e-12)


def test_latent_points_depend_on_the_seed_and_differ_from_the_evaluation_points(
    tmp_path: Path,
) -> None:
    trained = read_trained_networks(keep(tmp_path / "run", small(), seed=4))
    own = latent_points(trained, 50)
    assert np.array_equal(own, latent_points(trained, 50, seed=4))
    assert not np.isin(latent_points(trained, 50, seed=5), own).any()
    assert not np.isin(evaluation(trained.experiment, [4])["latent"], own).any()


def test_latent_points_follow_the_distribution_of_the_training(tmp_path: Path) -> None:
    latent = {"kind": "uniform", "size": 3, "low": 2.0, "high": 5.0}
    points = latent_points(
        read_trained_networks(keep(tmp_path / "run", small(latent=latent))), 4000
    )
    assert (points.min() >= 2, points.max() < 5) == (True, True)
    assert points.mean() == pytest.approx(3.5, abs=5 * 3 / np.sqrt(12 * points.size))


def test_samples_come_from_the_moving_average_where_one_is_kept(tmp_path: Path) -> None:
    run = keep(tmp_path / "run", small(generator__average=0.9, generator__layers=ONE_LINEAR))
    trained = read_trained_networks(run)
    assert trained.weights.g_average is not None
    set_weights(run, g=np.full_like(trained.weights.g, np.nan))
    z, held = latent_points(trained, 5), trained.sampler.named()
    expected = held["0.weights"] @ z + held["0.biases"]
    assert sample(run, 5) == pytest.approx(expected.T, rel=1e-12)


def test_a_batch_norm_samples_with_its_moving_averages(tmp_path: Path) -> None:
    layers = [{"kind": "batch-norm", "epsilon": 0.25}, {"kind": "dense", "units": 2}]
    net = read_trained_networks(keep(tmp_path / "run", small(generator__layers=layers))).generator
    held, known = net.named(), net.named_buffers()
    z = np.full((3, 1), 1.5)
    normed = (z - known["0.mean"]) / np.sqrt(known["0.variance"] + 0.25)
    normed = normed * held["0.weights"] + held["0.biases"]
    expected = held["1.weights"] @ normed + held["1.biases"]
    assert net.run(z)[0] == pytest.approx(expected, rel=1e-12)


def test_every_generator_generates_its_part(tmp_path: Path) -> None:
    trained = read_trained_networks(keep(tmp_path / "run", small(generator__members=3)))
    whole, z = trained.sampler, latent_points(trained, 10)
    rows = whole.weights.reshape(3, -1)
    single = whole.player.model_copy(update={"members": 1})
    alone = [Net(single, 3, 0, row, None).run(z)[0].T for row in rows]
    made = samples_of(trained, z)
    assert np.array_equal(made, np.concatenate([alone[0][:3], alone[1][3:6], alone[2][6:]]))
    assert not np.allclose(alone[0], alone[1])


def test_samples_do_not_depend_on_the_size_of_the_pieces(tmp_path: Path) -> None:
    n = 2 * AT_ONCE + 1
    trained = read_trained_networks(keep(tmp_path / "run", small()))
    z = latent_points(trained, n)
    alone = np.concatenate([samples_of(trained, z[:, k : k + 1]) for k in range(n)])
    assert samples_of(trained, z) == pytest.approx(alone, rel=1e-10)


def test_a_layer_that_compares_samples_compares_all_of_them(tmp_path: Path) -> None:
    layers = [{"kind": "minibatch", "kernels": 2}, {"kind": "dense", "units": 1}]
    judge = read_trained_networks(
        keep(tmp_path / "run", small(discriminator__layers=layers))
    ).discriminator
    x = np.zeros((2, 2 * AT_ONCE))  # each of the samples is as near as can be to all
    near = np.full((4, 1), 2.0 * AT_ONCE)
    near[:2] = 0
    held = judge.named()
    expected = held["1.weights"] @ near + held["1.biases"]
    assert judge.run(x)[0, 0] == pytest.approx(expected[0, 0], rel=1e-10)


@pytest.fixture
def telling(tmp_path: Path) -> Path:
    """A run whose generator writes the number of the class into every pixel."""
    run = keep(tmp_path / "run", small(**{k.replace(".", "__"): v for k, v in LABELLED.items()}))
    matrix = np.concatenate([np.zeros((784, 3)), np.tile(np.arange(10.0), (784, 1))], axis=1)
    set_weights(run, g=np.concatenate([matrix.ravel(), np.zeros(784)]))
    return run


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (None, [*range(10), 0, 1]),
        (7, [7] * 12),
        ([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]),
        (np.zeros(12, np.uint8), [0] * 12),
    ],
)
def test_labels_go_in_turn_or_as_given(labels: Any, shown: list[int], telling: Path) -> None:
    made = sample(telling, 12, labels=labels)
    assert made.shape == (12, 1, 28, 28)
    assert made.max(axis=(1, 2, 3)).tolist() == made.min(axis=(1, 2, 3)).tolist() == shown


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (10, "no class 10: they are 0 to 9"),
        (-1, "no class -1"),
        ([1, 2], "one whole number or 12 of them"),
        (1.5, "one whole number or 12 of them"),
        ([0.0] * 12, "one whole number or 12 of them"),
    ],
)
def test_labels_that_are_no_classes_are_refused(labels: Any, said: str, telling: Path) -> None:
    with pytest.raises(UsageError, match=said):
        sample(telling, 12, labels=labels)


def test_a_generator_without_labels_takes_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ring8 takes no labels"):
        sample(keep(tmp_path / "run", small()), 3, labels=1)


@pytest.mark.parametrize("n", [0, -3])
def test_zero_samples_are_refused(n: int, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"n = {n}: at least one sample is needed"):
        sample(keep(tmp_path / "run", small()), n)


def test_diverged_weights_give_samples_that_are_not_finite_without_a_warning(
    tmp_path: Path,
) -> None:
    run = keep(tmp_path / "run", small())
    weights = read_trained_networks(run).weights.g
    set_weights(run, g=np.where(np.arange(weights.size) % 2, 1e308, -1e308))
    assert not np.isfinite(sample(run, 4)).all()


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_samples_are_of_the_type_of_the_weights(kind: str, tmp_path: Path) -> None:
    assert sample(keep(tmp_path / "run", small(), kind=kind), 3).dtype == kind
