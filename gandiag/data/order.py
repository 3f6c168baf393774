"""The order in which a training run iterates over a finite set of samples."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gandiag.errors import DataError

Order = Literal["cyclic", "epochs", "once", "drawn"]
"""The order in which a training run iterates over its samples.

``"cyclic"`` in the order of the file, starting over after the last, never shuffled; ``"epochs"``
reshuffled for each pass; ``"once"`` shuffled once per seed, and then the same full batches again
and again, so that a remainder smaller than a batch is never used; ``"drawn"`` independent
draws. In the first two a batch may end one pass and begin the next.
"""

Key = Callable[[str, int], np.random.Generator]
"""Returns a seed's random generator for a name and a number, the same in every chunk."""

Indices = NDArray[np.intp]


def batches_in(out: NDArray[np.float32]) -> tuple[int, int]:
    """The number of batches in [..., feature, batch], and of samples in each."""
    return math.prod(out.shape[:-2]), out.shape[-1]


def sample_indices(order: Order, n: int, first: int, shape: tuple[int, int], key: Key) -> Indices:
    """The indices of the samples in consecutive batches.

    Args:
        order: The order.
        n: The number of samples in the set.
        first: The index of the first batch.
        shape: The number of batches, and of samples in each.
        key: Returns the random generator of an epoch's permutation, see `Key`.

    Returns:
        The index of each sample, of that shape; it depends only on its place in the stream.

    Raises:
        DataError: The order is ``"once"``, and a batch has more samples than the set.

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
    """The indices of random samples [count]; none repeats before all were drawn once."""
    passes = -(-count // n)
    return np.concatenate([rng.permutation(n) for _ in range(passes)])[:count]


def check_batches(order: Order, n: int, batch: int) -> None:
    """Checks that batches of that size can be taken from ``n`` samples in that order.

    Raises:
        DataError: The order is ``"once"``, and a batch has more samples than the set.
    """
    if order == "once" and n < batch:
        raise DataError(
            f'order = "once" uses full batches of different samples: a batch of {batch} '
            f'needs as many, and there are {n}; take a smaller batch, or order = "epochs"'
        )
