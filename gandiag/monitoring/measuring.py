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
from gandiag.columns import SAMPLED, whole
from gandiag.data.samples import Samples
from gandiag.errors import UsageError, must_be_one_of
from gandiag.measure.classes import Classes
from gandiag.measure.estimates import columns
from gandiag.measure.known import MOST_REAL, Known, KnownModes, most_of
from gandiag.measure.standard import IN_SPACE, Metric, metrics_of, names_of_any_data
from gandiag.metrics import Estimate

OwnMetric = Callable[..., Any]
"""Takes ``fake=``, and ``real=`` where it has such a parameter; see `Measuring`."""

MOST_SAMPLES = MOST_REAL
"""The most generated samples that are measured, which keeps a log point cheap."""


class Measuring:
    """The metrics of a run's samples.

    Args:
        real: The real samples; without them only metrics that need none are computed.
        own: The user's own metrics, by name; None for a standard metric leaves it out. A
            metric is called with ``fake=`` [n, ...] and, if it takes it, ``real=`` [m, ...]; it
            returns a number, an `Estimate`, a dataclass of Estimates or a mapping.
        features: A feature extractor that is applied to all samples first, if any.
        modes: The modes of the data, if they are known.
        classes: Counts the samples themselves by class, if a classifier is known.
    """

    def __init__(
        self,
        real: Samples | None,
        own: Mapping[str, OwnMetric | None] | None = None,
        features: Callable[[NDArray[Any]], Any] | None = None,
        modes: KnownModes | None = None,
        classes: Classes | None = None,
    ) -> None:
        self._features, self._modes, self._classes = features, modes, classes
        self._real = None if real is None else self._features_of(_subset(real))
        own = dict(own or {})
        self._left_out = {name for name, metric in own.items() if metric is None}
        for name in self._left_out.difference(names_of_any_data()):
            raise UsageError(must_be_one_of("standard metric", name, names_of_any_data()))
        self._own = {
            name: self._with_real(metric) for name, metric in own.items() if metric is not None
        }
        self._known: Known | None = None

    def __call__(
        self, fake: Samples, thorough: bool = True
    ) -> tuple[dict[str, float | None], dict[str, str]]:
        """Measures samples.

        Args:
            fake: The samples.
            thorough: Whether expensive metrics are computed too; else their columns are None.

        Returns:
            The columns, and the errors of metrics that could not be computed, by metric.
        """
        row: dict[str, float | None] = {SAMPLED: min(len(fake.values), MOST_SAMPLES)}
        errors: dict[str, str] = {}
        raw = fake.values[:MOST_SAMPLES].reshape(-1, *fake.shape)
        try:
            samples = self._features_of(raw)
        except Exception as error:  # a user's evaluator may fail in any way
            return row, {"all that the evaluator sees": f"{type(error).__name__}: {error}"}
        for name, measure in (*self._chosen(samples, thorough), *self._classified(raw)):
            try:
                measured = measure()
                if measured.keys() & row.keys():  # two dataclasses with the same fields
                    measured = {f"{name}_{field}": value for field, value in measured.items()}
                row |= measured
            except Exception as error:  # a user's metric may fail in any way
                errors[f"the metric {name}"] = f"{type(error).__name__}: {error}"
        return row, errors

    def _chosen(
        self, samples: NDArray[Any], thorough: bool
    ) -> Iterator[tuple[str, Callable[[], dict[str, float | None]]]]:
        """The metrics of samples [n, ...] as functions, the standard ones first."""
        known = self._known_of(samples)
        lane = samples.reshape(len(samples), -1).T[None]
        names = {*self._own} if known.size > IN_SPACE else set()
        for metric in metrics_of(known):
            if metric.name not in self._left_out and metric.name not in self._own:
                yield metric.name, partial(_standard_metric, metric, known, lane, names, thorough)
        for name, own in self._own.items():
            yield name, partial(_users_metric, name, own, samples)

    def _classified(
        self, raw: NDArray[Any]
    ) -> Iterator[tuple[str, Callable[[], dict[str, float | None]]]]:
        """The metric of the classes of samples [n, ...], if there is a classifier."""
        classes = self._classes
        if classes is not None:
            yield "classifier", lambda: columns(classes(raw), errors=True)

    def _known_of(self, samples: NDArray[Any]) -> Known:
        """What is known of the data; the first samples define the number of coordinates."""
        if self._known is None:
            real = self._real
            flat = None if real is None else real.reshape(len(real), -1)
            image = samples.ndim > 2 and self._features is None
            self._known = Known(samples[0].size, None, flat, image, self._modes)
        return self._known

    def _with_real(self, metric: OwnMetric) -> OwnMetric:
        if self._real is None or not _takes_real(metric):
            return metric
        return partial(metric, real=self._real.copy())

    def _features_of(self, samples: NDArray[Any]) -> NDArray[Any]:
        """The samples, or their features; [n] if each is a single number."""
        if self._features is not None:
            features = to_numpy(self._features(samples.copy()))
            if features.ndim == 0 or len(features) != len(samples):
                raise ValueError(f"{len(samples)} samples gave features of shape {features.shape}")
            samples = features
        return samples.reshape(-1) if samples[0].size == 1 else samples


