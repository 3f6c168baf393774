"""The orbit of a series about a centre: its crossings, its period and its amplitude."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.series import Floats
from gandiag.analysis.thresholds import FINEST, REGULAR, TURNS


@dataclass(frozen=True, eq=False)
class Orbit:
    """The half periods of a series.

    Attributes:
        crossings: The iterations at which the centre was crossed [half period + 1].
        heights: The greatest distance from the centre between two crossings [half period].
        radius: √2 times the root mean square over the last whole period: a circle's radius.
        centre: What it orbits.
        values: The series itself [log point].
    """

    crossings: Floats
    heights: Floats
    radius: float
    centre: float
    values: Floats

    @property
    def turns(self) -> float:
        """How many periods were observed."""
        return len(self.heights) / 2

    @property
    def period(self) -> tuple[float, float]:
        """Iterations per period, and the standard error: the line through the crossings."""
        slope, error = _line(self.crossings)
        return 2 * slope, 2 * error

    @property
    def growth(self) -> tuple[float, float]:
        """The rate at which the height grows per iteration, and its standard error."""
        slope, error = _line(np.log(self.heights))
        half = self.period[0] / 2
        return slope / half, error / half


def orbit(
    iteration: NDArray[np.int64], values: Floats, centre: float | None = None
) -> Orbit | None:
    """The orbit of a series [log point] about a centre, by default its own mean.

    What is missing is interpolated on a grid of the usual cadence, and smoothed over an eighth of
    the strongest period, which leaves the crossings of a wave where they are.

    How to read it: a series that orbits crosses its centre at even intervals, whatever its
    height does; the half periods of noise scatter as much as they last.

    Args:
        iteration: Of every log point.
        values: The series, NaN where nothing was recorded.
        centre: What it orbits; None for its own mean.

    Returns:
        None where it completes fewer than two periods, or so unevenly that the scatter of the half
        periods is above .3 of their mean.
    """
    found = _even(iteration, values)
    if found is None:
        return None
    at, y = found
    middle = float(y.mean()) if centre is None else centre
    y = y - middle
    wave = _smoothed(y)
    where = np.flatnonzero(np.diff(np.signbit(wave)))
    if len(where) < 2 * TURNS + 1:
        return None
    part = wave[where] / (wave[where] - wave[where + 1])
    crossings = at[where] + part * (at[1] - at[0])
    halves = np.diff(crossings)
    if halves.std() > REGULAR * halves.mean():
        return None
    heights = np.maximum(np.maximum.reduceat(np.abs(wave), where + 1)[:-1], 1e-300)
    last = y[where[-3] + 1 : where[-1] + 1]
    return Orbit(crossings, heights, float(np.sqrt(2 * np.mean(last**2))), middle, values)


def _even(iteration: NDArray[np.int64], values: Floats) -> tuple[Floats, Floats] | None:
    """A series on an even grid of its usual cadence; None where there is too little of it."""
    known = np.isfinite(values)
    if known.sum() < 4 * (2 * TURNS + 1) / 2:
        return None
    at, y = iteration[known].astype(np.float64), values[known]
    step = float(np.median(np.diff(at)))
    if at[-1] - at[0] > 4 * step * len(at):  # more holes than series
        return None
    grid = np.arange(at[0], at[-1] + step / 2, step)
    return grid, np.interp(grid, at, y)


def _smoothed(y: Floats) -> Floats:
    """The moving mean over an eighth of the strongest period."""
    power = np.abs(np.fft.rfft(y))
    power[0] = 0.0
    strongest = len(y) / max(int(np.argmax(power)), 1)
    width = 2 * int(strongest / FINEST / 2) + 1
    padded = np.pad(y, width // 2, mode="edge")
    return np.convolve(padded, np.ones(width) / width, "valid")


def _line(y: Floats) -> tuple[float, float]:
    """Slope and standard error of the least-squares line through y [index]."""
    x = np.arange(len(y)) - (len(y) - 1) / 2
    slope = float(x @ y / (x @ x))
    rest = y - y.mean() - slope * x
    return slope, float(np.sqrt(rest @ rest / (len(y) - 2) / (x @ x)))
