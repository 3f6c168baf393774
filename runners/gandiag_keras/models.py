"""The networks of a finished run as models of plain Keras layers.

::

    from gandiag_keras.models import generator

    G = generator("runs/ring8/torch-0003-1f8bd045")
    samples = G(keras.random.normal((64, 2)))

A run of any backend can be loaded, and the model saved and read without gandiag. Inside, images
have their channels last, as Keras has them; what goes in and comes out has them first, as in the
experiment. Refused are minibatch discrimination and a learnt point, which are no plain layers;
weights with a spectral norm are divided by it. A run in bf16 is loaded as float32, and differs by
the rounding.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from gandiag.sampling import Net, Which, read_learned
from gandiag_keras.layers import beside, stages


def generator(run_directory: str | Path, which: Which = "last", member: int = 0) -> keras.Model:
    """The generator, as it is sampled: by the moving average of its weights if it keeps one.

    Args:
        run_directory: The run's directory, e.g. ``"runs/ring8/torch-0003-1f8bd045"``.
        which: ``"last"``, ``"best"``, or the iteration of a snapshot.
        member: Which of several generators, counted from 0.

    Returns:
        A model of the type of the weights. It maps latent points [batch, size] to samples
        [batch, *shape]; a conditional one takes [points, classes], classes [batch, 1] as whole
        numbers.

    Raises:
        UsageError: There is no such run, such weights or such a member, or it has a layer that
            is no plain one.
    """
    learned = read_learned(run_directory, which)
    return _model(learned.sampler, member, None, learned.experiment.data.shape)


def discriminator(run_directory: str | Path, which: Which = "last", member: int = 0) -> keras.Model:
    """The discriminator, up to its last layer: of a GAN logits, and no probabilities.

    Batch norms work by their moving averages, while in the training and its log points D looks at
    batches: its answers there are others.

    Args:
        run_directory: The run's directory.
        which: As of `generator`.
        member: Which of several discriminators, counted from 0.

    Returns:
        A model. It maps samples [batch, *shape] to answers [batch, outputs]; one that sees several
        samples or a batch takes what ``discriminator.sees`` makes of them, [batch, features]. Of
        two outputs, the second less the first is the logit. A conditional one takes
        [samples, classes], classes [batch, 1].

    Raises:
        UsageError: There is no such run, such weights or such a member, or it has a layer that
            is no plain one.
    """
    learned = read_learned(run_directory, which)
    net, shape = learned.discriminator, learned.experiment.data.shape
    return _model(net, member, shape if learned.experiment.data.size == net.inputs else None, None)


def _model(net: Net, member: int, given: Any, made: Any) -> keras.Model:
    """A network between samples of the given and the made shape; None for flat ones."""
    kind = net.weights.dtype.name
    start = x = keras.Input(given or (net.inputs,), dtype=kind)
    if given is not None:
        x = keras.layers.Flatten(dtype=kind)(x)
    inputs, labels = [start], None
    if net.classes:
        inputs.append(keras.Input((1,), dtype="int32"))
        encode = keras.layers.CategoryEncoding(net.classes, output_mode="one_hot", dtype=kind)
        labels = encode(inputs[1])
    for part in net.parts(member):
        if part.labels:
            x = beside(x, labels, kind)
        for layer, weights in stages(part, kind):
            x = layer(x)
            if weights:
                layer.set_weights(weights)
    if made is not None:
        x = keras.layers.Reshape(made, dtype=kind)(x)
    return keras.Model(inputs if net.classes else start, x)
