"""How the two players move about each other: rotation, convergence or divergence, distance."""

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
    gradient: float = 0.5,
) -> dict[str, Finding]:
    """Every question of this file, by name.

    Args:
        record: Of a run.
        learning_rates: D's and G's, of plain gradient descent; None leaves the comparison out.
        updates: Whether D and G move at the same time or one after the other.
        gradient: Of the loss with respect to the score of an undecided D: .5 for a GAN, 1 for a
            critic.
    """
    found = {
        "rotation": rotation(record),
        "period": period(record),
        "growth": growth(record),
        "distance": distance(record),
    }
    if learning_rates is not None:
        found["learning_rates"] = against_rates(record, learning_rates, updates, gradient)
    if eigenvalues(record) is not None:
        found["jacobian"] = jacobian(record)
    return found


def period(record: Record) -> Finding:
    """The period, in iterations, with which the generated mean orbits its target or its own mean.

    It is the slope of the line through the crossings (`orbit`), of the axis with the widest orbit,
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
        f"{axis} has a period of {value:.4g} iterations ({turns.turns:g} periods observed)",
        interval=_interval(value, error, len(turns.crossings)),
        evidence={
            "radius": turns.radius,
            "centre": turns.centre,
            "shortest": 4 * record.cadence,
            "longest": float(record.iteration[-1] - record.iteration[0]) / 2,
        },
    )


def rotation(record: Record) -> Finding:
    """The rotation of the players in the plane of G's distance and D's gradient, in radians.

    2π over the `period`, per iteration. Its sign is that of the rotation: D's gradient is its
    advantage over the distance of the samples, so that the correlation of D's advantage with
    the growth of the squared distance gives the direction, without a division by it: clockwise
    (negative) where samples come closer while D's advantage is large, as under gradient descent.

    How to read it: eigenvalues λ of the game rotate it by about h |Im λ| per step of size h
    (Mescheder et al. 2018): .1 for the Dirac-GAN at h = .2.

    It misleads where several axes rotate at different rates: it is that of the widest orbit.
    """
    found = _orbit(record)
    if found is None:
        return _nothing(record)
    axis, turns = found
    angle = 2 * math.pi / turns.period[0]
    ends = angles(_interval(*turns.period, len(turns.crossings)))
    leading = lead(turns.values - turns.centre, advantage(record))
    sign = -1 if leading < -LEADS else 1
    direction = "clockwise" if sign < 0 else "anticlockwise"
    direction = direction if abs(leading) > LEADS else "in an unknown direction"
    return Finding(
        sign * angle,
        len(turns.heights),
        f"the players rotate by {angle:.3g} radians per iteration, {direction} in the plane of "
        f"{axis} and D's gradient",
        interval=ends if sign > 0 else (-ends[1], -ends[0]),
        floor=0.0,
        evidence={"lead": leading, "turns": turns.turns},
    )


def angles(periods: tuple[float, float]) -> tuple[float, float]:
    """The interval of the angle per iteration, in radians, from that of the period.

    Its upper end is infinite where the period may be 0.

    >>> angles((-1.0, 2 * math.pi))
    (1.0, inf)
    """
    low, high = periods
    return 2 * math.pi / high, 2 * math.pi / low if low > 0 else math.inf


def growth(record: Record) -> Finding:
    """The factor by which the distance from the centre grows per iteration.

    The exponential of the slope of log height over half turns, with its t-interval; where the
    players do not rotate, of log distance from the target over log points (`series.trend`).

    How to read it: above 1 the game expands, below it contracts. Simultaneous descent on the
    Dirac-GAN expands by √(1 + (h / 2)²) per step at every h, alternating stays at 1, R1 contracts
    by √(1 - γh). A game that has stopped growing is on a limit cycle: ``late`` in the evidence is
    the factor over the later half of the orbits.

    It misleads where noise is as high as the orbit: it keeps the orbit from decaying.
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
        f"{math.exp(rate):.6g} per iteration",
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
    words = {
        "g": f"the means by {{:.3g}}{unit(record)[1]}",
        "d": "D's loss by {:.3g} times its equilibrium value",
    }
    value = math.hypot(*known.values())
    parts_text = " and ".join(words[player].format(part) for player, part in known.items())
    return Finding(
        value,
        recent.stop - recent.start,
        f"the players are off their equilibrium: {parts_text}",
        floor=0.0,
        evidence=known,
    )


def against_rates(
    record: Record,
    learning_rates: tuple[float, float],
    updates: Updates = "simultaneous",
    gradient: float = 0.5,
) -> Finding:
    """The period in units of the one that the learning rates give a Dirac-GAN.

    How to read it: near 1 the period is that of plain gradient descent, and a halved learning rate
    doubles it; far from 1 something else determines it (curvature, momentum, the data's scale).
    """
    found, due = period(record), dirac_period(learning_rates, updates=updates, gradient=gradient)
    if not math.isfinite(found.value) or not math.isfinite(due):
        return _nothing(record)
    low, high = found.interval or (found.value, found.value)
    ratio = found.value / due
    return Finding(
        ratio,
        found.n,
        f"the period is {ratio:.3g} times the {due:.4g} iterations of a Dirac-GAN at these rates",
        interval=(low / due, high / due),
        floor=1.0,
        against="the Dirac-GAN",
        evidence={"due": due},
    )


def _orbit(record: Record) -> tuple[str, Orbit] | None:
    """The axis with the widest orbit, and its orbit about the target, else about its own mean."""
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
    """`growth` of players that do not rotate."""
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
        f"the players do not rotate, {_convergence(ends)} by a factor of {math.exp(rate):.6g} "
        "per iteration",
        interval=(math.exp(ends[0]), math.exp(ends[1])),
        floor=1.0,
        evidence={"turns": 0},
    )


def _course(ends: tuple[float, float], late: float, turns: Orbit, unit: str) -> str:
    if 1 / KEEPS < late < KEEPS:
        return f"orbits at a constant radius of {turns.radius:.3g}{unit}"
    return f"rotates, {_convergence(ends)}"


def _convergence(ends: tuple[float, float]) -> str:
    """Whether a rate converges or diverges, by its interval."""
    if ends[0] <= 0 <= ends[1]:
        return "neither converging nor diverging significantly"
    return "converging" if ends[1] < 0 else "diverging"


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
        f"no recorded mean with a known target completes {TURNS:g} orbits"
        if len(record) >= FEWEST
        else f"{len(record)} log points of {FEWEST}"
    )
    return Finding(math.nan, 0, f"not enough data: {why}")
