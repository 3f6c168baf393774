"""The duality gap: how much either player could still gain at a checkpoint."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.arrays import to_numpy
from gandiag.metrics.estimate import Estimate

Loss = Callable[[Any, Any], Any]
Step = Callable[[Any, Any], Any]


def duality_gap(*, loss: Loss, d: Any, g: Any, d_step: Step, g_step: Step, steps: int) -> Estimate:
    """The gap max_d' M(d', g) - min_g' M(d, g') of the game's value M (Grnarova et al. 2019).

    Each term is optimized by steps from the snapshot with the other player fixed; the best value
    on the way counts, including the snapshot's own. So the gap is never negative, rises with
    ``steps`` and is a lower estimate of the true one. The caller supplies the steps, for instance
    the framework's own updates. NaN values are skipped. With one value per sample the standard
    error is that of the paired difference.

    How to read it: 0 is an equilibrium, and the gap falls as the game converges, also where the
    losses say nothing. It misleads where the steps are too few or too short to find the best
    response, which lowers it, and where ``loss`` uses the samples that the steps train on,
    which raises it: use held-out samples. Compare only gaps with the same steps.

    Args:
        loss: ``loss(d, g)``, the value of the game: D maximizes it, G minimizes it. A number, or
            one value per sample [n] with that mean; the same samples at every call.
        d: The discriminator at the snapshot, of any type. It is not modified: both players are
            copied by `copy.deepcopy` before the first step.
        g: The generator at the snapshot, likewise.
        d_step: ``d_step(d, g)``, the discriminator after one update that raises the value.
        g_step: ``g_step(d, g)``, the generator after one update that lowers it.
        steps: The number of updates of either player, 0 or more.

    Returns:
        An estimate in the unit of ``loss``, ``n`` being its number of values; NaN if the
        value at the snapshot is not finite.

    Raises:
        ValueError: ``steps`` is negative.

    >>> gap = duality_gap(
    ...     loss=lambda d, g: d * g, d=0.5, g=1.0, steps=9,
    ...     d_step=lambda d, g: min(d + 0.1 * g, 1.0), g_step=lambda d, g: max(g - d, -2.0),
    ... )
    >>> gap.value  # 1 |g| + 2 |d|
    2.0
    """
    if steps < 0:
        raise ValueError(f"steps must be 0 or more, not {steps}")

    def values_of(d: Any, g: Any) -> NDArray[np.float64]:
        return to_numpy(loss(d, g)).astype(np.float64).reshape(-1)

    start = values_of(d, g)
    n = len(start) if len(start) > 1 else 0
    if not np.isfinite(start.mean()):
        return Estimate(math.nan, math.nan if n else None, 0.0, n)
    best_for_d = _best(
        values_of, *copy.deepcopy((d, g)), lambda d, g: (d_step(d, g), g), steps, start, 1
    )
    best_for_g = _best(
        values_of, *copy.deepcopy((d, g)), lambda d, g: (d, g_step(d, g)), steps, start, -1
    )
    gap = best_for_d - best_for_g
    se = float(gap.std(ddof=1)) / math.sqrt(n) if n else None
    return Estimate(max(float(gap.mean()), 0.0), se, 0.0, n)


def _best(
    values_of: Callable[[Any, Any], NDArray[np.float64]],
    d: Any,
    g: Any,
    step: Callable[[Any, Any], tuple[Any, Any]],
    steps: int,
    best: NDArray[np.float64],
    sign: int,
) -> NDArray[np.float64]:
    """The values [n] whose mean times the sign is the largest over the steps."""
    for _ in range(steps):
        d, g = step(d, g)
        values = values_of(d, g)
        if math.inf > sign * values.mean() > sign * best.mean():
            best = values
    return best
