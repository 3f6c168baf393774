"""The result of a metric: the value, its standard error, and the value of a perfect generator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]
Value = Numbers | NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class Estimate:
    """A measured value, or an array [...] of them, for instance one per lane.

    All fields are broadcast to the shape of ``value``, as floats or float64 arrays.

    How to read it: ``value`` is a difference if it is several ``se`` above ``floor``. Near the
    floor a distance is not normally distributed about its true value, and ``value - floor`` within
    an ``se`` or two of zero means "no difference detected at this n".

    It misleads where the samples are not independent given the weights (a stratified
    latent): then ``se`` and ``floor`` overstate the noise. It says nothing about other
    seeds either; the variation between runs needs several runs.

    Attributes:
        value: The estimate [...]; complex numbers for a spectrum only. NaN if the lane has a sample
            that is not finite, or if the quantity is undefined.
        se: The standard error of ``value`` [...], for independent samples; None if unknown.
        floor: The expected value [...] at this n if generator and data were the same; None if
            unknown.
        n: The number of generated samples per lane.
        interval: The lower and upper end [...] of a 95 % interval, for metrics where ``value`` plus
            or minus two ``se`` is not a valid one; None otherwise.

    Raises:
        ValueError: A field cannot be broadcast to the shape of ``value``.

    >>> Estimate(value=np.array([0.5, 0.7]), se=np.array([0.1, 0.1]), floor=0.2, n=100).floor
    array([0.2, 0.2])
    """

    value: Value
    se: Numbers | None = None
    floor: Numbers | None = None
    n: int = 0
    interval: tuple[Numbers, Numbers] | None = None

    def __post_init__(self) -> None:
        """Broadcasts every field to the shape of the value."""
        shape = np.shape(self.value)
        set_field = object.__setattr__
        set_field(self, "value", _broadcast(self.value, shape))
        if self.n == 1 and self.se is not None:  # one sample has no scatter
            set_field(self, "se", np.nan)
        for name in ("se", "floor"):
            part = getattr(self, name)
            set_field(self, name, None if part is None else _broadcast(part, shape))
        if self.interval is not None:
            low, high = self.interval
            set_field(self, "interval", (_broadcast(low, shape), _broadcast(high, shape)))


def _broadcast(part: Value, shape: tuple[int, ...]) -> Value:
    if isinstance(part, np.ndarray) and np.iscomplexobj(part):
        return np.array(part, dtype=np.complex128)
    if not shape and not np.ndim(part):
        return float(part)
    return np.array(np.broadcast_to(part, shape), dtype=np.float64)
