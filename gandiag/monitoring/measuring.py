"""Which numbers are taken of a user's samples, and under which names they are recorded."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.arrays import to_numpy
from gandiag.data.samples import Samples
from gandiag.errors import UsageError, must_be_one_of
from gandiag.metrics import (
    Empirical,
    Estimate,
    covariance,
    energy,
    ks,
    moments,
    sliced_wasserstein,
    spread,
    wasserstein,
)

Metric = Callable[..., Any]
"""Takes ``fake=``, and ``real=`` where it has such a parameter; see `Measuring`."""

MOST_SAMPLES = 2500
"""The generator's samples beyond these are not looked at: a log point is to stay cheap."""

MOST_REAL = {1: 10_000}
"""The most real samples that are looked at, by the number of coordinates; else `MOST_SAMPLES`."""

SLICED = {"p": 1, "projections": 16}
"""Of the sliced Wasserstein distance: an eighth of the usual directions, and a floor for free."""

MOST_SLICED = 1000
"""The samples of either side that it looks at; more cost more than all else together."""

COVARIANCE = "cov"

STANDARD = (
    *("moments", "wasserstein", "ks", "energy", COVARIANCE, "sliced_wasserstein", "spread"),
)
"""The names of the metrics that are taken by themselves, of samples of whatever form."""

COORDINATES = 3
"""Up to so many, each has its own moments."""


class Measuring:
    """The metrics of a run's samples.

    Args:
        real: The real samples; without them only what needs none is measured.
        extra: The user's own metrics, by name; None in place of one of ours leaves it out. A
            metric is called with ``fake=`` [n, ...] and, if it takes it, ``real=`` [m, ...]; it
            returns a number, an `Estimate`, a dataclass of Estimates or a mapping.
        features: What the samples are looked at through, if anything.
    """

    def __init__(
        self,
        real: Samples | None,
        extra: Mapping[str, Metric | None] | None = None,
        features: Callable[[NDArray[Any]], Any] | None = None,
    ) -> None:
        self._features = features
        self._real = None if real is None else self._seen(_some(real))
        self._extra = dict(extra or {})
        for name in (name for name, metric in self._extra.items() if metric is None):
            if name not in STANDARD:
                raise UsageError(must_be_one_of("standard metric", name, STANDARD))
        self._metrics: dict[str, Metric] | None = None

    def __call__(self, fake: Samples) -> tuple[dict[str, float | None], dict[str, str]]:
        """Measures samples.

        Returns:
            The columns, and by metric why it could not be computed.
        """
        columns: dict[str, float | None] = {"n_samples": min(len(fake.values), MOST_SAMPLES)}
        lost: dict[str, str] = {}
        try:
            made = self._seen(fake.values[:MOST_SAMPLES].reshape(-1, *fake.shape))
        except Exception as error:  # a user's evaluator may fail in any way
            return columns, {"all that the evaluator sees": f"{type(error).__name__}: {error}"}
        for name, metric in self._chosen(made).items():
            try:
                # A copy for strangers: what they do to it is not to reach the others.
                given = made.copy() if name in self._extra else made
                found = dict(columns_of(name, metric(fake=given)))
                if found.keys() & columns.keys():  # two records with the same fields
                    found = {f"{name}_{field}": value for field, value in found.items()}
                columns |= found
            except Exception as error:  # a user's metric may fail in any way
                lost[f"the metric {name}"] = f"{type(error).__name__}: {error}"
        return columns, lost

    def _chosen(self, made: NDArray[Any]) -> dict[str, Metric]:
        """The metrics, bound to the real samples; chosen when the first samples show their form."""
        if self._metrics is None:
            chosen = standard(self._real, made[0].size) | self._extra
            self._metrics = {
                name: partial(metric, real=self._real.copy())
                if name in self._extra and self._real is not None and _takes_real(metric)
                else metric
                for name, metric in chosen.items()
                if metric is not None
            }
        return self._metrics

    def _seen(self, samples: NDArray[Any]) -> NDArray[Any]:
        if self._features is not None:
            seen = to_numpy(self._features(samples.copy()))
            if seen.ndim == 0 or len(seen) != len(samples):
                raise ValueError(f"{len(samples)} samples gave features of shape {seen.shape}")
            samples = seen
        return samples.reshape(-1) if samples[0].size == 1 else samples


def standard(real: NDArray[Any] | None, size: int | None) -> dict[str, Metric | None]:
    """The metrics that suit the samples, by name: those that cost little beside a hundred steps.

    On the line the moments and, against real samples, Wasserstein-1, KS and energy distance. Up
    to three coordinates the moments of each, the covariances, and the sliced Wasserstein
    distance; beyond, the spread and the sliced Wasserstein distance.

    Args:
        real: The real samples [m, ...], or None.
        size: The number of coordinates of a sample; None where it is not known yet.
    """
    if size == 1:
        line: dict[str, Metric | None] = {"moments": _against(moments, real)}
        return line if real is None else line | _on_the_line(Empirical(real.reshape(-1)))
    if size is not None and size <= COORDINATES:
        chosen: dict[str, Metric | None] = {
            "moments": _against(moments, real),
            COVARIANCE: covariance,
        }
    else:
        chosen = {"spread": _against(spread, real)}
    if real is not None:
        chosen["sliced_wasserstein"] = partial(_sliced, real[:: -(-len(real) // MOST_SLICED)])
    return chosen


def _sliced(real: NDArray[Any], *, fake: NDArray[Any]) -> Estimate:
    return sliced_wasserstein(real=real, fake=fake[:MOST_SLICED], **SLICED)


def _on_the_line(real: Empirical) -> dict[str, Metric | None]:
    """The distances, with the real samples sorted once."""
    distances = {"wasserstein": wasserstein, "ks": ks, "energy": energy}
    return {name: partial(metric, real=real) for name, metric in distances.items()}


def _against(metric: Metric, real: NDArray[Any] | None) -> Metric:
    """A metric of one side, with what the real samples read, measured once, for its floor."""
    if real is None:
        return partial(metric, real=None)
    known = metric(fake=real.reshape(-1) if real[0].size == 1 else real)

    def measured(*, fake: Any) -> Any:
        found = metric(fake=fake)
        if isinstance(found, Estimate):
            return replace(found, floor=known.value)
        floors = {each.name: getattr(known, each.name).value for each in fields(found)}
        return type(found)(**{k: replace(getattr(found, k), floor=v) for k, v in floors.items()})

    return measured


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
        if name == COVARIANCE and value.ndim == 2 and place[0] >= place[1]:
            continue  # it is symmetric, and its diagonal are the squares of the std
        yield "_".join([name, *map(str, place)]) + part, float(value[place])


def _some(real: Samples) -> NDArray[Any]:
    """At most so many real samples, taken evenly, in the shape that they came in."""
    stride = -(-len(real.values) // MOST_REAL.get(real.size, MOST_SAMPLES))
    return real.values[::stride].reshape(-1, *real.shape)


def _takes_real(metric: Metric) -> bool:
    try:
        parameters = inspect.signature(metric).parameters
    except (TypeError, ValueError):
        return True
    kinds = {parameter.kind for parameter in parameters.values()}
    return "real" in parameters or inspect.Parameter.VAR_KEYWORD in kinds
