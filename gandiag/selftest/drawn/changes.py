"""How a generator goes wrong, from mild to severe, with its true state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from gandiag.selftest.drawn.population import Population, Samples, robust_scale
from gandiag.selftest.drawn.truth import State

EXACT = 200_000
"""The numbers from which a population's quantity is computed where there is no closed form."""

CELLS = 200
"""The cells of equal mass in which lost and misplaced shares are counted."""

SIDE = 24
"""The cells along either side of the plane."""

PLANE = 2
"""Up to this number of columns there are such cells."""

HARDLY_ANY = 0.05
"""A cell with less than this part of its mass is not reached."""

PERIODS = (6.0, 12.0)
"""The shortest and the longest period of an oscillation, in log points."""


@dataclass(frozen=True)
class Change:
    """What a generator draws, once it is wrong.

    Attributes:
        draw: Draws n samples [n, d] at so many log points after the onset.
        state: Its population against the data's.
    """

    draw: Callable[[Generator, int, int], Samples]
    state: State


Make = Callable[[Generator, Population, float], Change]


def none(rng: Generator, data: Population, strength: float) -> Change:
    """Draws from the data."""
    return Change(lambda rng, n, since: data.draw(rng, n), State())


def offset(rng: Generator, data: Population, strength: float) -> Change:
    """One column is off by that many robust standard deviations."""
    column = int(rng.choice(data.smooth))
    scale = float(robust_scale(_many(data))[column])

    def moved(samples: Samples) -> Samples:
        samples[:, column] += strength * scale
        return samples

    def draw(rng: Generator, n: int, since: int) -> Samples:
        return moved(data.draw(rng, n))

    gone, off = unshared(data, moved)
    return Change(draw, State(gone, off, offset=strength, distance=strength))


def width(rng: Generator, data: Population, strength: float) -> Change:
    """The smooth columns have that ratio of the data's width, about the median."""
    columns, many = list(data.smooth), _many(data)
    centre = np.median(many, axis=0)[columns]
    away = np.abs(many[:, columns] - centre).mean(axis=0) / robust_scale(many)[columns]

    def moved(samples: Samples) -> Samples:
        samples[:, columns] = centre + strength * (samples[:, columns] - centre)
        return samples

    def draw(rng: Generator, n: int, since: int) -> Samples:
        return moved(data.draw(rng, n))

    # Scaling about the median is the optimal transport along each column.
    far = abs(strength - 1) * float(away.max())
    gone, off = unshared(data, moved)
    return Change(draw, State(gone, off, width=strength, distance=far))


def lost(rng: Generator, data: Population, strength: float) -> Change:
    """That share of the data is never drawn: parts of them, or all beyond a quantile."""
    if data.weights:
        return _lost_parts(rng, data, strength)
    first = data.smooth[0] if data.smooth else 0
    bound = float(np.quantile(_many(data)[:, first], 1 - strength))

    def draw(rng: Generator, n: int, since: int) -> Samples:
        samples = data.draw(rng, int(n / (1 - strength) * 1.3) + 50)
        kept = samples[samples[:, first] <= bound]
        return kept[:n] if len(kept) >= n else draw(rng, n, since)

    return Change(draw, State(lost=strength, distance=strength))


def misplaced(rng: Generator, data: Population, strength: float) -> Change:
    """That share of the samples lies where there are no data."""
    junk = data.junk
    assert junk is not None

    def draw(rng: Generator, n: int, since: int) -> Samples:
        samples = data.draw(rng, n)
        off = np.flatnonzero(rng.random(n) < strength)
        samples[off] = junk(rng, len(off))
        return samples

    return Change(draw, State(misplaced=strength, distance=strength))


def repeated(rng: Generator, data: Population, strength: float) -> Change:
    """Only so many distinct samples of the data are drawn."""
    few = data.draw(rng, max(1, round(strength)))

    def draw(rng: Generator, n: int, since: int) -> Samples:
        return few[rng.integers(len(few), size=n)]

    return Change(draw, State(lost=1.0, distance=1.0))


