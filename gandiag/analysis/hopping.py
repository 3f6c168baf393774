"""Does G hop from mode to mode? Few modes at a time, and others each time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.episode import Episode, Resolution
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import points, stretches
from gandiag.analysis.thresholds import HELD, HOP, HOP_PART, HOPS, SETTLING

BLOCK = 64
"""The rows that are compared with the last hop at once, so that many hops cost no more."""


def mode_hopping(record: Record) -> list[Episode]:
    """Where the samples moved between modes while at most half of the modes were held.

    A mode is held at a share of ``HELD`` / K. A hop is a total variation above ``HOP`` against the
    shares at the last hop, so a slow rotation counts as well as a jump between two log points.
    ``HOPS`` of them after the first ``SETTLING`` of the planned length, each within ``HOP_PART``
    of it from the one before, are an episode. Rule: science.md B.1, with the memory added.

    Documented strength: one mode at a time (or up to half of them), another every log point to
    every twentieth of the planned length, over a third of it.

    How to read it: the severity is the number of hops. D learns where the samples are and drives
    them on; G never holds what it found. The evidence has the usual period of a change.

    It misleads where the shares come from few samples, and where rotation is faster than the
    cadence: it may be taken for stillness if the modes return at each log point.

    Args:
        record: A prefix of a run.

    Returns:
        One episode a stretch; empty where the shares of known modes were not recorded.
    """
    shares = _shares(record)
    if shares is None or shares.shape[1] < 2 or len(record) < HOPS + 1:
        return []
    modes = shares.shape[1]
    at = np.flatnonzero(np.isfinite(shares).all(axis=1))
    few = (shares[at] >= HELD / modes).sum(axis=1) <= modes / 2
    hops = at[_hops(shares[at], few)]
    hops = hops[hops >= points(record, SETTLING, least=2)]
    apart = points(record, HOP_PART, least=5)
    mask = np.zeros(len(record), bool)
    mask[hops] = True
    found = stretches(mask, gap=apart - 1)
    episodes = [_episode(record, hops[(hops >= a) & (hops <= b)], apart) for a, b in found]
    return [episode for episode in episodes if episode.severity >= HOPS]


def _shares(record: Record) -> Series | None:
    """The shares among the samples that are at any mode [log point, mode]; NaN where few are."""
    name, modes = record.expected.share_column, len(record.expected.modes)
    if not name or not all(f"{name}_{k}" in record.columns for k in range(modes)):
        return None
    shares = record.shares
    if shares is None:
        return None
    shares = np.where(np.isfinite(shares).all(axis=1), shares.T, np.nan)
    total = shares.sum(axis=0)
    scaled: Series = shares / np.where(total >= HELD, total, np.nan)
    return scaled.T


def _hops(shares: Series, few: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The rows at which the shares had left those of the last hop, in stretches of few modes."""
    found: list[int] = []
    for first, last in stretches(few):
        anchor, seen = first, first
        while seen < last:
            block = shares[seen + 1 : min(seen + BLOCK, last) + 1]
            moved = np.flatnonzero(0.5 * np.abs(block - shares[anchor]).sum(axis=1) > HOP)
            seen += int(moved[0]) + 1 if len(moved) else len(block)
            if len(moved):
                anchor = seen
                found.append(anchor)
    return np.array(found, np.int64)


def _episode(record: Record, hops: NDArray[np.int64], apart: int) -> Episode:
    start, end = int(record.iteration[hops[0]]), int(record.iteration[hops[-1]])
    period = float(np.median(np.diff(record.iteration[hops]))) if len(hops) > 1 else 0.0
    return Episode(
        kind="mode-hopping",
        start=start,
        peak=start,
        end=end if hops[-1] + apart < len(record) else int(record.iteration[-1]),
        recovered=bool(hops[-1] + apart < len(record)),
        severity=float(len(hops)),
        series=f"{record.expected.share_column}_0",
        sentence=(
            f"from iteration {start:,} to {end:,} the samples changed modes {len(hops)} times, "
            f"about every {period:.4g} iterations, and held at most half of them"
        ),
        resolution=Resolution(record.cadence, apart * record.cadence),
        evidence={"hops": len(hops), "period": period},
    )
