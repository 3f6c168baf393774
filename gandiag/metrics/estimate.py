"""What a metric returns: the number, how sure it is, and what it reads when nothing is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]
Value = Numbers | NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class Estimate:
    """A measured number, or one a lane, of one leading shape [...].

    Whatever is given is brought to the shape of ``value``: floats, or float64 arrays.

    How to read it: ``value`` is worth a look where it stands several ``se`` above
    ``floor``. Near the floor a distance is not normally distributed about its value, and
    ``value - floor`` within an ``se`` or two of zero says "no difference seen at this n".

    It misleads where the samples are not independent given the weights (a stratified
    latent): then ``se`` and ``floor`` describe a noise that is not there. It says nothing of
    other seeds either; how runs differ is seen from runs only.

    Attributes:
        value: The estimate [...]; complex numbers for a spectrum, and only there. NaN where the
            lane has a sample that is not finite, or where the quantity is not defined.
        se: The standard error of ``value`` [...], for independent samples; None where none
            is known.
        floor: The value [...] to expect, at this n, if the generator and the data were the
            same; None for a quantity that is not a distance.
        n: The number of generator samples a lane.
        interval: The lower and upper end [...] of a 95 % interval, from a metric for which
            ``value`` plus or minus two ``se`` is not one; None otherwise.

    Raises:
        ValueError: The parts are not of one shape.

    >>> Estimate(value=np.array([0.5, 0.7]), se=np.array([0.1, 0.1]), floor=0.2, n=100).floor
    array([0.2, 0.2])
    """

    value: Value
    se: Numbers | None = None
    floor: Numbers | None = None
    n: int = 0
    interval: tuple[Numbers, Numbers] | None = None

    def __post_init__(self) -> None:
        """Brings every part to the shape of the value."""
        shape = np.shape(self.value)
        set_ = object.__setattr__
        set_(self, "value", _shaped(self.value, shape))
        if self.n == 1 and self.se is not None:  # one sample says nothing of its scatter
            set_(self, "se", np.nan)
        for name in ("se", "floor"):
            part = getattr(self, name)
            set_(self, name, None if part is None else _shaped(part, shape))
        if self.interval is not None:
            low, high = self.interval
            set_(self, "interval", (_shaped(low, shape), _shaped(high, shape)))


def _shaped(part: Value, shape: tuple[int, ...]) -> Value:
    if isinstance(part, np.ndarray) and np.iscomplexobj(part):
        return np.array(part, dtype=np.complex128)
    if not shape and not np.ndim(part):
        return float(part)
    return np.array(np.broadcast_to(part, shape), dtype=np.float64)
