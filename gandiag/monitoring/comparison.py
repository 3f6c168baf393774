"""What generated samples are compared with, and how often: checked when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from numpy.typing import NDArray

from gandiag.data.samples import Samples
from gandiag.errors import UsageError
from gandiag.measure.known import most_of
from gandiag.monitoring.coercion import to_real_samples, whole_number
from gandiag.monitoring.known_groups import NOTHING_KNOWN, Groups
from gandiag.monitoring.measuring import Measuring, OwnMetric


@runtime_checkable
class Evaluator(Protocol):
    """A feature extractor of your own, e.g. a network: anything with a name and features.

    The name is recorded with every run that was measured on its features, because numbers from
    two evaluators cannot be compared. Change it when the weights change.
    """

    @property
    def name(self) -> str:
        """Distinguishes it from others, e.g. ``"mnist-cnn-3f2a"``."""

    def features(self, samples: NDArray[Any], /) -> Any:
        """The features [n, d] of samples [n, ...], as an array of any framework."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """What samples are compared with, and how often.

    Attributes:
        real: The real samples, if there are any.
        every: The steps between two rows.
        measuring: What is measured of generated samples.
        evaluator: The name of the evaluator whose features are measured, if there is one.
    """

    real: Samples | None
    every: int
    measuring: Measuring
    evaluator: str | None


def make_comparison(
    real: Any,
    every: int,
    metrics: Mapping[str, OwnMetric | None] | None,
    evaluator: Evaluator | None,
    groups: Groups = NOTHING_KNOWN,
) -> Comparison:
    """Checks and combines the arguments of `gandiag.Monitor`.

    Raises:
        UsageError: One of them is not valid.
    """
    every = whole_number(every, "every, the steps between two rows,", 1)
    if evaluator is not None and not isinstance(evaluator, Evaluator):
        raise UsageError("an evaluator has a name and features(samples); see gandiag.Evaluator")
    samples = None if real is None else to_real_samples(real)
    modes, classes = groups.known_modes(), groups.known_classes(samples)
    if samples is None and modes is not None and evaluator is None:
        samples = to_real_samples(modes.drawn(most_of(modes.centres.shape[1])))
    features = None if evaluator is None else evaluator.features
    try:
        measuring = Measuring(samples, metrics, features, modes, classes)
    except UsageError:
        raise
    except Exception as error:  # a user's evaluator may fail in any way
        cause = f"{type(error).__name__}: {error}"
        raise UsageError(f"the evaluator failed on the real samples: {cause}") from error
    return Comparison(samples, every, measuring, None if evaluator is None else evaluator.name)
