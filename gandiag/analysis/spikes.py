"""Did a loss spike? Sudden peaks of either loss that came down again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.episode import Episode, episode_at
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import points, stretches
from gandiag.analysis.thresholds import (
    SPIKE_ALONE,
    SPIKE_BACK,
    SPIKE_DECAY,
    SPIKE_GAP,
    SPIKE_HEIGHT,
    SPIKE_PART,
    SPIKE_POINTS,
    SPIKE_WINDOW,
    SPIKE_Z,
)


@dataclass(frozen=True, eq=False)
class _Loss:
    """A loss on a scale on which a factor is a distance, and what it was like before.

    Attributes:
        column: Its name.
        at: The log points where it is finite [value].
        values: The logarithm, or asinh where it is not always positive [value].
        unit: The median magnitude by which asinh was scaled; None for the logarithm.
        before: The median of the window before [value, the first window left out].
        spread: Its robust standard deviation, with a least value [the same].
        raw: The same without [the same].
        window: The length of the window.
    """

    column: str
    at: NDArray[np.int64]
    values: Series
    unit: float | None
    before: Series
    spread: Series
    raw: Series
    window: int


def loss_spikes(record: Record) -> list[Episode]:
    """The spikes of D's and of G's loss, in order of time.

    A loss that is always positive is taken as its logarithm, another as asinh of itself over its
    median magnitude. A spike is ``SPIKE_Z`` robust standard deviations (the interquartile
    range over 1.349, never less than ``SPIKE_HEIGHT`` / ``SPIKE_Z``) above the median of the
    window before it, half of that for ``SPIKE_POINTS`` log points in a row or is very high
    (``SPIKE_ALONE``), and has come down by half of its height: what stays up is a shift of level.
    It is over where it is back, however long its tail is.

    Documented strength: a loss three times as high that decays over 5 log points or more, in noise
    of up to 5 % of its level, once the game has begun and 20 log points before the record ends.

    How to read it: the severity is the factor by which the loss exceeded its level before, or the
    rise in median magnitudes where it is not always positive. Look at ``recovered``: a spike that
    came back cost time, one that did not changed the game.

    It misleads where one log point is longer than the spike, which then passes for noise unless it
    was a hundred standard deviations high; in the first window, where none is detected; and on
    losses that relax periodically, which give a spike each period.

    Args:
        record: A prefix of a run.

    Returns:
        One episode a spike; empty where the losses are missing or shorter than the window.
    """
    found = [spike for column in ("d_loss", "g_loss") for spike in _of(record, column)]
    return sorted(found, key=lambda spike: spike.start)


def _of(record: Record, column: str) -> list[Episode]:
    loss = _loss(record, column)
    if loss is None:
        return []
    height = loss.values[loss.window :] - loss.before
    z = height / loss.spread
    found = []
    for first, last in stretches(z > SPIKE_Z, gap=SPIKE_GAP):
        around = slice(max(0, first - SPIKE_POINTS + 1), last + SPIKE_POINTS)
        if _stands(z[around], height[around]):
            found.append(_episode(record, loss, first, last))
    return [spike for spike in found if spike is not None]


def _loss(record: Record, column: str) -> _Loss | None:
    """The loss with its past; None where it is missing or too short to have one."""
    values = record.series(column)
    window = points(record, SPIKE_PART, least=SPIKE_WINDOW[0], most=SPIKE_WINDOW[1])
    if values is None or np.isfinite(values).sum() < window + SPIKE_POINTS:
        return None
    at = np.flatnonzero(np.isfinite(values))
    known, unit = values[at], None
    if known.min() > 0:
        scaled = np.log(known)
    else:
        unit = float(np.median(np.abs(known))) or 1.0
        scaled = np.arcsinh(known / unit)
    past = np.sort(np.lib.stride_tricks.sliding_window_view(scaled[:-1], window), axis=1)
    spread = (past[:, 3 * window // 4] - past[:, window // 4]) / 1.349
    floored = np.maximum(spread, SPIKE_HEIGHT / SPIKE_Z)
    return _Loss(column, at, scaled, unit, past[:, window // 2], floored, spread, window)


def _stands(z: Series, height: Series) -> bool:
    least_z, least_height = SPIKE_ALONE
    alone = (z > least_z) & (height > least_height)
    return bool(alone.any()) or bool(stretches(z > SPIKE_Z / 2, least=SPIKE_POINTS))


def _episode(record: Record, loss: _Loss, first: int, last: int) -> Episode | None:
    """The spike of a stretch; None where the loss stayed up there, or is still up."""
    before, spread = float(loss.before[first]), float(loss.spread[first])
    first, last = first + loss.window, last + loss.window
    peak = first + int(np.argmax(loss.values[first : last + 1]))
    height = float(loss.values[peak]) - before
    after = loss.values[peak + 1 :] - before
    if not _comes_down(after, height, loss.window):
        return None
    tight = max(2 * float(loss.raw[first - loss.window]), SPIKE_BACK)
    back = stretches(after < tight, least=SPIKE_POINTS)
    back = back or stretches(after < 2 * spread, least=SPIKE_POINTS)
    end = peak + 1 + back[0][0] if back else len(loss.values) - 1
    start, worst, stop = (loss.at[k] for k in (first, peak, end))
    severity, rise = _severity(loss, before, height)
    return episode_at(
        record,
        "loss-spike",
        (start, worst, stop),
        recovered=bool(back),
        severity=severity,
        series=loss.column,
        description=(
            f"{loss.column[0].upper()}'s loss spiked {rise} at iteration "
            f"{int(record.iteration[worst]):,} and "
            + ("came back" if back else "did not come all the way back")
        ),
        resolution=(SPIKE_POINTS * record.cadence, loss.window * record.cadence),
        evidence={
            "z": height / spread,
            "height": height,
            "duration": int(record.iteration[stop] - record.iteration[start]),
        },
    )


def _comes_down(after: Series, height: float, window: int) -> bool:
    """Whether half of the height is undone, at once or along a tail that falls from the first."""
    half = stretches(after < height / 2, least=SPIKE_POINTS)
    if not half or half[0][0] < window:
        return bool(half)
    return float(np.median(after[window - SPIKE_POINTS : window])) < SPIKE_DECAY * height


def _severity(loss: _Loss, before: float, height: float) -> tuple[float, str]:
    if loss.unit is None:
        factor = float(np.exp(min(height, 700.0)))
        return factor, f"to {factor:.3g} times its level"
    rise = float(np.sinh(min(before + height, 700.0)) - np.sinh(before))
    return rise, f"by {rise:.3g} times its usual magnitude"
