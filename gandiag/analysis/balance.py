"""Is the game out of balance? D separates everything, or nothing at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.episode import Episode, episode_at
from gandiag.analysis.loss_scale import is_critic
from gandiag.analysis.quality import Quality, quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import covered, points, running_median, wide_stretches
from gandiag.analysis.thresholds import (
    BALANCE_POINTS,
    BLIND_ACCURACY,
    BLIND_EXCESS,
    BLIND_OUTPUTS,
    BLIND_PART,
    BLIND_PLATEAU,
    OVERPOWERING,
    OVERPOWERING_PART,
    SETTLING,
    SMOOTH,
)


def d_overpowering(record: Record) -> list[Episode]:
    """Where D's balanced accuracy stayed above ``OVERPOWERING``.

    Documented strength: an accuracy of .98 or more over an eighth of the planned length and 10 log
    points, beyond the first ``SETTLING``, in which D wins many healthy games.

    How to read it: the severity is the median accuracy of the stretch. Samples so easily separated
    from the data lie far from them or on a thin support; G still learns if its gradient has not
    vanished.

    It misleads where the accuracy is measured on few samples, where D has memorized its training
    data, and for long easy starts: good image GANs pass through one.

    Args:
        record: A prefix of a run.

    Returns:
        One episode a stretch; empty where the accuracy was not recorded or is too short.
    """
    accuracy = record.series("d_accuracy")
    if accuracy is None:
        return []
    at = np.flatnonzero(np.isfinite(accuracy))
    smooth = running_median(accuracy[at], SMOOTH)
    least = points(record, OVERPOWERING_PART, least=BALANCE_POINTS)
    return [
        _overpowering(record, at, accuracy[at], *covered(stretch, SMOOTH, len(at)), least)
        for stretch in wide_stretches(
            smooth > OVERPOWERING, least, points(record, SETTLING, least=0)
        )
    ]


def d_blind(record: Record) -> list[Episode]:
    """Where D could not tell samples from data although they are far apart and not improving.

    Blind is an accuracy of at most ``BLIND_ACCURACY``, or, where none was recorded, mean outputs
    in [0, 1] that differ by at most ``BLIND_OUTPUTS``. Far is ``BLIND_EXCESS`` times what is good.
    A stretch begins where the distance is at most half above its level at the stretch's end:
    samples that approach the data show that D is not blind.

    Documented strength: an accuracy of .5 ± .03 at twice that distance over a quarter of the
    planned length and 12 log points, beyond the first ``SETTLING``.

    How to read it: the severity is the median distance in units of what is good. Losses look
    textbook then and mean nothing: D gives G no direction.

    It misleads where D's accuracy is taken on another threshold than D's own: a D whose outputs are
    all above .5 can rank well and still count as blind.
    Critics are never reported: the scores of a Wasserstein game have no threshold (89 of the 400
    blind discriminators of the selftest play one, and are detected by their quality alone).

    Args:
        record: A prefix of a run.

    Returns:
        One episode a stretch; empty where accuracy or quality was not recorded or is too short.
    """
    distance, blind = quality(record), _blind(record)
    if distance is None or blind is None or is_critic(record):
        return []
    excess = distance.excess
    at = np.flatnonzero(np.isfinite(excess) & np.isfinite(blind))
    score, far = running_median(blind[at], SMOOTH), running_median(excess[at], SMOOTH)
    least = points(record, BLIND_PART, least=BALANCE_POINTS)
    begun = points(record, SETTLING, least=0)
    episodes = []
    for first, last in wide_stretches(
        (score <= 0) & (far > BLIND_EXCESS * distance.good), least, begun
    ):
        still = first + _plateau(far[first : last + 1], least)
        if last - still + 1 >= least:
            span = covered((still, last), SMOOTH, len(at))
            episodes.append(_blind_episode(record, at, excess[at], distance, *span, least))
    return episodes


def _plateau(far: Series, least: int) -> int:
    """Since which log point a series has been at most half above its level at the end."""
    above = np.flatnonzero(far > BLIND_PLATEAU * np.median(far[-max(1, least // 3) :]))
    return int(above[-1]) + 1 if len(above) else 0


def _blind(record: Record) -> Series | None:
    """What is at most 0 where D is blind [log point]; None where nothing recorded shows it."""
    accuracy = record.series("d_accuracy")
    if accuracy is not None:
        return accuracy - BLIND_ACCURACY
    real, fake = record.series("d_real"), record.series("d_fake")
    if real is None or fake is None:
        return None
    both = np.concatenate([real, fake])
    both = both[np.isfinite(both)]
    if both.min() < 0 or both.max() > 1:
        return None
    apart: Series = np.abs(real - fake) - BLIND_OUTPUTS
    return apart


def _overpowering(
    record: Record, at: NDArray[np.int64], values: Series, first: int, last: int, least: int
) -> Episode:
    level = float(np.median(values[first : last + 1]))
    peak = first + int(np.argmax(values[first : last + 1]))
    return episode_at(
        record,
        "d-overpowering",
        (at[first], at[peak], at[last]),
        recovered=last < len(at) - 1,
        severity=level,
        series="d_accuracy",
        description=f"D classified {100 * level:.1f} % of samples and data correctly",
        resolution=(least * record.cadence, np.inf),
        evidence={"accuracy": level, "points": last - first + 1},
    )


def _blind_episode(
    record: Record,
    at: NDArray[np.int64],
    excess: Series,
    distance: Quality,
    first: int,
    last: int,
    least: int,
) -> Episode:
    level = float(np.median(excess[first : last + 1]))
    peak = first + int(np.argmax(excess[first : last + 1]))
    return episode_at(
        record,
        "d-blind",
        (at[first], at[peak], at[last]),
        recovered=last < len(at) - 1,
        severity=level / distance.good,
        series="d_accuracy" if record.series("d_accuracy") is not None else "d_real",
        description=(
            f"D was at chance level although the {distance.words} was {level:.2g}, "
            f"{level / distance.good:.1f} times the threshold for good samples"
        ),
        resolution=(least * record.cadence, np.inf),
        evidence={"excess": level, "good": distance.good, "points": last - first + 1},
    )
