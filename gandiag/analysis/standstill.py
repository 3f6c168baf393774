"""Has a player stopped learning: constant weights, a gradient of zero, a constant loss?"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.episode import Episode, episode_at
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import points, smoothed
from gandiag.analysis.thresholds import (
    ABRUPT,
    ABRUPT_POINTS,
    BURN_IN,
    CLIP_ERROR,
    NO_GRADIENT,
    SMOOTH,
    STILL,
    STILL_PART,
    STILL_POINTS,
)

Player = Literal["d", "g"]

CLIPS = (5, 6, 7, 8, 9, 10, 12, 15, 16)
"""Where logarithms are clipped: log 1e-5 and so on."""

NAMES: dict[Player, str] = {"d": "the discriminator", "g": "the generator"}


def standstills(record: Record) -> list[Episode]:
    """Since when a player has stopped learning, one episode for each that does so to the end.

    A player has stopped learning if its weight norm is constant, or its gradient is negligible
    against its own early median, or its loss is constant although the batches change: at a clip
    constant, or because D answers the same to everything. A loss of 0 does not count: it is a
    satisfied hinge, which the other player can undo. A player may wait for its first turn as long
    as the burn-in lasts. A game at rest at its goal does not count: there the samples are good,
    both players have stopped, and neither gradient vanished abruptly.

    How to read it: from the start of the episode on nothing is learnt, whatever the samples look
    like. It misleads where a schedule pauses a player for longer than a twentieth of the run. It
    resolves standstills of six log points and a twentieth of the length.
    """
    if len(record) <= STILL_POINTS:
        return []
    least = points(record, STILL_PART, least=STILL_POINTS)
    if len(record) <= least:
        return []
    since = {who: _since(record, who, least) for who in NAMES}
    still = {who: shown for who, shown in since.items() if shown}
    if not still or _at_rest(record, still):
        return []
    return [_episode(record, who, shown, least) for who, shown in still.items()]


def _since(record: Record, who: Player, least: int) -> dict[str, int]:
    """The columns that show that a player has stopped learning, and since which log point."""
    ways = (
        (f"{who}_loss", _constant),
        (f"{who}_weight_norm", _constant),
        (f"{who}_grad_norm", _nothing),
    )
    found = {}
    for column, test in ways:
        values = record.series(column)
        since = None if values is None else test(values)
        if values is None or since is None or since > len(record) - least:
            continue
        if _waits(record, since) or (column.endswith("loss") and _last(values) == 0):
            continue
        if np.isfinite(values[since:]).sum() >= STILL_POINTS:
            found[column] = since
    return found


def _waits(record: Record, since: int) -> bool:
    """Whether a player may not have had its first turn yet, as G in a warm-up of D."""
    return since == 0 and bool(record.planned) and record.progress < BURN_IN


def _constant(values: Series) -> int | None:
    """Since which log point a series is constant; gaps count as no change."""
    known = np.flatnonzero(np.isfinite(values))
    if len(known) < 2 or not np.isfinite(values[-3:]).any():
        return None
    last = values[known[-1]]
    same = np.abs(values[known] - last) <= STILL * max(abs(last), 1e-12)
    return _since_last_break(same, known)


def _nothing(values: Series) -> int | None:
    """Since which log point a gradient is negligible against what it was early on."""
    known = np.flatnonzero(np.isfinite(values))
    if len(known) < 2:
        return None
    early = np.median(values[known[: max(3, len(known) // 5)]])
    return _since_last_break(values[known] <= NO_GRADIENT * early, known)


def _since_last_break(mask: NDArray[np.bool_], known: NDArray[np.int64]) -> int | None:
    if not mask[-1]:
        return None
    broken = np.flatnonzero(~mask)
    return int(known[broken[-1] + 1]) if len(broken) else int(known[0])


def _at_rest(record: Record, still: dict[Player, dict[str, int]]) -> bool:
    """Whether the game is at rest at its goal: good samples, both constant, nothing abrupt."""
    distance = quality(record)
    if distance is None:
        return False
    near = smoothed(distance.excess, SMOOTH)
    good = np.isfinite(near[-1]) and near[-1] <= distance.good
    return bool(good) and len(still) == 2 and not any(_abrupt(record, who) for who in still)


def _abrupt(record: Record, who: Player) -> bool:
    """Whether a gradient fell from its usual size to nothing within three log points."""
    values = record.series(f"{who}_grad_norm")
    since = None if values is None else _nothing(values)
    if values is None or since is None or since < ABRUPT_POINTS:
        return False
    before = values[:since]
    known = before[np.isfinite(before)]
    return len(known) > 0 and bool(
        np.nan_to_num(before[-ABRUPT_POINTS:]).max() > ABRUPT * np.median(known)
    )


def _episode(record: Record, who: Player, shown: dict[str, int], least: int) -> Episode:
    first, last = min(shown.values()), len(record) - 1
    start, end = int(record.iteration[first]), int(record.iteration[-1])
    values = {column: _last(record.columns[column]) for column in shown}
    signs = ", ".join(_sign(column, value) for column, value in values.items())
    return episode_at(
        record,
        "standstill",
        (first, first, last),
        recovered=False,
        severity=(end - start) / max(end, 1),
        series=min(shown, key=lambda column: shown[column]),
        description=f"{NAMES[who]} has stopped learning: {signs}",
        first=who,
        resolution=(least * record.cadence, float(end)),
        evidence=values | {"log points": len(record) - first},
    )


def _last(values: Series) -> float:
    return float(values[np.isfinite(values)][-1])


def _sign(column: str, value: float) -> str:
    """What a constant column shows, and where a clipped logarithm explains it."""
    what = column[2:]
    if what == "grad_norm":
        return f"gradient norm {value:.2g}"
    if what == "weight_norm":
        return f"weight norm constant at {value:.4g}"
    clip = next((k for k in CLIPS if abs(value - k * np.log(10)) < CLIP_ERROR * value), None)
    return f"loss constant at {value:.5g}" + (
        f" (-log 1e-{clip}, a clipped logarithm)" if clip else ""
    )
