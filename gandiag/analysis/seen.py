"""What was seen of a run whose samples nobody measured: what its losses show, as far as they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gandiag.analysis.balance import d_overpowering
from gandiag.analysis.contest import no_contests
from gandiag.analysis.episode import Episode
from gandiag.analysis.finding import Finding
from gandiag.analysis.loss_runaway import loss_runaways
from gandiag.analysis.loss_scale import loss_of
from gandiag.analysis.oscillation import oscillations
from gandiag.analysis.record import Record
from gandiag.analysis.separation import d_at_chance, d_overpowering_by_loss
from gandiag.analysis.series import format_number
from gandiag.analysis.thresholds import PATIENT, TREND_POINTS

SHOWN = (no_contests, d_overpowering, d_overpowering_by_loss, loss_runaways)
"""What is asked of the losses, the most telling first."""


@dataclass(frozen=True)
class Seen:
    """What was seen without the samples.

    Attributes:
        episodes: What goes on at the end, the most telling first.
        level: The level of the losses, where there is no such episode.
    """

    episodes: tuple[Episode, ...] = ()
    level: Finding | None = None


def seen(record: Record) -> Seen:
    """What the losses show at the end of a record; their levels, where they show nothing else."""
    found = [episode for ask in SHOWN for episode in ask(record)]
    found += oscillations(record)
    found += d_at_chance(record)
    now = tuple(episode for episode in found if not episode.recovered)
    return Seen(now) if now else Seen(level=_levels(record))


def no_contest_now(record: Record) -> Sequence[Episode]:
    """That D and G do not play against each other at the end, which explains any bad samples."""
    return [episode for episode in no_contests(record) if not episode.recovered]


def _levels(record: Record) -> Finding | None:
    """Where the losses are at the end; None where none was recorded there."""
    window = record.tail(PATIENT, TREND_POINTS)
    parts, levels, n = [], {}, 0
    for player in ("d", "g"):
        loss = loss_of(player, record)
        known = np.empty(0) if loss is None else loss[window][np.isfinite(loss[window])]
        if len(known):
            low, level, high = map(float, np.percentile(known, [5, 50, 95]))
            between = f"{format_number(low)} to {format_number(high)}"
            parts.append(f"{player.upper()} {format_number(level)}, mostly {between}")
            levels[f"{player}_loss"], n = level, len(known)
    if not levels:
        return None
    sentence = f"the losses show nothing certain ({'; '.join(parts)}, over the last half)"
    return Finding(next(iter(levels.values())), n, sentence, evidence=levels)
