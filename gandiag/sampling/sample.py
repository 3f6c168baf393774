"""Samples of a finished run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.errors import UsageError
from gandiag.running.streams import generator
from gandiag.sampling.part import Floats
from gandiag.sampling.trained_networks import TrainedNetworks, read_trained_networks
from gandiag.store.weights import Which

Labels = int | Sequence[int] | NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class DrawnSamples:
    """Samples, and the inputs they were generated from.

    Attributes:
        trained: The trained run.
        latent: The latent points [size, n].
        classes: The class of each [n]; None where the generator takes no labels.
        samples: [n, *shape].
    """

    trained: TrainedNetworks
    latent: NDArray[np.float32]
    classes: NDArray[np.int64] | None
    samples: Floats

    @property
    def finite(self) -> int:
        """How many samples are finite."""
        return int(np.isfinite(self.samples).reshape(len(self.samples), -1).all(axis=1).sum())


def sample(
    run_directory: str | Path,
    n: int,
    which: Which = "last",
    seed: int | None = None,
    labels: Labels | None = None,
) -> Floats:
    """Draws samples from the generator of a finished run.

    It is run as at a log point: by the moving averages of its batch norms, and by that of its
    weights if it keeps one; several generators generate a part of the samples each, one after the
    other. A run in bf16 is computed in float32 here, and differs by that.

    Args:
        run_directory: The run's directory, e.g. ``"runs/ring8/torch-0003-1f8bd045"``.
        n: How many samples.
        which: ``"last"``, ``"best"`` or the iteration of a snapshot; see `read_trained_networks`.
        seed: Of the latent points; the run's own seed by default. Either way they are points
            that neither the training nor its observations used.
        labels: For a conditional generator the class of all samples or of each [n]; by default
            the classes in turn.

    Returns:
        [n, *shape], images [n, channels, height, width], of the type of the weights.

    Raises:
        UsageError: There are no such samples.
        StoreError: There is no such run, or it has no such weights.
    """
    return draw(read_trained_networks(run_directory, which), n, seed, labels).samples


def draw(
    trained: TrainedNetworks, n: int, seed: int | None = None, labels: Labels | None = None
) -> DrawnSamples:
    """Draws samples as `sample` does, from a trained run.

    Raises:
        UsageError: There are no such samples.
    """
    try:
        latent, classes = latent_points(trained, n, seed), classes_of(trained, n, labels)
        return DrawnSamples(trained, latent, classes, samples_of(trained, latent, classes))
    except MemoryError:
        raise UsageError(f"n = {n} samples do not fit into memory; draw fewer at a time") from None


def latent_points(trained: TrainedNetworks, n: int, seed: int | None = None) -> NDArray[np.float32]:
    """Draws latent points [size, n], from the distribution of the training.

    Raises:
        UsageError: n is below 1.
    """
    if n < 1:
        raise UsageError(f"n = {n}: at least one sample is needed")
    latent = trained.experiment.latent
    points = np.empty((latent.size, n), np.float32)
    latent.fill(generator(trained.seed if seed is None else seed, "sample"), points)
    return points


def samples_of(
    trained: TrainedNetworks, latent: Floats, classes: NDArray[np.integer] | None = None
) -> Floats:
    """The samples [n, *shape] for latent points [size, n] and classes [n]."""
    made = trained.sampler.run(latent, classes)
    members, _, n = made.shape
    edges = [n * k // members for k in range(members + 1)]
    mixture = np.concatenate([made[k, :, edges[k] : edges[k + 1]] for k in range(members)], axis=1)
    return np.ascontiguousarray(mixture.T).reshape(n, *trained.experiment.data.shape)


def classes_of(trained: TrainedNetworks, n: int, labels: Labels | None) -> NDArray[np.int64] | None:
    """The class of each of n samples [n]; None for a generator that takes no labels.

    Raises:
        UsageError: There is no such class, or not one class a sample.
    """
    classes = trained.experiment.game.g_classes
    if not classes:
        if labels is not None:
            raise UsageError(f"the generator of {trained.experiment.name} takes no labels")
        return None
    if labels is None:
        return np.arange(n) % classes
    asked: NDArray[Any] = np.asarray(labels)
    if asked.dtype.kind not in "iu" or asked.shape not in ((), (n,)):
        raise UsageError(f"labels have to be one whole number or {n} of them, one a sample")
    wrong = asked[(asked < 0) | (asked >= classes)]
    if wrong.size:
        raise UsageError(f"there is no class {wrong.flat[0]}: they are 0 to {classes - 1}")
    return np.broadcast_to(asked, n).astype(np.int64)
