"""The standard metrics of generated samples; the data determine which are recorded.

To add one, write its function (here or in a file of its own), add a row to `STANDARD`, and one for
its column to `gandiag.columns.TABLE`: sweeps and monitors then record it, and ``--json`` and the
report show it. It has to work for ten samples too: that is how the columns are listed before a
training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.data import Data, Mnist, StackedMnist
from gandiag.data.mixtures import Mixture
from gandiag.measure import coordinates
from gandiag.measure.estimates import Estimates
from gandiag.measure.handwriting import handwriting
from gandiag.measure.known import Known
from gandiag.measure.modes import modes
from gandiag.measure.reach import directions, scores, shares
from gandiag.measure.stacks import stacks
from gandiag.metrics import Estimate

IN_SPACE = 3
"""Up to this number of coordinates, each has its own moments."""

Measured = Sequence[Estimates]
"""The estimates of every lane, by column."""


@dataclass(frozen=True)
class Metric:
    """A standard metric.

    Attributes:
        name: Its name, by which a monitor can leave it out: ``metrics={"ks": None}``.
        suits: Whether it can be computed for some data.
        measure: Computes the estimates of samples [lane, size, n], by column, lane by lane.
        thorough: Whether ``measure`` also takes ``thorough=``; if that is False, expensive
            estimates are None.
    """

    name: str
    suits: Callable[[Known], bool]
    measure: Callable[..., Measured]
    thorough: bool = False

    def __call__(self, known: Known, samples: NDArray[Any], thorough: bool = True) -> Measured:
        """The estimates of every lane of samples [lane, size, n], by column."""
        more = {"thorough": thorough} if self.thorough else {}
        return self.measure(known, samples, **more)


def of_each(name: str, metric: Callable[..., Estimate]) -> Callable[..., Measured]:
    """A metric of `gandiag.metrics` that compares every lane with the real samples.

    Args:
        name: The column.
        metric: Takes ``real=`` [m, size] and ``fake=`` [n, size].
    """

    def measure(known: Known, samples: NDArray[Any]) -> Measured:
        return [{name: metric(real=known.real, fake=lane.T)} for lane in samples]

    return measure


def on_a_line(known: Known) -> bool:
    """Whether a sample is one number."""
    return known.size == 1


def in_space(known: Known) -> bool:
    """Whether a sample has few coordinates, each of which is measured."""
    return 1 < known.size <= IN_SPACE


def wide(known: Known) -> bool:
    """Whether a sample has more coordinates than that."""
    return known.size > IN_SPACE


def compared(known: Known) -> bool:
    """Whether there are real samples to compare with."""
    return known.real is not None


def scored(known: Known) -> bool:
    """Whether the data are known by real samples alone."""
    return known.by_samples_only and known.real is not None


def compared_on_a_line(known: Known) -> bool:
    """Whether a sample is one number, and real samples or an exact distribution are known."""
    return known.size == 1 and (known.exact is not None or known.real is not None)


def compared_in_space(known: Known) -> bool:
    """Whether a sample has several coordinates, and there are real samples to compare with."""
    return known.size > 1 and known.real is not None


def has_modes(known: Known) -> bool:
    """Whether the data are a mixture, or a user said where their modes are."""
    return known.modes is not None or isinstance(known.data, Mixture)


def is_image(data: Data) -> bool:
    """Whether a sample is an image, [channels, height, width]."""
    return len(data.shape) == 3


def _digits(known: Known, samples: NDArray[Any], thorough: bool) -> Measured:
    return handwriting(_grey(known.data, samples), thorough)


def _stacks(known: Known, samples: NDArray[Any]) -> Measured:
    return stacks(_grey(known.data, samples))


def _grey(data: Any, samples: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """The images of each lane as displayed: ink 1 on paper 0, clipped to that range."""
    for lane in samples:
        scaled = (lane - np.float32(data.low)) / np.float32(data.high - data.low)
        yield np.where(np.isfinite(lane), np.clip(scaled, 0, 1), np.nan)


STANDARD = (
    Metric("moments", lambda known: not wide(known), coordinates.each_moment),
    Metric("cov", in_space, coordinates.covariances),
    Metric("moments", wide, coordinates.pooled_moments),
    Metric("spread", wide, coordinates.each_spread),
    *(
        Metric(name, compared_on_a_line, partial(coordinates.distance_on_the_line, name))
        for name in coordinates.ON_THE_LINE
    ),
    Metric("sliced_wasserstein", compared_in_space, coordinates.sliced),
    Metric("scores", lambda known: scored(known) and not wide(known), scores),
    Metric("scores", lambda known: scored(known) and wide(known), directions, thorough=True),
    Metric("reach", compared, shares, thorough=True),
    Metric("modes", has_modes, modes),
    Metric("digits", lambda known: isinstance(known.data, Mnist), _digits, thorough=True),
    Metric("stacks", lambda known: isinstance(known.data, StackedMnist), _stacks),
)
"""All standard metrics, in the order of their columns."""


def metrics_of(known: Known) -> list[Metric]:
    """The metrics that suit some data."""
    return [metric for metric in STANDARD if metric.suits(known)]


def names_of_any_data() -> list[str]:
    """The names of the metrics that apply to data known by samples alone."""
    sizes = (1, IN_SPACE, IN_SPACE + 1)
    examples = [Known(size, samples=np.zeros((1, size))) for size in sizes]
    return list(dict.fromkeys(each.name for known in examples for each in metrics_of(known)))
