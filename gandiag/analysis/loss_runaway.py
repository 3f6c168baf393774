"""Does a loss move away steadily, from its first level and from 0?"""

from __future__ import annotations

import numpy as np

from gandiag.analysis.episode import Episode, episode_at, mover_of
from gandiag.analysis.loss_scale import is_critic, loss_of
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import format_number, points, smoothed
from gandiag.analysis.thresholds import (
    PATIENT,
    RUNAWAY,
    RUNAWAY_BLOCKS,
    RUNAWAY_EARLY,
    RUNAWAY_POINTS,
    SETTLING,
    SMOOTH,
    TAIL_POINTS,
)


def loss_runaways(record: Record) -> list[Episode]:
    """Losses that grow steadily to the end.

    Such a loss grows away from 0 in each of ``RUNAWAY_BLOCKS`` blocks of all but the first
    ``SETTLING`` of the length, or of the last half, to ``RUNAWAY`` times its
    size over the first ``RUNAWAY_EARLY``, and times its equilibrium. That is slower than a blow-up,
    which doubles within a tenth of the length.

    How to read it: a critic whose loss only grows is not bounded (no penalty, no clipping), or G
    does not follow it; G's loss grows where D wins. The severity is the factor of growth.

    It misleads where a coefficient of the loss is annealed. The loss of a critic's G is left out:
    a constant in all scores changes it and nothing else.

    Returns:
        One episode a loss; empty where the samples are good.
    """
    if _is_good(record) or len(record) < 2 * RUNAWAY_BLOCKS:
        return []
    players = ("d",) if is_critic(record) else ("d", "g")
    found = [_runaway(record, player) for player in players]
    return [episode for episode in found if episode is not None]


def _is_good(record: Record) -> bool:
    found = quality(record)
    if found is None:
        return False
    return bool(smoothed(found.excess, SMOOTH)[-1] <= found.good)


def _runaway(record: Record, player: str) -> Episode | None:
    loss = loss_of(player, record)
    if loss is None:
        return None
    size = smoothed(np.abs(loss), SMOOTH)
    early = size[: points(record, RUNAWAY_EARLY, least=RUNAWAY_POINTS)]
    early = early[np.isfinite(early)]
    if not len(early) or not any(_grows(np.abs(loss)[window]) for window in _windows(record)):
        return None
    expected = record.expected.d_loss if player == "d" else record.expected.g_loss
    first, now = float(np.median(early)), float(size[-1])
    if not now > RUNAWAY * max(first, abs(expected or 0.0)) or now <= 0:
        return None
    return _episode(record, player, first, loss)


def _windows(record: Record) -> tuple[slice, slice]:
    """Where a loss may grow: since the game has settled, and over the last half."""
    begun = points(record, SETTLING, least=0)
    return slice(begun, len(record)), record.tail(PATIENT, 2 * RUNAWAY_BLOCKS)


def _grows(values: Series) -> bool:
    """Whether a series rises from each block to the next, and has not turned back at the end."""
    known = values[np.isfinite(values)]
    if len(known) < 2 * RUNAWAY_BLOCKS:
        return False
    middles = [float(np.median(block)) for block in np.array_split(known, RUNAWAY_BLOCKS)]
    return bool((np.diff(middles) > 0).all() and np.median(known[-TAIL_POINTS:]) > middles[-2])


def _episode(record: Record, player: str, first: float, loss: Series) -> Episode:
    size = smoothed(np.abs(loss), SMOOTH)
    last, now = len(record) - 1, float(size[-1])
    begun = int(np.flatnonzero(~(size > 2 * first))[-1]) + 1
    known = smoothed(loss, SMOOTH)
    start, end = (float(known[np.isfinite(known)][k]) for k in (0, -1))
    other = _other_falls(record, player)
    levels = f"from {format_number(start)} to {format_number(end)}"
    return episode_at(
        record,
        "loss-runaway",
        (min(begun, last), last, last),
        recovered=False,
        severity=now / first if first > 0 else np.inf,
        series=f"{player}_loss",
        description=f"{player.upper()}'s loss moves away steadily, {levels}{other}",
        first=mover_of(f"{player}_loss"),
        resolution=((1 - SETTLING) * float(record.iteration[-1]), np.inf),
        evidence={"from": start, "to": end},
    )


def _other_falls(record: Record, player: str) -> str:
    """That G's loss falls with a critic's: they cannot both win."""
    loss, g_loss = loss_of("d", record), loss_of("g", record)
    if player != "d" or loss is None or g_loss is None or not is_critic(record):
        return ""
    falls = any(
        _grows(-loss[window]) and _grows(-g_loss[window]) and np.nanmedian(g_loss[window]) < 0
        for window in _windows(record)
    )
    return "; G's loss falls with it, so G may help D: look at the sign of its loss" * falls
