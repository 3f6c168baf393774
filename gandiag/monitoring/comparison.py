"""What a run's samples are compared with, and how often: valid from birth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gandiag.data.samples import Samples
from gandiag.errors import UsageError
from gandiag.monitoring.coercion import counted, real_of
from gandiag.monitoring.evaluator import Evaluator
from gandiag.monitoring.measuring import Measuring, Metric


@dataclass(frozen=True, eq=False)
class Comparison:
    """The measure of a series.

    Attributes:
        real: The real samples, if there are any.
        every: The steps between two rows.
        measuring: What is measured of generated samples.
        evaluator: The name of what they are looked at through, if anything.
    """

    real: Samples | None
    every: int
    measuring: Measuring
    evaluator: str | None


def comparison(
    real: Any,
    every: int,
    metrics: Mapping[str, Metric | None] | None,
    evaluator: Evaluator | None,
) -> Comparison:
    """Brings together what a user says; see `gandiag.Monitor`.

    Raises:
        UsageError: Something is not valid.
    """
    every = counted(every, "every, the steps between two rows,", 1)
    if evaluator is not None and not isinstance(evaluator, Evaluator):
        raise UsageError("an evaluator has a name and features(samples); see gandiag.Evaluator")
    known = None if real is None else real_of(real)
    features = None if evaluator is None else evaluator.features
    try:
        measuring = Measuring(known, metrics, features)
    except UsageError:
        raise
    except Exception as error:  # the user's evaluator may fail in any way
        what = f"{type(error).__name__}: {error}"
        raise UsageError(f"the evaluator failed on the real samples: {what}") from error
    return Comparison(known, every, measuring, None if evaluator is None else evaluator.name)
