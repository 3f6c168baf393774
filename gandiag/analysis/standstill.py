"""Has a player stopped learning: constant weights or samples, no gradient, a constant loss?"""

from __future__ import annotations

from typing import Literal

import numpy as np

from gandiag.analysis.episode import Episode, episode_at
from gandiag.analysis.halts import (
    came_to_rest,
    constant_since,
    jumped,
    negligible_since,
    vanished_abruptly,
)
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import points, smoothed
from gandiag.analysis.thresholds import (
    BURN_IN,
    CLIP_ERROR,
    POINT,
    SMOOTH,
    STILL_GOOD_PART,
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
    constant, or because D answers the same to everything. G has also if every moment of its samples
    is constant, where they are bad, spread out, and did not jump there: then it holds what it had.

    What does not count: a loss of 0, for it is a satisfied hinge, which the other player can undo;
    a player that waits for its first turn, as long as the burn-in lasts; weights, losses and
    gradients that came to rest gradually, as with an annealed learning rate, unless the samples are
    bad; where they are good, less than a fifth of the length; and a game at rest at its
    goal: there the samples are good, both players have stopped, and no gradient vanished abruptly.

    How to read it: from the start of the episode on nothing is learnt, whatever the samples look
    like. A player that has not changed since the first log point may never have been trained: look
    at which parameters its optimizer holds. It misleads where a schedule pauses a player for longer
    than a twentieth of the run, and where moments are repeated that were not measured anew. It
    resolves standstills of six log points and a twentieth of the length.
    """
    least = points(record, STILL_PART, least=STILL_POINTS)
    if len(record) <= max(STILL_POINTS, least):
        return []
    state = _samples(record)
    if state == "good" and _at_rest(record, least):
        return []
    part = STILL_GOOD_PART if state == "good" else STILL_PART
    enough = points(record, part, least=STILL_POINTS)
    since = {who: _since(record, who, least, gradually=state == "bad") for who in NAMES}
    if state != "good" and not since["g"]:
        since["g"] = _samples_still(record, least)
    return [
        _episode(record, who, shown, least)
        for who, shown in since.items()
        if shown and min(shown.values()) <= len(record) - enough
    ]


def _samples(record: Record) -> Literal["good", "bad", "unknown"]:
    """How good the samples are at the end."""
    distance = quality(record)
    if distance is None:
        return "unknown"
    near = smoothed(distance.excess, SMOOTH)[-1]
    if not np.isfinite(near):
        return "unknown"
    return "good" if near <= distance.good else "bad"


def _since(record: Record, who: Player, least: int, *, gradually: bool) -> dict[str, int]:
    """The columns that show that a player has stopped learning, and since which log point.

    Args:
        record: The run.
        who: The player.
        least: The log points for which it has stopped at least.
        gradually: Whether what came to rest gradually counts.
    """
    found = {}
    for kind in ("loss", "weight_norm", "grad_norm"):
        values = record.series(f"{who}_{kind}")
        if values is None or (kind == "loss" and _last(values) == 0):
            continue
        since = negligible_since(values) if kind == "grad_norm" else constant_since(values)
        if since is None or since > len(record) - least or _waits(record, since):
            continue
        if np.isfinite(values[since:]).sum() < STILL_POINTS:
            continue
        if gradually or not _came_to_rest(kind, values, since):
            found[f"{who}_{kind}"] = since
    return found


def _came_to_rest(kind: str, values: Series, since: int) -> bool:
    """Whether it came to rest; what never moved did not."""
    if kind == "grad_norm":
        return bool(np.isfinite(values[:since]).any()) and not vanished_abruptly(values)
    return came_to_rest(values, since)


def _samples_still(record: Record, least: int) -> dict[str, int]:
    """The moments of the samples, where all are constant that were measured; else none.

    A single point shows nothing: a generator whose output is clipped makes one, and may move.
    """
    moments = [f"{name}{axis}" for axis in record.axes for name in ("mean", "std")]
    names = [name for name in (*moments, "spread") if record.series(name) is not None]
    values = {name: record.columns[name] for name in names}
    found = {name: constant_since(each) for name, each in values.items()}
    since = max((-1 if each is None else each for each in found.values()), default=-1)
    norm = record.series("g_weight_norm")
    if norm is not None or None in found.values() or not _is_spread_out(record, values):
        return {}
    if _waits(record, since) or any(jumped(each, since) for each in values.values()):
        return {}
    enough = all(np.isfinite(each[since:]).sum() >= STILL_POINTS for each in values.values())
    return dict.fromkeys(names, since) if enough and since <= len(record) - least else {}


def _is_spread_out(record: Record, values: dict[str, Series]) -> bool:
    """Whether the samples are known to be more than a single point."""
    expected = record.expected
    units = dict(zip((f"std{axis}" for axis in record.axes), expected.std, strict=False))
    units["spread"] = expected.spread or 0.0
    widths = {name: _last(each) for name, each in values.items() if not name.startswith("mean")}
    return any(width > POINT * units.get(name, 0.0) for name, width in widths.items())


def _waits(record: Record, since: int) -> bool:
    """Whether a player may not have had its first turn yet, as G in a warm-up of D."""
    return since == 0 and bool(record.planned) and record.progress < BURN_IN


def _at_rest(record: Record, least: int) -> bool:
    """Whether a game with good samples is at rest: both players have stopped, none abruptly."""
    for who in NAMES:
        norm = record.series(f"{who}_grad_norm")
        if not _since(record, who, least, gradually=True):
            return False
        if norm is not None and vanished_abruptly(norm):
            return False
    return True


def _episode(record: Record, who: Player, shown: dict[str, int], least: int) -> Episode:
    first, last = min(shown.values()), len(record) - 1
    start, end = int(record.iteration[first]), int(record.iteration[-1])
    values = {column: _last(record.columns[column]) for column in shown}
    signs = ", ".join(dict.fromkeys(_sign(column, value) for column, value in values.items()))
    measured = [np.flatnonzero(np.isfinite(record.columns[column]))[0] for column in shown]
    never = first <= min(measured)
    what = "has not changed since the first log point" if never else "has stopped learning"
    return episode_at(
        record,
        "standstill",
        (first, first, last),
        recovered=False,
        severity=(end - start) / max(end, 1),
        series=min(shown, key=lambda column: shown[column]),
        description=f"{NAMES[who]} {what}: {signs}",
        first=who,
        resolution=(least * record.cadence, float(end)),
        evidence=values | {"log points": len(record) - first, "never moved": int(never)},
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
    if what != "loss":
        return "every moment of its samples is constant"
    clip = next((k for k in CLIPS if abs(value - k * np.log(10)) < CLIP_ERROR * value), None)
    return f"loss constant at {value:.5g}" + (
        f" (-log 1e-{clip}, a clipped logarithm)" if clip else ""
    )
