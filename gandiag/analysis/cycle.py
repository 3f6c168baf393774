"""Periodic motion in a window of a series: its period, amplitude and growth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gandiag.analysis.record import Series
from gandiag.analysis.series import mask_overflow
from gandiag.analysis.thresholds import CYCLE_POINTS, CYCLES, PERIODIC, SHORTEST_PERIOD, TROUGH


@dataclass(frozen=True)
class Cycle:
    """A periodic motion.

    Attributes:
        period: In log points.
        strength: The height of the first peak of the autocorrelation, 1 for a pure cycle.
        amplitude: √2 times the standard deviation, in the unit of the series.
        latest: The same of the last period alone.
        growth: The amplitude of the last whole cycles over that of the first, half of them each.
    """

    period: float
    strength: float
    amplitude: float
    latest: float
    growth: float


def cycle(values: Series) -> Cycle | None:
    """The periodic motion in a window [log point], or None where there is none.

    The line through the window is taken out. The autocorrelation at lag k is that of the n - k
    pairs, each side normalized by itself, so that a growing amplitude does not hide a cycle. Its
    first peak after a first trough below -.25 is the period, refined by a parabola (the highest
    peak may be a multiple of it). A peak of .5 and three cycles in a window of 24 log points or
    more are required: of windows of AR(1) noise, coefficient 0 to .99, at most 1.5 % have that
    (600 of each, 30 to 1,200 log points).

    It misleads where fewer than three cycles are in the window, and where the period is below four
    log points: that is an alias.
    """
    values = mask_overflow(values)
    known = np.isfinite(values)
    if known.sum() < CYCLE_POINTS:
        return None
    x = _detrended(filled(values))
    power = float(x @ x)
    if power <= 1e-18 * max(float(np.abs(values[known]).max()) ** 2, 1e-300) * len(x):
        return None
    r = _autocorrelation(x, int(len(x) / CYCLES) + 2)
    lag = _first_peak(r)
    if lag is None or r[lag] < PERIODIC or not SHORTEST_PERIOD <= lag <= len(x) / CYCLES:
        return None
    amplitude = float(np.sqrt(2 * power / len(x)))
    period = _refined(r, lag)
    latest = float(np.sqrt(2) * x[-max(2, round(period)) :].std())
    return Cycle(period, float(r[lag]), amplitude, latest, growth(x, period))


def filled(values: Series) -> Series:
    """With straight lines through what is missing."""
    known = np.flatnonzero(np.isfinite(values))
    return np.interp(np.arange(len(values)), known, values[known])


def growth(values: Series, period: float) -> float:
    """The amplitude of the last whole cycles over that of the first: half of them each."""
    if len(values) < 2 * period:
        return 1.0
    x = _detrended(filled(values))
    part = int(period * max(1, int(len(x) / period / 2)))
    first, last = (piece - piece.mean() for piece in (x[:part], x[-part:]))
    return float(last.std() / max(first.std(), 1e-300))


def _detrended(x: Series) -> Series:
    place = np.arange(len(x)) - (len(x) - 1) / 2
    centred = x - x.mean()
    line: Series = centred - place * (place @ centred) / (place @ place)
    return line


def _autocorrelation(x: Series, lags: int) -> Series:
    """Of the pairs at every lag up to ``lags``, each side normalized by itself."""
    n = len(x)
    size = 1 << (2 * n - 1).bit_length()
    spectrum = np.fft.rfft(x, size)
    products = np.fft.irfft(spectrum * np.conj(spectrum), size)[: lags + 1]
    squares = np.concatenate([[0.0], np.cumsum(x * x)])
    k = np.arange(lags + 1)
    head, rest = squares[n - k], squares[n] - squares[k]
    correlation: Series = products / np.sqrt(np.maximum(head * rest, 1e-300))
    return correlation


def _first_peak(r: Series) -> int | None:
    below = np.flatnonzero(r < TROUGH)
    if not len(below):
        return None
    above = np.flatnonzero(r[below[0] :] > 0)
    if not len(above):
        return None
    start = int(below[0] + above[0])
    falls = np.flatnonzero(np.diff(r[start:]) < 0)
    return start + int(falls[0]) if len(falls) else None


def _refined(r: Series, lag: int) -> float:
    if lag + 1 >= len(r):
        return float(lag)
    before, here, after = r[lag - 1 : lag + 2]
    bend = before - 2 * here + after
    return lag + (0.5 * float((before - after) / bend) if bend else 0.0)
