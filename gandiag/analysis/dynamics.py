"""How the two players move about each other: turning, drawing in or running away, how far out."""

from __future__ import annotations

import math

import numpy as np

from gandiag.analysis.finding import Finding
from gandiag.analysis.orbit import Orbit, orbit
from gandiag.analysis.phase_plane import advantage, lead, offsets, unit
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import mask_overflow, trend
from gandiag.analysis.spectrum import Updates, dirac_period, eigenvalues, jacobian
from gandiag.analysis.thresholds import FEWEST, KEEPS, LEADS, RECENT, TURNS


def dynamics(
    record: Record,
    learning_rates: tuple[float, float] | None = None,
    *,
    updates: Updates = "simultaneous",
    slope: float = 0.5,
) -> dict[str, Finding]:
    """Every question of this file, by name.

    Args:
        record: Of a run.
        learning_rates: D's and G's, of plain gradient descent; None leaves the comparison out.
        updates: Whether D and G move at the same time or one after the other.
        slope: How fast the loss of an undecided D changes with its score: .5 of a GAN, 1 of a
            critic.
    """
    found = {
        "rotation": rotation(record),
        "period": period(record),
        "growth": growth(record),
        "distance": distance(record),
    }
    if learning_rates is not None:
        found["learning_rates"] = against_rates(record, learning_rates, updates, slope)
    if eigenvalues(record) is not None:
        found["jacobian"] = jacobian(record)
    return found


def period(record: Record) -> Finding:
    """The iterations in which the generated mean goes once about its target, or its own middle.

    It is the slope of the line through the crossings (`orbit`), of the axis that turns widest,
    with the t-interval of that line.

    How to read it: of the Dirac-GAN it is the analytic period to .1 %; from a radius of 1 on
    orbits take longer, by 12 % there. D's loss depends on the product of the players' distances:
    *its* period is half of this.

    It misleads below four log points a turn, where a faster wave looks slow; that bound is
    ``shortest`` in the evidence.
    """
    found = _orbit(record)
    if found is None:
        return _nothing(record)
    axis, turns = found
    value, error = turns.period
    return Finding(
        value,
        len(turns.heights),
        f"{axis} turns once in {value:.4g} iterations, {turns.turns:g} turns seen",
        interval=_interval(value, error, len(turns.crossings)),
        evidence={
            "radius": turns.radius,
            "centre": turns.centre,
            "shortest": 4 * record.cadence,
            "longest": float(record.iteration[-1] - record.iteration[0]) / 2,
        },
    )


def rotation(record: Record) -> Finding:
    """The angle by which the players turn in the plane of G's distance and D's slope, in radians.

    2π over the `period`, an iteration. Its sign is that of the turning: D's slope is what it
    tells samples from data by, over their distance, so that the correlation of D's advantage with
    the growth of the squared distance says which way they go, without a division by it: clockwise
    (negative) where samples come closer while D tells more, which is how gradients turn them.

    How to read it: eigenvalues λ of the game turn it by about h |Im λ| a step of size h
    (Mescheder et al. 2018): .1 for the Dirac-GAN at h = .2.

    It misleads where several axes turn at different rates: it is that of the widest.
    """
    found = _orbit(record)
    if found is None:
        return _nothing(record)
    axis, turns = found
    angle = 2 * math.pi / turns.period[0]
    low, high = _interval(*turns.period, len(turns.crossings))
    ends = (2 * math.pi / high, 2 * math.pi / low if low > 0 else math.inf)
    leading = lead(turns.values - turns.centre, advantage(record))
    sign = -1 if leading < -LEADS else 1
    way = ("clockwise" if sign < 0 else "anticlockwise") if abs(leading) > LEADS else "either way"
    return Finding(
        sign * angle,
        len(turns.heights),
        f"the players turn by {angle:.3g} radians an iteration, {way} in the plane of {axis} and "
        "D's slope",
        interval=ends if sign > 0 else (-ends[1], -ends[0]),
        floor=0.0,
        evidence={"lead": leading, "turns": turns.turns},
    )


def growth(record: Record) -> Finding:
    """The factor by which the distance from the centre grows, an iteration.

    The exponential of the slope of log height over half turns, with its t-interval; where the
    players do not turn, of log distance from the target over log points (`series.trend`).

    How to read it: above 1 the game expands, below it contracts. Simultaneous descent on the
    Dirac-GAN expands by √(1 + (h / 2)²) a step at every h, alternating stays at 1, R1 contracts
    by √(1 - γh). A game that has stopped growing is on a limit cycle: ``late`` in the evidence is
    the factor over the later half of what was seen.

    It misleads where noise is as high as the turns: it keeps them from dying out.
    """
    found = _orbit(record)
    if found is None:
        return _drift(record)
    axis, turns = found
    rate, error = turns.growth
    ends = _interval(rate, error, len(turns.heights))
    half = len(turns.heights) // 2
    logs = np.log(turns.heights[-max(half, 3) :])
    late = math.exp(trend(logs).change)
    return Finding(
        math.exp(rate),
        len(turns.heights),
        f"{axis} {_course(ends, late, turns, unit(record)[1])}, by a factor of "
        f"{math.exp(rate):.6g} an iteration",
        interval=(math.exp(ends[0]), math.exp(ends[1])),
        floor=1.0,
        evidence={"late": late, "radius": turns.radius, "turns": turns.turns},
    )


