"""Does the game oscillate: with what period and amplitude, and does the amplitude grow?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gandiag.analysis.cycle import Cycle, cycle, filled, growth
from gandiag.analysis.episode import Episode, Mover, episode_at
from gandiag.analysis.quality import quality, scale
from gandiag.analysis.record import Record, Series
from gandiag.analysis.thresholds import (
    ABOVE_NOISE,
    BURN_IN,
    CYCLE_POINTS,
    CYCLES,
    DECAYING,
    GROWING,
    LOSS_SWING,
    PERIODIC_SE,
    PREFER_LONG,
    PREFER_MEAN,
    SHORTEST_PERIOD,
    SINCE_CYCLES,
    SWING,
    SWING_BEGINS,
    WINDOWS,
)


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
                motion = replace(motion, growth=growth(values[begun:], motion.period))
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
    dense = filled(values)
    past = np.lib.stride_tricks.sliding_window_view(dense, length)
    narrow = np.flatnonzero(np.ptp(past, axis=1) < SWING_BEGINS * width)
    return int(narrow[-1]) + 1 + length // 2 if len(narrow) else 0


def _swings(values: Series, amplitude: float) -> bool:
    """Whether it could oscillate: a cheap test before the expensive one."""
    known = values[np.isfinite(values)]
    return len(known) > 2 and float(np.ptp(known)) >= amplitude


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
