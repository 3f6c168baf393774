"""The weights of a run as named arrays in one file that any program with NumPy can read."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np

from gandiag.sampling.net import Net
from gandiag.sampling.output import write
from gandiag.sampling.part import Arrays
from gandiag.sampling.trained_networks import TrainedNetworks


def named_arrays(trained: TrainedNetworks) -> Arrays:
    """All arrays of both players by name, without anything that only training needs.

    ``generator/0.weights`` are the weights of the generator's layer 0, counted as in the
    experiment, and ``discriminator/2.biases`` likewise. The buffers of the layers are there too:
    ``1.mean`` and ``1.variance``, the moving averages of a batch norm, and ``0.u``, the left
    singular vector of a spectral norm, by which the weights are not divided yet. Players with
    members have ``generator/member0/0.weights`` and so on. Where the generator keeps a moving
    average of its weights, from which its samples come, it is there as ``sampler/0.weights``.

    The shapes: dense [outputs, inputs], maxout [units · pieces, inputs], minibatch
    [kernels · dimension, inputs], convolution [outputs, inputs, side, side], its transpose
    [inputs, outputs, side, side], biases and all else a channel [channels, 1]. Labels are the last
    inputs. Images are flattened channel by channel and row by row.
    """
    found = _of_player("generator", trained.generator)
    found |= _of_player("discriminator", trained.discriminator)
    if trained.weights.g_average is not None:
        found |= _of_player("sampler", trained.sampler)
    return found


def export_weights(trained: TrainedNetworks, path: Path) -> Arrays:
    """Writes `named_arrays` as an ``.npz`` file, whole or not at all.

    The file also has the texts ``experiment`` (all its values, JSON) and ``run``, and the numbers
    ``seed`` and ``iteration``. No entry is pickled.

    Returns:
        The arrays.

    Raises:
        UsageError: It cannot be written.
    """
    arrays = named_arrays(trained)
    facts: dict[str, Any] = {
        "experiment": np.array(json.dumps(trained.experiment.resolved())),
        "run": np.array(trained.run),
        "seed": np.array(trained.seed),
        "iteration": np.array(trained.weights.iteration),
    }
    file = io.BytesIO()
    np.savez(file, **facts | arrays)
    write(path, file.getvalue())
    return arrays


def _of_player(who: str, net: Net) -> Arrays:
    members = net.player.members
    return {
        f"{who}/{name}" if members == 1 else f"{who}/member{k}/{name}": array
        for k in range(members)
        for name, array in (net.named(k) | net.named_buffers(k)).items()
    }