def distance(record: Record) -> Finding:
    """How far the players are from their equilibrium over the last tenth.

    The root mean square of G's part, the means' distance from their targets in standard
    deviations of the data, and D's, the distance of its loss from its equilibrium in parts of
    that (as it is where that is 0).

    How to read it: 0 is the equilibrium; an orbit has its radius here. It misleads as every
    proxy does: the right mean and an undecided D do not make the samples right (`equilibrium`).
    """
    if record.trouble or len(record) < FEWEST:
        return _nothing(record)
    recent = record.tail(RECENT, FEWEST)
    parts = {"g": _rms(offsets(record)[:, recent]), "d": _rms(_d_part(record)[recent])}
    known = {player: part for player, part in parts.items() if math.isfinite(part)}
    if not known:
        return _nothing(record)
    words = {"g": f"the means by {{:.3g}}{unit(record)[1]}", "d": "D's loss by {:.3g} of it"}
    value = math.hypot(*known.values())
    said = " and ".join(words[player].format(part) for player, part in known.items())
    return Finding(
        value,
        recent.stop - recent.start,
        f"the players are off their equilibrium, {said}",
        floor=0.0,
        evidence=known,
    )


def against_rates(
    record: Record,
    learning_rates: tuple[float, float],
    updates: Updates = "simultaneous",
    slope: float = 0.5,
) -> Finding:
    """The period in units of the one that the learning rates give a Dirac-GAN.

    How to read it: near 1 the cycle is that of bare gradient play, and a halved learning rate
    doubles it; far from 1 something else sets the pace (curvature, momentum, the data's scale).
    """
    found, due = period(record), dirac_period(learning_rates, updates=updates, slope=slope)
    if not math.isfinite(found.value) or not math.isfinite(due):
        return _nothing(record)
    low, high = found.interval or (found.value, found.value)
    ratio = found.value / due
    return Finding(
        ratio,
        found.n,
        f"a turn takes {ratio:.3g} times the {due:.4g} iterations of a Dirac-GAN at these rates",
        interval=(low / due, high / due),
        floor=1.0,
        against="the Dirac-GAN",
        evidence={"due": due},
    )


def _orbit(record: Record) -> tuple[str, Orbit] | None:
    """The axis that turns widest, and its turns about the target, else about its own middle."""
    if record.trouble:
        return None
    found = []
    for axis, values in zip(record.axes, offsets(record), strict=False):
        turns = orbit(record.iteration, values, 0.0) or orbit(record.iteration, values)
        if turns is not None:
            found.append((f"mean{axis}", turns))
    return max(found, key=lambda each: each[1].radius, default=None)


def _interval(value: float, error: float, n: int) -> tuple[float, float]:
    """The 95 % t-interval of the slope of a line through n points."""
    from scipy.special import stdtrit

    half = float(stdtrit(n - 2, 0.975)) * error
    return value - half, value + half


def _drift(record: Record) -> Finding:
    """`growth` of players that do not turn."""
    if record.trouble or len(record) < FEWEST:
        return _nothing(record)
    squares = (offsets(record) ** 2).sum(axis=0) if record.axes else np.empty(0)
    known = squares > 0
    if known.sum() < FEWEST:
        return _nothing(record)
    line = trend(np.where(known, np.log(np.where(known, squares, 1.0)) / 2, np.nan))
    span = float(np.ptp(record.iteration[known]))
    rate, error = line.change / span, line.se / span
    ends = (rate - 1.96 * error, rate + 1.96 * error)
    return Finding(
        math.exp(rate),
        line.n,
        f"the players do not turn, {_way(ends)}, by a factor of {math.exp(rate):.6g} an iteration",
        interval=(math.exp(ends[0]), math.exp(ends[1])),
        floor=1.0,
        evidence={"turns": 0},
    )


def _course(ends: tuple[float, float], late: float, turns: Orbit, unit: str) -> str:
    if 1 / KEEPS < late < KEEPS:
        return f"circles at a radius of {turns.radius:.3g}{unit}"
    return f"turns, {_way(ends)}"


def _way(ends: tuple[float, float]) -> str:
    """What an interval of a rate says."""
    if ends[0] <= 0 <= ends[1]:
        return "neither drawing in nor running away for sure"
    return "drawing in" if ends[1] < 0 else "running away"


def _d_part(record: Record) -> Series:
    """The distance of D's loss from its equilibrium, in parts of it."""
    loss, level = record.series("d_loss"), record.expected.d_loss
    if loss is None or level is None:
        return np.full(len(record), np.nan)
    return (mask_overflow(loss) - level) / (abs(level) or 1.0)


def _rms(values: Series) -> float:
    known = values[np.isfinite(values)]
    return float(np.sqrt(np.mean(known**2))) if len(known) else math.nan


def _nothing(record: Record) -> Finding:
    why = record.trouble or (
        f"no recorded mean with a known target turns {TURNS:g} times or more"
        if len(record) >= FEWEST
        else f"{len(record)} log points of {FEWEST}"
    )
    return Finding(math.nan, 0, f"not enough data: {why}")