def _users_metric(name: str, metric: OwnMetric, samples: NDArray[Any]) -> dict[str, float | None]:
    # A copy, so that a metric that changes its input does not affect the others.
    return dict(columns_of(name, metric(fake=samples.copy())))


def _standard_metric(
    metric: Metric, known: Known, lane: NDArray[Any], users: set[str], thorough: bool
) -> dict[str, float | None]:
    """The columns of a standard metric; the user's metrics of the same name take their place.

    Raises:
        ValueError: The samples have another number of coordinates than the real or first ones.
    """
    sizes = {known.size, lane.shape[1], known.size if known.real is None else known.real.shape[1]}
    if len(sizes) > 1:
        raise ValueError(f"the samples have different numbers of coordinates: {sorted(sizes)}")
    measured = columns(metric(known, lane, thorough)[0], errors=True)
    return {name: value for name, value in measured.items() if not {name, whole(name)} & users}


def columns_of(name: str, result: Any) -> Iterator[tuple[str, float | None]]:
    """The result of a metric as columns.

    >>> dict(columns_of("kid", Estimate(0.5, se=0.1, n=10)))
    {'kid': 0.5, 'kid_se': 0.1}
    """
    if isinstance(result, Estimate):
        for part, value in (("", result.value), ("_se", result.se), ("_floor", result.floor)):
            if value is not None:
                yield from _numbered(name, part, np.asarray(value))
    elif is_dataclass(result) and not isinstance(result, type):
        for each in fields(result):
            yield from columns_of(each.name, getattr(result, each.name))
    elif isinstance(result, Mapping):
        for key, value in result.items():
            yield from columns_of(f"{name}_{key}", value)
    else:
        yield from _numbered(name, "", to_numpy(result))


def _numbered(name: str, part: str, value: NDArray[Any]) -> Iterator[tuple[str, float]]:
    """A number under its name, followed by its index in an array."""
    value = value.reshape(()) if value.size == 1 and value.ndim else value
    for index in np.ndindex(value.shape):
        if name == "cov" and value.ndim == 2 and index[0] >= index[1]:
            continue  # a covariance matrix is symmetric, and its diagonal is in the std
        yield "_".join([name, *map(str, index)]) + part, float(value[index])


def _subset(real: Samples) -> NDArray[Any]:
    """Every k-th real sample, in the original shape, so that there are not too many."""
    stride = -(-len(real.values) // most_of(real.size))
    return real.values[::stride].reshape(-1, *real.shape)


def _takes_real(metric: OwnMetric) -> bool:
    try:
        parameters = inspect.signature(metric).parameters
    except (TypeError, ValueError):
        return True
    kinds = {parameter.kind for parameter in parameters.values()}
    return "real" in parameters or inspect.Parameter.VAR_KEYWORD in kinds
