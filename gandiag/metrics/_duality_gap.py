"""How much either player could still gain from where the two stand."""

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

    Either side is found by steps from the snapshot with the other player held; the best value
    seen on the way counts, the snapshot's own included. So the gap is never negative, rises
    with ``steps`` and is an estimate from below of the true one. What the steps are is the
    caller's; hand over the framework's own updates. Values that are NaN are passed over. With
    one value a sample the standard error is that of the paired difference.

    How to read it: 0 is an equilibrium, and the gap falls as the game converges, also where the
    losses say nothing. It misleads where the steps are too few or too short to find the best
    answer, which lowers it, and where ``loss`` looks at the samples that the steps learn from,
    which raises it: hold some out. Compare only gaps of the same steps.

    Args:
        loss: ``loss(d, g)``, the value of the game: D makes it large, G small. A number, or one
            value a sample [n] whose mean it is; the same samples at every call.
        d: The discriminator at the snapshot, of any kind. It is not changed: either player is
            copied by `copy.deepcopy` before the first step.
        g: The generator at the snapshot, likewise.
        d_step: ``d_step(d, g)``, the discriminator after one update that raises the value.
        g_step: ``g_step(d, g)``, the generator after one update that lowers it.
        steps: How many updates of either, 0 or more.

    Returns:
        An estimate in the unit of ``loss``, ``n`` being its number of values; NaN where the
        value at the snapshot is not finite.

    Raises:
        ValueError: ``steps`` is negative.

    >>> found = duality_gap(
    ...     loss=lambda d, g: d * g, d=0.5, g=1.0, steps=9,
    ...     d_step=lambda d, g: min(d + 0.1 * g, 1.0), g_step=lambda d, g: max(g - d, -2.0),
    ... )
    >>> found.value  # 1 |g| + 2 |d|
    2.0
    """
    if steps < 0:
        raise ValueError(f"steps must be 0 or more, not {steps}")

    def of(d: Any, g: Any) -> NDArray[np.float64]:
        return to_numpy(loss(d, g)).astype(np.float64).reshape(-1)

    start = of(d, g)
    n = len(start) if len(start) > 1 else 0
    if not np.isfinite(start.mean()):
        return Estimate(math.nan, math.nan if n else None, 0.0, n)
    high = _best(of, *copy.deepcopy((d, g)), lambda d, g: (d_step(d, g), g), steps, start, 1)
    low = _best(of, *copy.deepcopy((d, g)), lambda d, g: (d, g_step(d, g)), steps, start, -1)
    gap = high - low
    se = float(gap.std(ddof=1)) / math.sqrt(n) if n else None
    return Estimate(max(float(gap.mean()), 0.0), se, 0.0, n)


def _best(
    of: Callable[[Any, Any], NDArray[np.float64]],
    d: Any,
    g: Any,
    step: Callable[[Any, Any], tuple[Any, Any]],
    steps: int,
    best: NDArray[np.float64],
    sign: int,
) -> NDArray[np.float64]:
    """The values [n] of the largest mean, times the sign, on the way."""
    for _ in range(steps):
        d, g = step(d, g)
        values = of(d, g)
        if math.inf > sign * values.mean() > sign * best.mean():
            best = values
    return best
