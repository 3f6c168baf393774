"""Distributions of data that samples are drawn from, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Samples = NDArray[np.float64]
"""Samples [n, d]."""

Ground = Literal["calibrating", "reporting"]

Draw = Callable[[Generator, int], Samples]


@dataclass(frozen=True, eq=False)
class Population:
    """A distribution of data.

    Attributes:
        name: Its name.
        ground: Thresholds may be set on a ``calibrating`` one, rates are those of the others.
        draw: Draws n samples [n, d].
        size: The number of columns d.
        smooth: The columns in which a shift or another width is a small error: those without gaps
            and without few values. Empty where every shift leaves the data at once.
        parts: Draws from one part alone, by its number, and the parts' shares; empty where the
            data have no parts.
        weights: The shares of the parts.
        junk: Draws where there are no data; None where the data are everywhere.
        real: Draws the real samples, where they are others than those of the generator.
        shape: The shape of an image; empty where the samples are rows.
        experiment: The data of an experiment, where gandiag knows this distribution by formula.
    """

    name: str
    ground: Ground
    draw: Draw
    size: int = 1
    smooth: tuple[int, ...] = ()
    part: Callable[[Generator, int, int], Samples] | None = None
    weights: tuple[float, ...] = ()
    junk: Draw | None = None
    real: Draw | None = None
    shape: tuple[int, ...] = ()
    experiment: Mapping[str, Any] = field(default_factory=dict)

    def draw_real(self, rng: Generator, m: int) -> Samples:
        """Real samples [m, d]."""
        return (self.real or self.draw)(rng, m)

    def draw_parts(self, rng: Generator, n: int, kept: NDArray[np.intp]) -> Samples:
        """Samples [n, d] of some of the parts, in the ratio of their shares."""
        assert self.part is not None
        shares = np.array(self.weights)[kept]
        of = rng.choice(kept, n, p=shares / shares.sum())
        samples = np.empty((n, self.size))
        for number in np.unique(of).tolist():
            samples[of == number] = self.part(rng, int((of == number).sum()), number)
        return samples


def of_parts(
    name: str,
    ground: Ground,
    size: int,
    part: Callable[[Generator, int, int], Samples],
    weights: tuple[float, ...],
    **more: Any,
) -> Population:
    """A distribution that is a mixture of parts."""
    whole = Population(name, ground, lambda rng, n: np.empty((n, size)), size, (), part, weights)
    every = np.arange(len(weights))

    def draw(rng: Generator, n: int) -> Samples:
        return whole.draw_parts(rng, n, every)

    return Population(name, ground, draw, size, part=part, weights=weights, **more)


def robust_scale(samples: Samples) -> Samples:
    """Half the distance of the quantiles at one standard deviation, of every column [d]."""
    low, high = np.quantile(samples, (0.15866, 0.84134), axis=0)
    return np.asarray((high - low) / 2)
