"""The networks of a finished run as models of plain Keras layers.

::

    from gandiag_keras.models import generator

    G = generator("runs/ring8/torch-0003-1f8bd045")
    samples = G(keras.random.normal((64, 2)))

A run of any backend can be loaded, and the model can be saved and read without gandiag. Inside,
images have their channels last, as usual in Keras; inputs and outputs have them first, as in the
experiment. Minibatch discrimination and a learned constant are refused: Keras has no layer for
them. Weights with a spectral norm are divided by it. A run in bf16 is loaded as float32, and
differs by the rounding.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from gandiag.sampling import Net, Which, read_trained_networks
from gandiag_keras.layers import append_labels, stages


def generator(run_directory: str | Path, which: Which = "last", member: int = 0) -> keras.Model:
    """The generator as it is sampled, with the moving average of its weights if it has one.

    Args:
        run_directory: The run's directory, e.g. ``"runs/ring8/torch-0003-1f8bd045"``.
        which: ``"last"``, ``"best"``, or the iteration of a snapshot.
        member: Which of several generators, counted from 0.

    Returns:
        A model of the type of the weights. It maps latent points [batch, size] to samples
        [batch, *shape]; a conditional one takes [points, classes], classes [batch, 1] as
        integers.

    Raises:
        UsageError: The run, the weights or the member does not exist, or it has a layer that
            Keras does not have.
    """
    trained = read_trained_networks(run_directory, which)
    return _model(trained.sampler, member, None, trained.experiment.data.shape)


def discriminator(run_directory: str | Path, which: Which = "last", member: int = 0) -> keras.Model:
    """The discriminator up to its last layer, which for a GAN gives logits, not probabilities.

    Batch norms use their moving averages; in the training and at its log points D uses the
    statistics of the batch, so its outputs there differ.

    Args:
        run_directory: The run's directory.
        which: As for `generator`.
        member: Which of several discriminators, counted from 0.

    Returns:
        A model. It maps samples [batch, *shape] to outputs [batch, outputs]; a discriminator of
        several samples at once takes the features [batch, features] that ``discriminator.sees``
        computes from them. With two outputs, the second minus the first is the logit. A conditional
        one takes [samples, classes], classes [batch, 1].

    Raises:
        UsageError: The run, the weights or the member does not exist, or it has a layer that
            Keras does not have.
    """
    trained = read_trained_networks(run_directory, which)
    net, shape = trained.discriminator, trained.experiment.data.shape
    return _model(net, member, shape if trained.experiment.data.size == net.inputs else None, None)


def _model(net: Net, member: int, input_shape: Any, output_shape: Any) -> keras.Model:
    """A network with inputs and outputs of these shapes; None for flat ones."""
    kind = net.weights.dtype.name
    start = x = keras.Input(input_shape or (net.inputs,), dtype=kind)
    if input_shape is not None:
        x = keras.layers.Flatten(dtype=kind)(x)
    inputs, labels = [start], None
    if net.classes:
        inputs.append(keras.Input((1,), dtype="int32"))
        encode = keras.layers.CategoryEncoding(net.classes, output_mode="one_hot", dtype=kind)
        labels = encode(inputs[1])
    for part in net.parts(member):
        if part.labels:
            x = append_labels(x, labels, kind)
        for layer, weights in stages(part, kind):
            x = layer(x)
            if weights:
                layer.set_weights(weights)
    if output_shape is not None:
        x = keras.layers.Reshape(output_shape, dtype=kind)(x)
    return keras.Model(inputs if net.classes else start, x)
