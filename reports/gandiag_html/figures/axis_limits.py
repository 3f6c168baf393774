"""What part of an axis is shown: all that is ordinary, and no more of a blow-up than fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Interval = tuple[float, float]


def axis_limits(
    calm: Iterable[ArrayLike],
    wild: Iterable[ArrayLike] = (),
    *,
    keep: Sequence[float] = (),
    reach: float = 6.0,
    pad: float = 0.06,
) -> Interval:
    """The ends of an axis.

    Args:
        calm: Values that set the scale; but for a few extreme ones they are all shown.
        wild: Values that are shown as far as they do not spoil the scale.
        keep: Values that are shown in any case, such as a target.
        reach: How many times the calm range the axis may go beyond it.
        pad: What is added at both ends, as a part of the range.
    """
    ordinary = _finite(calm)
    all_of_it = np.concatenate([ordinary, *map(_inner, wild)])
    if not len(ordinary):
        ordinary = all_of_it
    core = np.concatenate([np.quantile(ordinary, [0.02, 0.98]) if len(ordinary) else [], keep])
    if not len(core):
        return 0.0, 1.0
    low, high = float(core.min()), float(core.max())
    # Rounding errors about a constant are no range.
    span = max(high - low, 1e-3 * max(abs(low), abs(high))) or 1.0
    low, high = (
        max(all_of_it.min(initial=low), low - reach * span),
        min(all_of_it.max(initial=high), high + reach * span),
    )
    margin = pad * (high - low) if high - low >= span else span
    return float(low - margin), float(high + margin)


def downsample(
    x: NDArray[np.float64], y: NDArray[np.float64], limit: int = 480
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fewer points of a series, the least and the greatest of every stretch among them.

    Args:
        x: The places, shape [point].
        y: The values, shape [point].
        limit: The most points that come back.
    """
    if len(x) <= limit:
        return x, y
    kept = {0, len(x) - 1}
    for stretch in np.array_split(np.arange(len(x)), (limit - 2) // 2):
        part = y[stretch]
        if np.isfinite(part).any():
            kept |= {int(stretch[np.nanargmin(part)]), int(stretch[np.nanargmax(part)])}
        else:
            kept.add(int(stretch[0]))
    index = sorted(kept)
    return x[index], y[index]


def _inner(values: ArrayLike) -> NDArray[np.float64]:
    """The values, less a few that lie far from all others: a run's last gasp sets no scale."""
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
    # Differences of numbers beyond this would overflow.
    return np.asarray(joined[np.isfinite(joined)].clip(-1e300, 1e300))
