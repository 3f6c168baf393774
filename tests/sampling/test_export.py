"""The weights as named arrays: all of them, once, and enough to compute with."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gandiag.errors import UsageError
from gandiag.experiment.loading import experiment_from
from gandiag.sampling import latent_points, read_trained_networks, samples_of
from gandiag.sampling.export import export_weights

from .kept import keep, small


def test_a_generator_can_be_computed_from_the_file_alone(tmp_path: Path) -> None:
    trained = read_trained_networks(keep(tmp_path / "run", small(), seed=2))
    export_weights(trained, tmp_path / "w.npz")
    held = np.load(tmp_path / "w.npz", allow_pickle=False)
    z = latent_points(trained, 6)
    hidden = held["generator/0.weights"] @ z + held["generator/0.biases"]
    hidden = np.where(hidden > 0, hidden, np.expm1(hidden))
    made = held["generator/1.weights"] @ hidden + held["generator/1.biases"]
    assert samples_of(trained, z) == pytest.approx(made.T, rel=1e-10)
    assert experiment_from(json.loads(str(held["experiment"])), "file") == trained.experiment
    assert (str(held["run"]), int(held["seed"])) == (trained.run, 2)
    assert int(held["iteration"]) == trained.weights.iteration


def test_every_weight_is_exported_once(tmp_path: Path) -> None:
    norm = [{"kind": "batch-norm"}, {"kind": "dense", "units": 1, "spectral_norm": True}]
    trained = read_trained_networks(
        keep(
            tmp_path / "run",
            small(generator__members=2, generator__average=0.5, discriminator__layers=norm),
        )
    )
    arrays = export_weights(trained, tmp_path / "w.npz")
    assert {"generator/member1/0.weights", "sampler/member0/1.biases"} < set(arrays)
    assert {"discriminator/0.mean", "discriminator/0.variance", "discriminator/1.u"} < set(arrays)
    of_run = [a for n, a in trained.weights.arrays().items() if n != "iteration"]
    whole = np.sort(np.concatenate(of_run))
    assert np.array_equal(np.sort(np.concatenate([a.ravel() for a in arrays.values()])), whole)


def test_a_place_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    trained = read_trained_networks(keep(tmp_path / "run", small()))
    with pytest.raises(UsageError, match=r"cannot write .*absent"):
        export_weights(trained, tmp_path / "absent" / "w.npz")
