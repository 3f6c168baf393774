"""Computes the values of single batches from running means."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras


class BatchValues:
    """The values of single batches.

    What ``train_step`` returns may be a loss itself, or the result of a `keras.metrics.Mean`,
    which is the mean since the epoch began. Such a value is recognised because it equals the
    tracker's result, whatever its name; the differences of the tracker's sum and count give the
    last batch. The sum is a float32, so the error is about 1e-7 times the number of the batch.
    Metrics that are not means, such as an AUC, are left unchanged.

    Args:
        model: The model with the metrics.
    """

    def __init__(self, model: keras.Model) -> None:
        self._model = model
        self._sums: dict[int, tuple[float, float]] = {}
        self._not_means: set[str] = set()

    def new_epoch(self) -> None:
        """Starts a new epoch, for which Keras has reset its metrics."""
        self._sums.clear()

    def values(self, logs: Mapping[str, Any]) -> dict[str, float]:
        """The values of the last batch; a mean that did not change has none and is left out.

        Args:
            logs: What Keras passes to callbacks after a batch.
        """
        trackers = [m for m in self._model.metrics if isinstance(m, keras.metrics.Mean)]
        before = self._sums
        self._sums = {id(m): (float(m.total), float(m.count)) for m in trackers}
        values: dict[str, float] = {}
        for name, value in logs.items():
            tracker = self._tracker(name, value, trackers)
            if tracker is None:
                values[name] = value
            else:
                mean = _mean_between(before.get(tracker, (0.0, 0.0)), self._sums[tracker])
                values |= {} if mean is None else {name: mean}
        return values

    def _tracker(self, name: str, value: Any, trackers: Sequence[Any]) -> int | None:
        """The tracker whose result a value is; one of the same name is tried first.

        A loss of exactly zero equals the result of a tracker without values, unless an earlier
        value of that name was not a mean.
        """
        if name in self._not_means:
            return None
        for tracker in sorted(trackers, key=lambda m: m.name != name):
            total, count = self._sums[id(tracker)]
            if _same(total / count if count else 0.0, value):
                return id(tracker)
        self._not_means.add(name)
        return None


def _mean_between(before: tuple[float, float], now: tuple[float, float]) -> float | None:
    """The mean of what was added between two pairs of sum and count, if anything was."""
    if now[1] < before[1]:  # the model has reset it
        before = (0.0, 0.0)
    return (now[0] - before[0]) / (now[1] - before[1]) if now[1] > before[1] else None


def _same(mean: float, value: Any) -> bool:
    try:
        return math.isclose(mean, value, rel_tol=1e-6) or (math.isnan(mean) and math.isnan(value))
    except TypeError:
        return False
