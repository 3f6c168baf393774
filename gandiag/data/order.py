"""The order in which a training goes through a finite set of samples."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gandiag.errors import DataError

Order = Literal["cyclic", "epochs", "once", "drawn"]
"""How a training goes through its samples.

``"cyclic"`` in the order of the file, starting over after the last, never shuffled; ``"epochs"``
reshuffled for each pass; ``"once"`` shuffled once a seed, and then the same whole batches again
and again, so that a remainder too small for a batch is never seen; ``"drawn"`` independent
draws. In the first two a batch may end one pass and begin the next.
"""

Key = Callable[[str, int], np.random.Generator]
"""A generator of a seed's stream by a name and a number, the same in every chunk."""

Indices = NDArray[np.intp]


def batches_in(out: NDArray[np.float32]) -> tuple[int, int]:
    """How many batches [..., feature, batch] has room for, and how many samples each."""
    return math.prod(out.shape[:-2]), out.shape[-1]


def sample_indices(order: Order, n: int, first: int, shape: tuple[int, int], key: Key) -> Indices:
    """The indices of the samples in consecutive batches.

    Args:
        order: The order.
        n: How many samples there are.
        first: How many batches went before.
        shape: The number of batches, and of samples in each.
        key: Gives the generator of an epoch's permutation.

    Returns:
        The index of each sample, of that shape: a function of its place in the stream alone.

    Raises:
        DataError: A batch needs more samples than there are, and the order repeats none in it.

    >>> sample_indices("cyclic", 5, first=1, shape=(2, 3), key=lambda name, number: None).tolist()
    [[3, 4, 0], [1, 2, 3]]
    """
    batches, batch = shape
    if order == "drawn":
        return np.stack([key("drawn", first + k).integers(n, size=batch) for k in range(batches)])
    check_batches(order, n, batch)
    if order == "once":
        turns: Indices = (first + np.arange(batches)) % (n // batch)
        return np.take(key("epoch", 0).permutation(n), turns[:, None] * batch + np.arange(batch))
    steps: Indices = (first * batch + np.arange(batches * batch)).reshape(shape)
    if order == "cyclic":
        return steps % n
    begin, end = int(steps[0, 0]) // n, int(steps[-1, -1]) // n
    permutations = [key("epoch", epoch).permutation(n) for epoch in range(begin, end + 1)]
    return np.concatenate(permutations)[steps - begin * n]


def shuffled(n: int, count: int, rng: np.random.Generator) -> Indices:
    """Random samples [count]; none repeats before all have been drawn once."""
    passes = -(-count // n)
    return np.concatenate([rng.permutation(n) for _ in range(passes)])[:count]


def check_batches(order: Order, n: int, batch: int) -> None:
    """Makes sure that ``n`` samples can be gone through in that order and so large batches.

    Raises:
        DataError: A batch needs more samples than there are, and the order repeats none in it.
    """
    if order == "once" and n < batch:
        raise DataError(
            f'order = "once" goes through whole batches of different samples: a batch of {batch} '
            f'needs as many, and there are {n}; take a smaller batch, or order = "epochs"'
        )