def swing(rng: Generator, data: Population, strength: float) -> Change:
    """The mean oscillates with that amplitude, in robust standard deviations."""
    column, period = int(data.smooth[0]), rng.uniform(*PERIODS)
    scale = float(robust_scale(_many(data))[column])

    def draw(rng: Generator, n: int, since: int) -> Samples:
        samples = data.draw(rng, n)
        samples[:, column] += strength * scale * np.sin(2 * np.pi * since / period)
        return samples

    return Change(draw, State(swing=strength))


def scrambled(rng: Generator, data: Population, strength: float) -> Change:
    """The columns are independent of each other; the truth is that of a correlation of .95."""

    def draw(rng: Generator, n: int, since: int) -> Samples:
        samples = data.draw(rng, n)
        return np.stack([rng.permutation(column) for column in samples.T], 1)

    return Change(draw, State(misplaced=_outside_the_ellipse()))


def fixed(change: Change, rng: Generator, n: int) -> Change:
    """The same latent points at every log point: the same samples, drifting a little.

    Their own error does not average out, so that it is a part of no state.
    """
    same = change.draw(rng, n, 0)
    step = 0.002 * robust_scale(same)
    step[[len(np.unique(column)) <= 2 for column in same.T]] = 0.0  # a binary column stays one

    def draw(rng: Generator, n: int, since: int) -> Samples:
        return same + step * rng.standard_normal(same.shape)

    return replace(change, draw=draw)


def _lost_parts(rng: Generator, data: Population, share: float) -> Change:
    """Parts are lost so that the share is as near as it gets with a few random orders."""
    weights = np.array(data.weights)
    orders = [rng.permutation(len(weights)) for _ in range(8)]
    gone = np.cumsum(weights[np.array(orders)], axis=1)[:, :-1]
    which, count = np.unravel_index(np.abs(gone - share).argmin(), gone.shape)
    kept, mass = np.sort(orders[which][count + 1 :]), float(gone[which, count])

    def draw(rng: Generator, n: int, since: int) -> Samples:
        return data.draw_parts(rng, n, kept)

    return Change(draw, State(lost=mass, distance=mass))


def unshared(data: Population, moved: Callable[[Samples], Samples]) -> tuple[float, float]:
    """The lost and the misplaced share where all samples of one or two numbers are moved.

    Of many columns there is no such estimate, and both are given as 0, the least they can be.
    """
    if data.size > PLANE:
        return 0.0, 0.0
    real, fake = _many(data), moved(_many(data))
    return _without(real, fake), _without(fake, real)


def _without(these: Samples, others: Samples) -> float:
    """The share of these in cells that have hardly any of the others."""
    own, other = _counts(these, these), _counts(these, others)
    return float(own[other < HARDLY_ANY * own].sum())


def _counts(these: Samples, samples: Samples) -> Samples:
    """The shares of samples in cells: of equal mass of these, in the plane of equal size."""
    if these.shape[1] == 1:
        edges = np.unique(np.quantile(these, np.linspace(0, 1, CELLS + 1)))
        return np.asarray(np.histogram(samples[:, 0], edges)[0] / len(samples))
    root = np.linalg.inv(np.linalg.cholesky(np.cov(these.T)))  # cells that a correlation fills
    along, across = root @ (samples - these.mean(axis=0)).T
    ends = np.linspace(-4, 4, SIDE + 1)
    return np.asarray(np.histogram2d(along, across, (ends, ends))[0] / len(samples))


def _many(data: Population) -> Samples:
    """A large draw, from which the population's quantiles are computed."""
    return data.draw(np.random.default_rng(0), EXACT // data.size)


def _outside_the_ellipse() -> float:
    """The share of independent normal pairs beyond 98 % of pairs with a correlation of .95."""
    x, y = np.random.default_rng(0).standard_normal((2, EXACT))
    squared = (x * x + y * y - 2 * 0.95 * x * y) / (1 - 0.95**2)
    return float((squared > -2 * np.log(0.02)).mean())
