"""Does G hop from mode to mode? It covers few modes at a time, and different ones each time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.episode import Episode, episode_at
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import points, stretches
from gandiag.analysis.thresholds import HELD_SHARE, HOP, HOP_PART, HOP_POINTS, HOPS, SETTLING

BLOCK = 64
"""The rows that are compared with the last hop at once, so that many hops cost no more."""


def mode_hopping(record: Record) -> list[Episode]:
    """Where the samples moved between modes while at most half of the modes were covered.

    A mode is covered at a share of ``HELD_SHARE`` / K. A hop is a total variation above ``HOP``
    from the shares at the last hop, so that a slow rotation counts as well as a jump.
    ``HOPS`` of them after the first ``SETTLING`` of the planned length, each within ``HOP_PART``
    of it from the one before, are an episode.

    Documented strength: one mode at a time (or up to half of them), another every log point to
    every twentieth of the planned length, over a third of it.

    How to read it: the severity is the number of hops. D learns where the samples are and drives
    them away; G never keeps a mode. The evidence has the usual period of a change.

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
    few = (shares[at] >= HELD_SHARE / modes).sum(axis=1) <= modes / 2
    hops = at[_hops(shares[at], few)]
    hops = hops[hops >= points(record, SETTLING, least=2)]
    apart = points(record, HOP_PART, least=HOP_POINTS)
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
    scaled: Series = shares / np.where(total >= HELD_SHARE, total, np.nan)
    return scaled.T


def _hops(shares: Series, few: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The rows at which the shares had left those of the last hop, in stretches of few modes."""
    found: list[int] = []
    for first, last in stretches(few):
        anchor, position = first, first
        while position < last:
            block = shares[position + 1 : min(position + BLOCK, last) + 1]
            moved = np.flatnonzero(0.5 * np.abs(block - shares[anchor]).sum(axis=1) > HOP)
            position += int(moved[0]) + 1 if len(moved) else len(block)
            if len(moved):
                anchor = position
                found.append(anchor)
    return np.array(found, np.int64)


def _episode(record: Record, hops: NDArray[np.int64], apart: int) -> Episode:
    period = float(np.median(np.diff(record.iteration[hops]))) if len(hops) > 1 else 0.0
    recovered = bool(hops[-1] + apart < len(record))
    return episode_at(
        record,
        "mode-hopping",
        (hops[0], hops[0], hops[-1] if recovered else len(record) - 1),
        recovered=recovered,
        severity=float(len(hops)),
        series=f"{record.expected.share_column}_0",
        description=(
            f"the samples switched modes {len(hops)} times, about every {period:.4g} iterations, "
            "with at most half of the modes covered at a time"
        ),
        resolution=(record.cadence, apart * record.cadence),
        evidence={"hops": len(hops), "period": period},
    )
