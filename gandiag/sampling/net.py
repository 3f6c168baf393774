"""The networks of one player with their trained weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.errors import UsageError
from gandiag.sampling.part import Arrays, Floats, Part, used
from gandiag.training import numpy_operations
from gandiag.training.layers import Pass, Shape
from gandiag.training.players import Player

AT_ONCE = 100
"""Samples that go through a network together: the patches of a convolution take memory."""


@dataclass(frozen=True, eq=False)
class Net:
    """The networks of one player, one for each of its members.

    Attributes:
        player: Their settings in the experiment.
        inputs: The number of features of the input, labels apart.
        classes: The number of classes of the labels that they take; 0 for none.
        weights: The weights of all members, one after the other, flat.
        buffers: The buffers of their layers, likewise; None for none.
    """

    player: Player
    inputs: int
    classes: int
    weights: Floats
    buffers: Floats | None

    def run(self, x: Floats, classes: NDArray[np.integer] | None = None) -> Floats:
        """The output of every member for every input, as in sampling: with moving averages.

        A layer that compares the samples of a batch takes all of them as one.

        Args:
            x: [inputs, n].
            classes: The class of each input [n], where the player takes labels.

        Returns:
            [members, outputs, n], of the type of the weights. Values may be infinite or NaN:
            a diverged generator is an outcome here as in training.
        """
        x = x.astype(self.weights.dtype)
        labels = None if classes is None else self._one_hot(classes)
        step = x.shape[1] if self.player.compares_samples else AT_ONCE
        pieces = [slice(k, k + step) for k in range(0, x.shape[1], step)]
        with np.errstate(all="ignore"):
            made = [self._run(x[:, p], None if labels is None else labels[:, p]) for p in pieces]
        return np.concatenate(made, axis=2)

    def parts(self, member: int = 0) -> list[Part]:
        """The layers of one member.

        Raises:
            UsageError: There is no such member.
        """
        held = self.named(member) | self.named_buffers(member)
        found: list[Part] = []
        before: Shape = (self.inputs,)
        shapes = self.player.shapes(self.inputs, self.classes)
        for index, (layer, given) in enumerate(zip(self.player.layers, shapes, strict=False)):
            made, own = layer.shape(given), _of_layer(index, held)
            found.append(Part(layer, given, made, given[0] - before[0], used(layer, own)))
            before = made
        return found

    def named(self, member: int = 0) -> Arrays:
        """The weights of one member by name, e.g. ``"0.weights"`` [outputs, inputs].

        Raises:
            UsageError: There is no such member.
        """
        return self.player.named(self.inputs, self._own(self.weights, member), self.classes)

    def named_buffers(self, member: int = 0) -> Arrays:
        """The buffers of one member by name, e.g. ``"1.mean"`` [features, 1].

        Raises:
            UsageError: There is no such member.
        """
        if self.buffers is None:
            return {}
        return self.player.named_buffers(self.inputs, self._own(self.buffers, member), self.classes)

    def _run(self, x: Floats, labels: Floats | None) -> Floats:
        buffers = None if self.buffers is None else self.buffers[None]
        shown = None if labels is None else labels[None]
        how = Pass(numpy_operations, buffers, shown, sampling=True)
        made: Floats = self.player.run({"weights": self.weights[None]}, x[None], how)[0]
        return made

    def _own(self, rows: Floats, member: int) -> Floats:
        members = self.player.members
        if not 0 <= member < members:
            raise UsageError(
                f"there is no member {member}: the player has {members}, counted from 0"
            )
        own: Floats = rows.reshape(members, -1)[member]
        return own

    def _one_hot(self, classes: NDArray[np.integer]) -> Floats:
        """Labels [classes, n]."""
        return np.asarray(np.arange(self.classes)[:, None] == classes, self.weights.dtype)


def _of_layer(index: int, named: Mapping[str, Floats]) -> Arrays:
    """The arrays of one layer by the names that it gives them."""
    pairs = [(name.partition("."), array) for name, array in named.items()]
    return {name: array for (place, _, name), array in pairs if place == str(index)}
