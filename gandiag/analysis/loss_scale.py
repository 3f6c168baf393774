"""The scale of the losses: a critic's or a classifier's, and what a D at chance loses on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import mask_overflow
from gandiag.analysis.thresholds import CRITIC_BELOW, STARTS_AT

CHANCE_LOSS = 2 * math.log(2)
"""D's cross-entropy where it cannot tell real from generated: the sum of the means over each."""

Convention = Literal["known", "sum", "mean", "assumed"]


@dataclass(frozen=True)
class ChanceLevel:
    """What D loses where it is undecided about every sample.

    Attributes:
        loss: Its loss there.
        convention: ``known`` from the experiment; ``sum`` or ``mean`` of the cross-entropies on
            real and on generated samples, by the loss at the start; ``assumed``: the mean, which
            is right of a sum as well, only less sharp.
    """

    loss: float
    convention: Convention

    @property
    def words(self) -> str:
        """How the loss is read, for a sentence."""
        both = "of the cross-entropies on real and on generated samples"
        return {
            "known": f"an undecided D loses {self.loss:.3g}",
            "sum": f"read as the sum {both}, by its start",
            "mean": f"read as the mean {both}, by its start",
            "assumed": f"assumed to be the mean {both}",
        }[self.convention]


def loss_column(player: str, record: Record) -> str | None:
    """The column of a player's loss, without its L2 term where that is known."""
    for name in (f"{player}_cross_entropy", f"{player}_loss"):
        if name in record.columns and not np.isnan(record.columns[name]).all():
            return name
    return None


def loss_of(player: str, record: Record) -> Series | None:
    """A player's loss [log point], NaN where it is missing or overflows; None without any."""
    column = loss_column(player, record)
    values = None if column is None else mask_overflow(record.columns[column])
    return None if values is None or np.isnan(values).all() else values


def is_critic(record: Record) -> bool:
    """Whether D's answers are scores, which have no scale and no threshold.

    No loss of a classifier is negative but by rounding.
    """
    if record.expected.d_loss is not None:
        return record.expected.d_loss <= 0
    loss = loss_of("d", record)
    return loss is not None and bool(np.nanmin(loss) < CRITIC_BELOW)


def chance_level(record: Record) -> ChanceLevel | None:
    """What an undecided D loses; None for a critic, or without a loss of D.

    The loss at the first log point shows a sum of cross-entropies (2 log 2) or their mean (log 2),
    for an untrained D is undecided.
    """
    loss, expected = loss_of("d", record), record.expected.d_loss
    if loss is None or is_critic(record):
        return None
    if expected is not None:
        return ChanceLevel(expected, "known")
    start = float(loss[np.isfinite(loss)][0])
    if math.isclose(start, CHANCE_LOSS, rel_tol=STARTS_AT):
        return ChanceLevel(CHANCE_LOSS, "sum")
    if math.isclose(start, CHANCE_LOSS / 2, rel_tol=STARTS_AT):
        return ChanceLevel(CHANCE_LOSS / 2, "mean")
    return ChanceLevel(CHANCE_LOSS / 2, "assumed")


def is_saturating(record: Record) -> bool:
    """Whether G's loss is log(1 - D) or a score: negative, and 0 where D wins."""
    loss, expected = loss_of("g", record), record.expected.g_loss
    if expected is not None:
        return expected < 0
    return loss is not None and bool(np.nanmin(loss) < CRITIC_BELOW)
