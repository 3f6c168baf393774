"""How often does it succeed?

Every run that ended is in the denominator, whichever way it ended: a run that diverged or crashed
is a failure and not a missing value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from gandiag.analysis.finding import Finding


def success_rate(outcomes: Sequence[bool], *, level: float = 0.95) -> Finding:
    """The success rate over seeds, with the Clopper-Pearson interval.

    How to read it: the interval contains every rate that the outcomes do not reject.
    Its coverage is at least ``level`` for every rate and every n, so it is conservative for
    most rates; 10 of 10 are still consistent with a rate of 69 %.

    It misleads where the runs are not repetitions of one another (points of a grid, backends),
    or where runs were left out because of how they ended.

    Args:
        outcomes: For each run that ended, whether it succeeded, shape [run].
        level: The level of the interval, between 0 and 1.

    Returns:
        The rate, in [0, 1]; NaN with the interval [0, 1] where no run has ended.

    Raises:
        ValueError: The level is not between 0 and 1.

    >>> found = success_rate([True] * 8 + [False] * 2)
    >>> found.value, tuple(round(end, 3) for end in found.interval)
    (0.8, (0.444, 0.975))
    """
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, not {level}; write 0.95 for 95 %")
    n, k = len(outcomes), sum(map(bool, outcomes))
    interval = _clopper_pearson(k, n, level)
    return Finding(
        value=k / n if n else math.nan,
        n=n,
        sentence=_sentence(k, n, interval, level),
        interval=interval,
        level=level,
        evidence={"successes": k, "failures": n - k},
    )


def percent_range(interval: tuple[float, float]) -> str:
    """An interval of rates in per cent; an end that is not 0 or 100 % is never rounded to it.

    >>> percent_range((0.444, 0.9748)), percent_range((0.025, 1.0)), percent_range((0.5, 0.9998))
    ('44–97 %', '2.5–100 %', '50–99.9 %')
    """
    low, high = (_percent(end) for end in interval)
    return f"{low}\N{EN DASH}{high} %"


def _percent(rate: float) -> str:
    if rate in (0.0, 1.0):
        return f"{100 * rate:.0f}"
    if 0.1 <= rate <= 0.99:
        return f"{100 * rate:.0f}"
    return f"{min(max(100 * rate, 0.1), 99.9):.1f}"


def _clopper_pearson(k: int, n: int, level: float) -> tuple[float, float]:
    """The quantiles of Beta(k, n - k + 1) and Beta(k + 1, n - k) (Clopper and Pearson 1934)."""
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = float(betaincinv(k, n - k + 1, tail)) if k else 0.0
    high = float(betaincinv(k + 1, n - k, 1 - tail)) if k < n else 1.0
    return low, high


def _sentence(k: int, n: int, interval: tuple[float, float], level: float) -> str:
    if not n:
        return "no seed has ended yet, so nothing is known about the success rate"
    seeds = "seed" if n == 1 else "seeds"
    return (
        f"{k} of {n} {seeds} reached the target, "
        f"{100 * level:g} % interval {percent_range(interval)}"
    )
