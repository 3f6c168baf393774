"""Does anything grow without bound: losses, weights or samples?"""

from __future__ import annotations

import numpy as np

from gandiag.analysis.episode import Episode, episode_at, mover_of
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import escapes, format_number, smoothed, trend, trend_direction
from gandiag.analysis.thresholds import (
    BURN_IN,
    CERTAIN,
    CLEAR_CHANGE,
    DOUBLINGS,
    EARLY_POINTS,
    FAR,
    GONE,
    GROWTH,
    LEFT_FACTOR,
    MOTION,
    RECENT,
    SMOOTH,
    TREND_POINTS,
)
from gandiag.columns import is_loss, owner

BLOWN = ("d_loss", "g_loss", "d_weight_norm", "g_weight_norm")
"""What may blow up. Gradients may not: they are noisy by nature, and grow before a good end."""


def blow_ups(record: Record) -> list[Episode]:
    """Losses, weights or samples that grow without bound at the end of the record.

    A loss or a weight norm has blown up that ends ten times above all of its earlier levels
    since the burn-in and still doubles within a tenth of the length; samples have left that are
    three standard deviations and more away and still move away, or thirty and do not come back. The
    growth is a trend of four standard errors over the last quarter of the length, with the
    autocorrelation of the residuals in the error; samples move away too that do so block by block,
    or all at once in the end (`series.trend_direction`, `series.escapes`).

    How to read it: the severity is the factor of growth, or the distance. It misleads where a
    critic's loss has no scale of its own (a Wasserstein game with clipped weights has none), and
    what blew up within the burn-in and then stays is not reported. It resolves growth over a
    twentieth of the length and more.
    """
    if len(record) < TREND_POINTS:
        return []
    found = [_blown(record, name) for name in BLOWN if record.series(name) is not None]
    return [episode for episode in [*found, _gone(record)] if episode is not None]


def _blown(record: Record, name: str) -> Episode | None:
    size = smoothed(np.abs(record.columns[name]), SMOOTH)
    window = record.tail(MOTION, TREND_POINTS)
    burnt = int(np.searchsorted(record.iteration, BURN_IN * (record.planned or 0)))
    early = size[burnt : max(burnt, window.start)]
    early = early[np.isfinite(early)]
    if len(early) < EARLY_POINTS:  # what only begins to grow may have any size
        return None
    level, now = float(early.max()), float(size[-1])
    if is_loss(name) and now <= _usual(record, name, size[: window.start]):
        return None
    line = trend(np.log(np.maximum(size[window], 1e-300)))
    doublings = line.change / np.log(2) * RECENT / MOTION
    if not now > GROWTH * level > 0 or line.t < CERTAIN or doublings < DOUBLINGS:
        return None
    first = int(np.flatnonzero(size <= level)[-1]) + 1
    words = "loss" if is_loss(name) else "weight norm"
    grew = f"grew {format_number(now / level)}-fold to {format_number(now)} and is still growing"
    return _episode(record, first, name, now / level, f"{owner(name)}'s {words} {grew}")


def _usual(record: Record, name: str, before: Series) -> float:
    """What a loss may come back to: its equilibrium, or what it was before, burn-in included."""
    expected = record.expected.d_loss if owner(name) == "D" else record.expected.g_loss
    known = before[np.isfinite(before)]
    return max(abs(expected or 0.0), float(known.max()) if len(known) else 0.0)


def _gone(record: Record) -> Episode | None:
    distance = quality(record)
    if distance is None or not distance.unit:
        return None
    q, window = smoothed(distance.excess, SMOOTH), record.tail(MOTION, TREND_POINTS)
    now = float(q[-1])
    if not now > FAR:
        return None
    line = trend(distance.excess[window])
    rises = line.t > CERTAIN and line.change > CLEAR_CHANGE * line.level
    moves_on = (
        rises or trend_direction(distance.excess[window]) > 0 or escapes(distance.excess[window])
    )
    if not moves_on and (now < GONE or line.t < -CERTAIN):
        return None
    before = np.flatnonzero(q <= min(FAR, float(np.nanmin(q)) * LEFT_FACTOR + distance.good))
    first = int(before[-1]) + 1 if len(before) else 0
    description = f"the samples are {format_number(now)} {distance.unit} from the data"
    description += " and moving away" if moves_on else ""
    return _episode(record, min(first, len(q) - 1), distance.column, now, description)


def _episode(record: Record, first: int, name: str, severity: float, description: str) -> Episode:
    last = len(record) - 1
    return episode_at(
        record,
        "blow-up",
        (first, last, last),
        recovered=False,
        severity=severity,
        series=name,
        description=description,
        first=mover_of(name),
        resolution=(TREND_POINTS * record.cadence, float(record.iteration[-1])),
        evidence={"growth" if name in BLOWN else "distance": severity},
    )
