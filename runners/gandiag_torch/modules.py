"""The networks of a finished run as plain PyTorch modules.

::

    from gandiag_torch.modules import generator

    G = generator("runs/ring8/torch-0003-1f8bd045")
    samples = G(torch.randn(64, 2))

A run of any backend can be loaded. What has no layer in PyTorch (maxout, minibatch discrimination,
a learned constant, labels appended to an input) is a small module of ours; weights with a spectral
norm are divided by it. A run in bf16 is loaded as float32, and differs by the rounding.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from gandiag.sampling import Net, Which, read_trained_networks
from gandiag_torch.layers import layers


def generator(run_directory: str | Path, which: Which = "last", member: int = 0) -> nn.Module:
    """The generator, as it is sampled: by the moving average of its weights if it keeps one.

    Args:
        run_directory: The run's directory, e.g. ``"runs/ring8/torch-0003-1f8bd045"``.
        which: ``"last"``, ``"best"``, or the iteration of a snapshot.
        member: Which of several generators, counted from 0.

    Returns:
        A module in evaluation mode, of the type of the weights. It maps latent points
        [batch, size] to samples [batch, *shape]; a conditional one takes the classes [batch],
        whole numbers, as its second argument.

    Raises:
        UsageError: There is no such run, no such weights or member, or no PyTorch layer for one of
            its layers.
    """
    trained = read_trained_networks(run_directory, which)
    return _module(trained.sampler, member, [], [nn.Unflatten(1, trained.experiment.data.shape)])


def discriminator(run_directory: str | Path, which: Which = "last", member: int = 0) -> nn.Module:
    """The discriminator, up to its last layer: of a GAN logits, and no probabilities.

    Batch norms work by their moving averages, while in the training and its log points D looks at
    batches: its answers there are others. In training mode it looks at batches too.

    Args:
        run_directory: The run's directory.
        which: As of `generator`.
        member: Which of several discriminators, counted from 0.

    Returns:
        A module in evaluation mode. It maps samples [batch, *shape] to outputs [batch, outputs];
        one that sees packed samples takes [batch, count, *shape], one that sees a batch or its
        moments takes these as ``discriminator.sees`` makes them. Of two outputs, the second less
        the first is the logit. A conditional one takes the classes [batch] as its second argument.

    Raises:
        UsageError: There is no such run, no such weights or member, or no PyTorch layer for one of
            its layers.
    """
    trained = read_trained_networks(run_directory, which)
    return _module(trained.discriminator, member, [nn.Flatten()], [])


class Labelled(nn.Module):
    """Layers in a row, some with one-hot labels appended to their input.

    Args:
        layers: The layers.
        labelled: For each layer whether labels are appended to its input.
        classes: How many classes there are.
    """

    def __init__(self, layers: list[nn.Module], labelled: list[bool], classes: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.labelled = labelled
        self.classes = classes

    def forward(self, x: Tensor, classes: Tensor) -> Tensor:
        """Maps x [batch, ...] of the given classes [batch]."""
        labels = nn.functional.one_hot(classes.long(), self.classes).to(x.dtype)
        for layer, labelled in zip(self.layers, self.labelled, strict=True):
            if labelled:
                shown = labels.reshape(*labels.shape, *[1] * (x.ndim - 2))
                x = torch.cat([x, shown.expand(-1, -1, *x.shape[2:])], 1)
            x = layer(x)
        return x


def _module(net: Net, member: int, first: list[nn.Module], last: list[nn.Module]) -> nn.Module:
    """A network between some layers of another shape."""
    placed = [(each, False) for each in first]
    for part in net.parts(member):
        own = layers(part)
        placed += [(each, part.labels > 0 and each is own[0]) for each in own]
    placed += [(each, False) for each in last]
    rows, labelled = [each for each, _ in placed], [labels for _, labels in placed]
    return (Labelled(rows, labelled, net.classes) if net.classes else nn.Sequential(*rows)).eval()
