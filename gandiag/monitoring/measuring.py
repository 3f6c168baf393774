"""What a monitor measures of a user's samples: the standard metrics, and the user's own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.arrays import to_numpy
from gandiag.columns import SAMPLED
from gandiag.data.samples import Samples
from gandiag.errors import UsageError, must_be_one_of
from gandiag.measure.estimates import columns
from gandiag.measure.known import MOST_REAL, Known, most_of
from gandiag.measure.standard import Metric, metrics_of, names_of_any_data
from gandiag.metrics import Estimate

OwnMetric = Callable[..., Any]
"""Takes ``fake=``, and ``real=`` where it has such a parameter; see `Measuring`."""

MOST_SAMPLES = MOST_REAL
"""The generator's samples beyond these are not looked at: a log point is to stay cheap."""


class Measuring:
    """The metrics of a run's samples.

    Args:
        real: The real samples; without them only what needs none is measured.
        own: The user's own metrics, by name; None in place of one of ours leaves it out. A
            metric is called with ``fake=`` [n, ...] and, if it takes it, ``real=`` [m, ...]; it
            returns a number, an `Estimate`, a dataclass of Estimates or a mapping.
        features: What the samples are looked at through, if anything.
    """

    def __init__(
        self,
        real: Samples | None,
        own: Mapping[str, OwnMetric | None] | None = None,
        features: Callable[[NDArray[Any]], Any] | None = None,
    ) -> None:
        self._features = features
        self._real = None if real is None else self._looked_at(_some(real))
        own = dict(own or {})
        self._left_out = {name for name, metric in own.items() if metric is None}
        for name in self._left_out.difference(names_of_any_data()):
            raise UsageError(must_be_one_of("standard metric", name, names_of_any_data()))
        self._own = {
            name: self._with_real(metric) for name, metric in own.items() if metric is not None
        }
        self._known: Known | None = None

    def __call__(self, fake: Samples) -> tuple[dict[str, float | None], dict[str, str]]:
        """Measures samples.

        Returns:
            The columns, and by metric why it could not be computed.
        """
        row: dict[str, float | None] = {SAMPLED: min(len(fake.values), MOST_SAMPLES)}
        lost: dict[str, str] = {}
        try:
            samples = self._looked_at(fake.values[:MOST_SAMPLES].reshape(-1, *fake.shape))
        except Exception as error:  # a user's evaluator may fail in any way
            return row, {"all that the evaluator sees": f"{type(error).__name__}: {error}"}
        for name, measure in self._chosen(samples):
            try:
                found = measure()
                if found.keys() & row.keys():  # two records with the same fields
                    found = {f"{name}_{field}": value for field, value in found.items()}
                row |= found
            except Exception as error:  # a user's metric may fail in any way
                lost[f"the metric {name}"] = f"{type(error).__name__}: {error}"
        return row, lost

    def _chosen(
        self, samples: NDArray[Any]
    ) -> Iterator[tuple[str, Callable[[], dict[str, float | None]]]]:
        """The metrics of samples [n, ...], the standard ones first, each to be called."""
        known = self._known_of(samples)
        lane = samples.reshape(len(samples), -1).T[None]
        for metric in metrics_of(known):
            if metric.name not in self._left_out and metric.name not in self._own:
                yield metric.name, partial(_standard, metric, known, lane)
        for name, own in self._own.items():
            # A copy for strangers: what they do to it is not to reach the others.
            yield name, partial(_users, name, own, samples)

    def _known_of(self, samples: NDArray[Any]) -> Known:
        """What is known of the data; the first samples show how many coordinates there are."""
        if self._known is None:
            real = self._real
            flat = None if real is None else real.reshape(len(real), -1)
            self._known = Known(samples[0].size, samples=flat)
        return self._known

    def _with_real(self, metric: OwnMetric) -> OwnMetric:
        if self._real is None or not _takes_real(metric):
            return metric
        return partial(metric, real=self._real.copy())

    def _looked_at(self, samples: NDArray[Any]) -> NDArray[Any]:
        """The samples, or their features; numbers [n] where each is a single one."""
        if self._features is not None:
            seen = to_numpy(self._features(samples.copy()))
            if seen.ndim == 0 or len(seen) != len(samples):
                raise ValueError(f"{len(samples)} samples gave features of shape {seen.shape}")
            samples = seen
        return samples.reshape(-1) if samples[0].size == 1 else samples


def _users(name: str, metric: OwnMetric, samples: NDArray[Any]) -> dict[str, float | None]:
    return dict(columns_of(name, metric(fake=samples.copy())))


def _standard(metric: Metric, known: Known, lane: NDArray[Any]) -> dict[str, float | None]:
    return columns(metric(known, lane)[0], errors=True)


def columns_of(name: str, found: Any) -> Iterator[tuple[str, float | None]]:
    """What a metric found, as columns.

    >>> dict(columns_of("kid", Estimate(0.5, se=0.1, n=10)))
    {'kid': 0.5, 'kid_se': 0.1}
    """
    if isinstance(found, Estimate):
        for part, value in (("", found.value), ("_se", found.se), ("_floor", found.floor)):
            if value is not None:
                yield from _numbered(name, part, np.asarray(value))
    elif is_dataclass(found) and not isinstance(found, type):
        for each in fields(found):
            yield from columns_of(each.name, getattr(found, each.name))
    elif isinstance(found, Mapping):
        for key, value in found.items():
            yield from columns_of(f"{name}_{key}", value)
    else:
        yield from _numbered(name, "", to_numpy(found))


def _numbered(name: str, part: str, value: NDArray[Any]) -> Iterator[tuple[str, float]]:
    """A number under its name; one of several with its place behind the name."""
    value = value.reshape(()) if value.size == 1 and value.ndim else value
    for place in np.ndindex(value.shape):
        yield "_".join([name, *map(str, place)]) + part, float(value[place])


def _some(real: Samples) -> NDArray[Any]:
    """At most so many real samples, taken evenly, in the shape that they came in."""
    stride = -(-len(real.values) // most_of(real.size))
    return real.values[::stride].reshape(-1, *real.shape)


def _takes_real(metric: OwnMetric) -> bool:
    try:
        parameters = inspect.signature(metric).parameters
    except (TypeError, ValueError):
        return True
    kinds = {parameter.kind for parameter in parameters.values()}
    return "real" in parameters or inspect.Parameter.VAR_KEYWORD in kinds
