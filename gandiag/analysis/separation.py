"""Does D's loss alone show that D separates nearly everything, or that it is at chance?"""

from __future__ import annotations

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
    BLIND_PART,
    CERTAIN_D_LOSS,
    CERTAIN_G_LOSS,
    CERTAIN_START,
    CHANCE_WIDTH,
    OVERPOWERING_PART,
    SETTLING,
    SMOOTH,
    TEXTBOOK,
    TEXTBOOK_NOISE,
    WRONG_SHARE,
)


def d_overpowering_by_loss(record: Record) -> list[Episode]:
    """Where D's loss is so low that D must be right nearly always, without D's accuracy.

    A wrong answer costs at least as much as an undecided one, log 2 in a cross-entropy. So D's mean
    error over real and generated samples is at most its loss over that of an undecided D: of a
    sum of both means L / (2 log 2), and D is right in 95 % from L = .0693; of their mean .0347.
    Which of both it is comes from the experiment, or from the loss at the start; else the mean is
    assumed, which claims too little of a sum and never too much.

    How to read it: the severity is the accuracy that the loss guarantees. Samples so easily
    separated lie far from the data or on a thin support; see `balance.d_overpowering`.

    It misleads where the loss is no cross-entropy, hinge or square, and of training data that D has
    memorized. It is silent with smoothed labels, whose loss never comes near 0.

    Returns:
        One episode a stretch; empty where the accuracy was recorded, or D is a critic.
    """
    loss, chance = loss_of("d", record), chance_level(record)
    if record.series("d_accuracy") is not None or loss is None or chance is None:
        return []
    low = loss <= WRONG_SHARE * chance.loss
    if chance.convention != "known":
        low &= _confirmed(record, loss, chance)
    at = np.flatnonzero(np.isfinite(loss))
    often = running_median(low[at].astype(np.float64), SMOOTH) > 0
    least = points(record, OVERPOWERING_PART, least=BALANCE_POINTS)
    spans = wide_stretches(often, least, points(record, SETTLING, least=0))
    spans = [covered(span, SMOOTH, len(at)) for span in spans]
    return [_overpowering(record, chance, at[first : last + 1], least) for first, last in spans]


def d_at_chance(record: Record) -> list[Episode]:
    """Where both losses are at their equilibrium and nothing shows how good the samples are.

    Both are within ``TEXTBOOK`` of the loss of an undecided D, and constant but for
    ``TEXTBOOK_NOISE``, over ``BLIND_PART`` of the length. Where the losses are not known from the
    experiment, they are taken for cross-entropies: 2 log 2 or log 2, and log 2.

    How to read it: this D cannot tell the samples from the data. Either they are as good as that,
    or D is blind: look at samples. It is no alarm.

    It misleads where another loss happens to have that level.

    Returns:
        One episode a stretch; empty for a critic, and where the quality of the samples is known.
    """
    loss, g_loss = loss_of("d", record), loss_of("g", record)
    if quality(record) is not None or loss is None:
        return []
    width = points(record, CHANCE_WIDTH[0], least=CHANCE_WIDTH[1], most=CHANCE_WIDTH[2]) | 1
    least = points(record, BLIND_PART, least=BALANCE_POINTS)
    begun = points(record, SETTLING, least=0)
    for level, of_g in _equilibria(record):
        pair = [(loss, level)] + ([] if g_loss is None or of_g is None else [(g_loss, of_g)])
        at = np.flatnonzero(np.logical_and.reduce([np.isfinite(values) for values, _ in pair]))
        near = [_near(values[at], expected, width) for values, expected in pair]
        spans = wide_stretches(np.logical_and.reduce(near), least, begun)
        spans = [covered(span, width, len(at)) for span in spans]
        still = [
            at[a : b + 1] for a, b in spans if all(_still(*one, at[a : b + 1]) for one in pair)
        ]
        if still:
            return [_at_chance(record, pair, each, least) for each in still]
    return []


