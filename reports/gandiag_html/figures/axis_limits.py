"""Limits of an axis: all typical values, and only as much of a blow-up as fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Interval = tuple[float, float]


def axis_limits(
    typical: Iterable[ArrayLike],
    extreme: Iterable[ArrayLike] = (),
    *,
    include: Sequence[float] = (),
    reach: float = 6.0,
    pad: float = 0.06,
) -> Interval:
    """Chooses the limits of an axis.

    Args:
        typical: Values that set the scale; all but a few extreme ones are shown.
        extreme: Values that are shown as far as they leave the scale readable.
        include: Values that are always shown, such as a target.
        reach: How far the axis may extend beyond the typical range, in multiples of that range.
        pad: The margin at both ends, as a fraction of the range.
    """
    ordinary = _finite(typical)
    values = np.concatenate([ordinary, *map(_without_outliers, extreme)])
    if not len(ordinary):
        ordinary = values
    core = np.concatenate([np.quantile(ordinary, [0.02, 0.98]) if len(ordinary) else [], include])
    if not len(core):
        return 0.0, 1.0
    low, high = float(core.min()), float(core.max())
    # Rounding errors around a constant are not a range.
    span = max(high - low, 1e-3 * max(abs(low), abs(high))) or 1.0
    low, high = (
        max(values.min(initial=low), low - reach * span),
        min(values.max(initial=high), high + reach * span),
    )
    margin = pad * (high - low) if high - low >= span else span
    return float(low - margin), float(high + margin)


def _without_outliers(values: ArrayLike) -> NDArray[np.float64]:
    """The values without a few far from all others, such as the last ones before a divergence."""
    finite = np.sort(_finite([values]))
    cut = -(-len(finite) // 25)
    inner = finite[cut:-cut]
    if len(inner) < 2:
        return finite
    span = 3 * (inner[-1] - inner[0])
    return np.asarray(finite[(finite >= inner[0] - span) & (finite <= inner[-1] + span)])


def _finite(values: Iterable[ArrayLike]) -> NDArray[np.float64]:
    flat = [np.asarray(part, dtype=np.float64).ravel() for part in values]
    joined = np.concatenate([np.empty(0), *flat])
    # The differences of larger numbers would overflow.
    return np.asarray(joined[np.isfinite(joined)].clip(-1e300, 1e300))
