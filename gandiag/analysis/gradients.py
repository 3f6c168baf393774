"""Does G still receive a gradient? Its norm against its own early one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.episode import Episode, episode_at
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import covered, points, running_median, stretches
from gandiag.analysis.thresholds import (
    SETTLING,
    SMOOTH,
    VANISHED,
    VANISHED_EARLY,
    VANISHED_PART,
    VANISHED_POINTS,
)


def vanishing_gradient(record: Record) -> list[Episode]:
    """Where the norm of G's gradient fell below ``VANISHED`` of its early one, samples not good.

    The early norm is the highest running median of five log points within the first
    ``VANISHED_EARLY`` of the planned length; where it is 0, G never had a gradient and every 0
    counts.

    Documented strength: a fall to a ten-thousandth that lasts a tenth of the planned length and 10
    log points beyond the first ``SETTLING``, with samples at twice the distance that is good.

    How to read it: the severity is how many times smaller the gradient became. G has stopped
    learning; look at D: it overpowers, is frozen, or its outputs have run into a clip.

    It misleads where the gradient at the start was extreme, and where quality was not recorded:
    then it is silent, because a converged game has no gradient either.

    Args:
        record: A prefix of a run.

    Returns:
        One episode a stretch; empty where gradient or quality was not recorded or is too short.
    """
    norm, found = record.series("g_grad_norm"), quality(record)
    if norm is None or found is None:
        return []
    excess = found.excess
    at = np.flatnonzero(np.isfinite(norm) & np.isfinite(excess))
    smooth, far = running_median(norm[at], SMOOTH), running_median(excess[at], SMOOTH)
    if not len(smooth):
        return []
    early = float(smooth[: points(record, VANISHED_EARLY, least=SMOOTH)].max())
    least = points(record, VANISHED_PART, least=VANISHED_POINTS)
    begun = points(record, SETTLING, least=0)
    gone = (smooth <= VANISHED * early) & (far > found.good)
    return [
        _episode(record, at, norm[at], early, *covered(stretch, SMOOTH, len(at)), least)
        for stretch in stretches(gone, gap=least // 4, least=least)
        if stretch[1] - max(stretch[0], begun) + 1 >= least
    ]


def _episode(
    record: Record,
    at: NDArray[np.int64],
    norm: Series,
    early: float,
    first: int,
    last: int,
    least: int,
) -> Episode:
    level = float(np.median(norm[first : last + 1]))
    peak = first + int(np.argmin(norm[first : last + 1]))
    times = early / level if level > 0 else np.inf
    fell = "was 0" if level <= 0 else f"was {times:.2g} times smaller than early in the run"
    return episode_at(
        record,
        "vanishing-gradient",
        (at[first], at[peak], at[last]),
        recovered=last < len(at) - 1,
        severity=float(times),
        series="g_grad_norm",
        description=f"the norm of G's gradient {fell}",
        resolution=(least * record.cadence, np.inf),
        evidence={"early": early, "norm": level, "points": last - first + 1},
    )
