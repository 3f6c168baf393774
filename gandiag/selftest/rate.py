"""How often something happened, and how far that may be off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from gandiag.analysis.stability import success_rate


def share(outcomes: Iterable[bool]) -> dict[str, Any]:
    """In how many of n cases: ``k``, ``n``, ``rate`` and its Clopper-Pearson 95 % ``interval``.

    >>> share([True, False])["k"], [round(end, 3) for end in share([True, False])["interval"]]
    (1, [0.013, 0.987])
    """
    found = success_rate(list(outcomes))
    interval = list(found.interval or (0.0, 1.0))
    k = int(found.evidence["successes"])
    return {"k": k, "n": found.n, "rate": k / found.n if found.n else None, "interval": interval}


def per_thousand(k: int, points: int) -> dict[str, Any]:
    """How many events per 1,000 log points, with the exact 95 % interval of a Poisson rate.

    The interval is Garwood's (1936). It misleads where events come in swarms, several a run: then
    the share of the runs with any tells more.

    >>> per_thousand(0, 1000)["rate"], [round(end, 2) for end in per_thousand(0, 1000)["interval"]]
    (0.0, [0.0, 3.69])
    """
    from scipy.special import gammaincinv

    unit = 1000 / points if points else float("nan")
    low = float(gammaincinv(k, 0.025)) if k else 0.0
    ends = [low * unit, float(gammaincinv(k + 1, 0.975)) * unit]
    whole = {"k": k, "points": points}
    return whole | ({"rate": k * unit, "interval": ends} if points else {"rate": None})


def spread(values: Iterable[float]) -> dict[str, Any]:
    """The median of some numbers with the range of nine in ten; None where there are none."""
    known = list(values)
    if not known:
        return {"n": 0, "median": None, "range": None}
    low, middle, high = (float(x) for x in np.quantile(known, [0.05, 0.5, 0.95]))
    return {"n": len(known), "median": middle, "range": [low, high]}
