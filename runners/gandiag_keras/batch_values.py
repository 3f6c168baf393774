"""Back from running means to the values of single batches."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras


class BatchValues:
    """Undoes the running means of a model's metrics.

    What ``train_step`` returns may be a loss itself, or the result of a `keras.metrics.Mean`,
    which is the mean since the epoch began. Such a value is known by being its tracker's result,
    whatever the name; the tracker's sum and count tell what the last batch brought. The sum is a
    float32: a value comes back with an error of about 1e-7 times the number of the batch.
    Metrics that are no means (an AUC, say) stay as they are.

    Args:
        model: Whose metrics.
    """

    def __init__(self, model: keras.Model) -> None:
        self._model = model
        self._sums: dict[int, tuple[float, float]] = {}
        self._raw: set[str] = set()

    def new_epoch(self) -> None:
        """Keras has set its metrics to zero."""
        self._sums.clear()

    def values(self, logs: Mapping[str, Any]) -> dict[str, float]:
        """What the last batch brought; what it did not bring is left out.

        Args:
            logs: What Keras hands to callbacks after a batch.
        """
        trackers = [m for m in self._model.metrics if isinstance(m, keras.metrics.Mean)]
        before = self._sums
        self._sums = {id(m): (float(m.total), float(m.count)) for m in trackers}
        found: dict[str, float] = {}
        for name, value in logs.items():
            tracker = self._tracker(name, value, trackers)
            if tracker is None:
                found[name] = value
            else:
                brought = _brought(before.get(tracker, (0.0, 0.0)), self._sums[tracker])
                found |= {} if brought is None else {name: brought}
        return found

    def _tracker(self, name: str, value: Any, trackers: Sequence[Any]) -> int | None:
        """The tracker whose result a value is, the one of its name first.

        A loss of exactly zero looks like a tracker that has seen nothing yet, unless it was seen to
        be the loss itself before.
        """
        if name in self._raw:
            return None
        for tracker in sorted(trackers, key=lambda m: m.name != name):
            total, count = self._sums[id(tracker)]
            if _same(total / count if count else 0.0, value):
                return id(tracker)
        self._raw.add(name)
        return None


def _brought(before: tuple[float, float], now: tuple[float, float]) -> float | None:
    """The mean of what came in between two sums and counts, if anything did."""
    if now[1] < before[1]:  # set to zero by the model itself
        before = (0.0, 0.0)
    return (now[0] - before[0]) / (now[1] - before[1]) if now[1] > before[1] else None


def _same(mean: float, value: Any) -> bool:
    try:
        return math.isclose(mean, value, rel_tol=1e-6) or (math.isnan(mean) and math.isnan(value))
    except TypeError:
        return False