def _confirmed(record: Record, loss: Series, chance: ChanceLevel) -> NDArray[np.bool_]:
    """Where G's loss shows that D's is a classifier's [log point]; by the start without one."""
    known = loss[np.isfinite(loss)]
    began = CERTAIN_START[0] <= known[0] <= CERTAIN_START[1]
    g_loss = loss_of("g", record)
    if g_loss is None:
        return np.full(len(record), chance.convention != "assumed")
    against: NDArray[np.bool_] = g_loss > CERTAIN_G_LOSS
    if is_saturating(record):
        against |= (g_loss <= 0) & (chance.convention != "assumed")
    else:
        against |= (loss < CERTAIN_D_LOSS) & began & (g_loss > WRONG_SHARE)
    return against


def _overpowering(
    record: Record, chance: ChanceLevel, at: NDArray[np.int64], least: int
) -> Episode:
    loss, g_loss = loss_of("d", record), loss_of("g", record)
    values = np.zeros(len(at)) if loss is None else loss[at]
    level = float(np.median(values))
    wrong = max(level, 0.0) / chance.loss
    how = f"its loss of {_size(level)}, {chance.words}, allows at most {100 * wrong:.2g} % errors"
    evidence: dict[str, float | int | str] = {
        "accuracy": 1 - wrong,
        "d_loss": level,
        "chance": chance.loss,
        "convention": chance.convention,
        "points": len(at),
    }
    if g_loss is not None and np.isfinite(g_loss[at]).any():
        of_g = float(np.nanmedian(g_loss[at]))
        evidence["g_loss"] = of_g
        how += f"; G's loss is {format_number(of_g)}"
    last = int(at[-1])
    return episode_at(
        record,
        "d-overpowering",
        (at[0], at[int(np.argmin(values))], last),
        recovered=bool(loss is not None and np.isfinite(loss[last + 1 :]).any()),
        severity=1 - wrong,
        series="d_loss",
        description=f"D separates nearly all samples from the data ({how})",
        resolution=(least * record.cadence, np.inf),
        evidence=evidence,
    )


def _equilibria(record: Record) -> list[tuple[float, float | None]]:
    """The losses of D and G that an undecided D gives, as far as known; none for a critic."""
    chance, expected = chance_level(record), record.expected
    if chance is None:
        return []
    if chance.convention == "known":
        return [(chance.loss, expected.g_loss)]
    of_g = CHANCE_LOSS / 2 * (-1 if is_saturating(record) else 1)
    return [(CHANCE_LOSS, of_g), (CHANCE_LOSS / 2, of_g)]


def _near(values: Series, expected: float, width: int) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = np.abs(running_median(values, width) - expected) <= TEXTBOOK * abs(
        expected
    )
    return near


def _still(values: Series, expected: float, at: NDArray[np.int64]) -> bool:
    low, high = np.percentile(values[at], [16, 84])
    return bool((high - low) / 2 <= TEXTBOOK_NOISE * abs(expected))


def _at_chance(
    record: Record, pair: list[tuple[Series, float]], at: NDArray[np.int64], least: int
) -> Episode:
    levels = [float(np.median(values[at])) for values, _ in pair]
    named = ", ".join(f"{who} {level:.3g}" for who, level in zip("DG", levels, strict=False))
    last = int(at[-1])
    what = "both losses are at their equilibrium" if len(pair) > 1 else "D's loss is at chance"
    return episode_at(
        record,
        "d-at-chance",
        (at[0], at[0], last),
        recovered=bool(np.isfinite(pair[0][0][last + 1 :]).any()),
        severity=1.0,
        series="d_loss",
        description=f"{what} ({named}): either the samples are good, or D is blind; "
        "look at samples",
        resolution=(least * record.cadence, np.inf),
        evidence={f"{who}_loss": level for who, level in zip("dg", levels, strict=False)}
        | {"points": len(at)},
    )


def _size(level: float) -> str:
    return "exactly 0" if level == 0 else format_number(level)
