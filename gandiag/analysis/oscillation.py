"""Does the game oscillate: with what period and amplitude, and does the amplitude grow?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gandiag.analysis.episode import Episode, Mover, episode_at
from gandiag.analysis.quality import quality, scale
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import mask_overflow
from gandiag.analysis.thresholds import (
    ABOVE_NOISE,
    BURN_IN,
    CYCLE_POINTS,
    CYCLES,
    DECAYING,
    GROWING,
    LOSS_SWING,
    PERIODIC,
    PERIODIC_SE,
    PREFER_LONG,
    PREFER_MEAN,
    SHORTEST_PERIOD,
    SINCE_CYCLES,
    SWING,
    SWING_BEGINS,
    TROUGH,
    WINDOWS,
)


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
    x = _detrended(_filled(values))
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
    return Cycle(period, float(r[lag]), amplitude, latest, _growth(x, period))


def oscillations(record: Record) -> list[Episode]:
    """The oscillations at the end of a record, the strongest of each player and of the samples.

    Samples swing when the amplitude of their mean, of the logarithm of their standard deviation
    or of their distance from the data is a quarter of the data's standard deviation; a loss when
    its amplitude is a tenth of its median size.

    How to read it: a limit cycle keeps its amplitude, and more iterations do not help; a growth
    above 2 is an expansion. Losses of the form f(psi · theta) have half the period of the
    players. It misleads where the data have a period of their own (a schedule, an epoch). It
    resolves periods from four log points to a fifth of the length (`oscillation_limits`). An
    amplitude must be twice what sampling gives, where errors are recorded, and two cycles and a
    half must follow the beginning.
    """
    found: dict[Mover, tuple[float, Episode]] = {}
    for mover, name, values, unit, least in _watched(record):
        noise = _sampling_noise(record, name)
        for part in WINDOWS:
            window = _window(record, part)
            enough = max(least * unit, ABOVE_NOISE * _typical(noise[window]))
            if not _swings(values[window], enough):
                continue
            motion = cycle(values[window])
            if motion is None or motion.latest < enough or motion.amplitude < enough:
                continue
            if not _sure(motion, int(np.isfinite(values[window]).sum())):
                continue
            # A distance has two periods in one of the mean, and a longer window is more certain.
            longer, of_mean = part == WINDOWS[1], name.startswith("mean")
            weight = motion.strength + PREFER_LONG * longer + PREFER_MEAN * of_mean
            if mover not in found or weight > found[mover][0]:
                begun = max(_began(values, motion.period, 2 * enough), record.since_gap)
                if window.stop - begun < SINCE_CYCLES * motion.period:
                    continue
                motion = replace(motion, growth=_growth(values[begun:], motion.period))
                since = slice(begun, window.stop)
                found[mover] = (weight, _episode(record, mover, name, since, motion, unit))
    return [episode for _, episode in found.values()]


@dataclass(frozen=True)
class OscillationLimits:
    """Which oscillations would have been seen at the end of a record.

    Attributes:
        shortest: The shortest period, in iterations; NaN where none would have been seen.
        longest: The longest one.
        reason: Why none would have been seen; empty where some would.
    """

    shortest: float
    longest: float
    reason: str = ""


def oscillation_limits(record: Record) -> OscillationLimits:
    """The shortest and the longest period of an oscillation that the record can show.

    How to read it: a record without an oscillation says nothing of faster and of slower ones.
    """
    window = _window(record, WINDOWS[1])
    known = max((int(np.isfinite(each[2][window]).sum()) for each in _watched(record)), default=0)
    if known < CYCLE_POINTS:
        return OscillationLimits(
            np.nan, np.nan, f"{known} of the {CYCLE_POINTS} log points that cycles need"
        )
    span = float(record.iteration[window][-1] - record.iteration[window][0])
    return OscillationLimits(SHORTEST_PERIOD * span / (known - 1), span / CYCLES)


def is_growing(episode: Episode) -> bool:
    """Whether an oscillation expands."""
    return float(episode.evidence["growth"]) >= GROWING


def _watched(record: Record) -> Iterator[tuple[Mover, str, Series, float, float]]:
    """What may oscillate: whose, the column, its values, their unit, the least amplitude."""
    unit = scale(record, f"mean{record.axes[0]}") if record.axes else 1.0
    if len(record.expected.mean) == len(record.axes):
        for axis in record.axes:
            yield "samples", f"mean{axis}", record.columns[f"mean{axis}"], unit, SWING
            widths = record.series(f"std{axis}")
            if widths is not None and (record.expected.std > 0).all():
                logs = np.log(np.maximum(widths, 1e-12))
                yield "samples", f"std{axis}", logs, 1.0, SWING
    found = quality(record)
    if found is not None and not found.column.startswith(
        "mean"
    ):  # the distance is computed from these
        yield "samples", found.column, found.values, 1.0, SWING
    for mover, name in (("d", "d_loss"), ("g", "g_loss")):
        values = record.series(name)
        if values is not None:
            size = float(np.nanmedian(np.abs(values)))
            yield mover, name, values, max(size, 1e-12), LOSS_SWING  # type: ignore[misc]


def _sampling_noise(record: Record, name: str) -> Series:
    """The amplitude that sampling alone gives a series [log point]; 0 where no error is known."""
    errors = record.series(f"{name}_se")
    if errors is None:
        return np.zeros(len(record))
    if name.startswith("std"):  # taken as a logarithm
        errors = errors / np.maximum(record.columns[name], 1e-12)
    found = quality(record)
    if found is not None and name == found.column:
        errors = found.se
    noise: Series = np.sqrt(2) * errors
    return noise


def _typical(noise: Series) -> float:
    known = noise[np.isfinite(noise)]
    return float(np.sqrt(np.mean(np.square(known)))) if len(known) else 0.0


def _sure(motion: Cycle, points: int) -> bool:
    """Whether so many log points of noise would hardly have such a peak."""
    return motion.strength * float(np.sqrt(points)) >= PERIODIC_SE


def _window(record: Record, part: float) -> slice:
    """The last part of the record, without the burn-in, and after a gap if there was one."""
    window = _after_burn_in(record, record.tail(part, CYCLE_POINTS))
    return slice(max(window.start, record.since_gap), window.stop)


def _after_burn_in(record: Record, window: slice) -> slice:
    """A window without the burn-in, in which a transient may ring, if enough is left."""
    burnt = int(np.searchsorted(record.iteration, BURN_IN * (record.planned or 0)))
    return slice(max(window.start, min(burnt, len(record) - CYCLE_POINTS)), window.stop)


def _began(values: Series, period: float, width: float) -> int:
    """The log point since which a series swings that wide within every period."""
    length = max(SHORTEST_PERIOD, round(period))
    dense = _filled(values)
    past = np.lib.stride_tricks.sliding_window_view(dense, length)
    narrow = np.flatnonzero(np.ptp(past, axis=1) < SWING_BEGINS * width)
    return int(narrow[-1]) + 1 + length // 2 if len(narrow) else 0


def _filled(values: Series) -> Series:
    """With straight lines through what is missing."""
    known = np.flatnonzero(np.isfinite(values))
    return np.interp(np.arange(len(values)), known, values[known])


def _growth(values: Series, period: float) -> float:
    """The amplitude of the last whole cycles over that of the first: half of them each."""
    if len(values) < 2 * period:
        return 1.0
    x = _detrended(_filled(values))
    part = int(period * max(1, int(len(x) / period / 2)))
    first, last = (piece - piece.mean() for piece in (x[:part], x[-part:]))
    return float(last.std() / max(first.std(), 1e-300))


def _swings(values: Series, amplitude: float) -> bool:
    """Whether it could oscillate: a cheap test before the expensive one."""
    known = values[np.isfinite(values)]
    return len(known) > 2 and float(np.ptp(known)) >= amplitude


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


def _episode(
    record: Record, mover: Mover, name: str, window: slice, motion: Cycle, unit: float
) -> Episode:
    values, end = record.columns.get(name), int(record.iteration[-1])
    inside = np.nan_to_num(values[window]) if values is not None else np.zeros(1)
    peak = window.start + int(np.argmax(np.abs(inside - inside.mean())))
    cadence = float(np.diff(record.iteration[window]).mean())
    period = motion.period * cadence
    decays = motion.growth <= DECAYING
    trend = "growing" if motion.growth >= GROWING else "decaying" if decays else "constant"
    return episode_at(
        record,
        "oscillation",
        (window.start, peak, len(record) - 1),
        recovered=False,
        severity=motion.amplitude / unit,
        series=name,
        description=f"{name} oscillates with period {period:.4g} at {trend} amplitude",
        first=mover,
        resolution=(SHORTEST_PERIOD * cadence, WINDOWS[1] / CYCLES * end),
        evidence={
            "period": period,
            "strength": motion.strength,
            "amplitude": motion.amplitude,
            "growth": motion.growth,
            "cycles": (window.stop - window.start) / motion.period,
        },
    )
