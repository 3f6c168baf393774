"""Do D and G play against each other at all? Losses that both are near 0 say no."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.episode import Episode, episode_at
from gandiag.analysis.loss_scale import (
    CHANCE_LOSS,
    ChanceLevel,
    chance_level,
    is_saturating,
    loss_of,
)
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import (
    covered,
    format_number,
    points,
    running_median,
    wide_stretches,
)
from gandiag.analysis.thresholds import (
    BALANCE_POINTS,
    LEAST_OF_SQUARES,
    NO_CONTEST,
    OVERPOWERING_PART,
    SETTLING,
    SMOOTH,
)


def no_contests(record: Record) -> list[Episode]:
    """Where the losses of D and G are so low together that the two cannot be opponents.

    Of every generated sample -log D and -log(1 - D) sum to at least 2 log 2. So do G's loss and
    D's, the sum of both its means; of squares the least is 1/4, of a hinge 1. Half of it is not
    reached by chance: the labels of one player are swapped, or G's loss has the wrong sign, and
    both move D's answers the same way. A saturating loss of G, log(1 - D), is at least minus
    that of D, and 0 where D wins; there only a sum well below 0 counts.

    How to read it: look at the labels in the losses of D and of G. The severity is the part of the
    least sum of opponents that is missing.

    It misleads where the logged losses are not those of the same D: of a validation set, or scaled
    by a weight. It cannot be seen in a critic's losses, which have no least sum.

    Returns:
        One episode a stretch; empty for a critic, and without the losses of both.
    """
    loss, g_loss, chance = loss_of("d", record), loss_of("g", record), chance_level(record)
    if loss is None or g_loss is None or chance is None or _is_unclear(record, chance):
        return []
    at = np.flatnonzero(np.isfinite(loss) & np.isfinite(g_loss))
    total = (loss * _terms(chance) + g_loss)[at]
    smooth, bar = running_median(total, SMOOTH), _bar(chance)
    low = smooth < NO_CONTEST * (-LEAST_OF_SQUARES if is_saturating(record) else bar)
    least = points(record, OVERPOWERING_PART, least=BALANCE_POINTS)
    spans = wide_stretches(low, least, points(record, SETTLING, least=0))
    spans = [covered(span, SMOOTH, len(at)) for span in spans]
    return [
        _episode(record, (loss, g_loss), at, (first, last), (bar, float(least)))
        for first, last in spans
    ]


def _is_unclear(record: Record, chance: ChanceLevel) -> bool:
    """Whether the losses may be of another kind: good samples, or G's loss a score."""
    if chance.convention == "known":
        return False
    if is_saturating(record):
        return chance.convention == "assumed"
    found = quality(record)
    if chance.convention != "assumed" or found is None:
        return False
    near = found.excess[np.isfinite(found.excess)][-SMOOTH:]
    return bool(len(near) and np.median(near) <= found.good)


def _terms(chance: ChanceLevel) -> float:
    """What D's loss is multiplied by to be the sum of its means, of a cross-entropy."""
    return 1.0 if chance.loss > 0.75 * CHANCE_LOSS else 2.0


def _bar(chance: ChanceLevel) -> float:
    """The least sum of the losses of opponents.

    Where only the start says that they are cross-entropies, half of it: squares, whose equilibrium
    is .625 or more, may start at the same level.
    """
    if chance.convention in ("sum", "mean"):
        return CHANCE_LOSS / 2
    is_entropy = any(math.isclose(chance.loss, k * CHANCE_LOSS, rel_tol=1e-3) for k in (1.0, 0.5))
    return CHANCE_LOSS if is_entropy and chance.convention == "known" else LEAST_OF_SQUARES


def _episode(
    record: Record,
    losses: tuple[Series, Series],
    at: NDArray[np.int64],
    span: tuple[int, int],
    bounds: tuple[float, float],
) -> Episode:
    first, last = span
    inside = at[first : last + 1]
    d, g = (float(np.median(values[inside])) for values in losses)
    sums = losses[0][inside] + losses[1][inside]
    levels = f"D {format_number(d)}, G {format_number(g)}"
    return episode_at(
        record,
        "no-contest",
        (at[first], inside[int(np.argmin(sums))], at[last]),
        recovered=last < len(at) - 1,
        severity=float(np.clip(1 - (d + g) / bounds[0], 0.0, 1.0)),
        series="g_loss",
        description=f"the losses of D and G are both near their best ({levels}), which opponents "
        "cannot be: the labels of one of them may be swapped, or G's loss may have the wrong sign",
        resolution=(bounds[1] * record.cadence, np.inf),
        evidence={"d_loss": d, "g_loss": g, "least sum": bounds[0], "points": last - first + 1},
    )
