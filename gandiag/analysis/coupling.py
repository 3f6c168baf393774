"""Does a run's loss go with its own samples, beyond what all runs share?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.correlation import ranks
from gandiag.analysis.finding import Finding
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record
from gandiag.analysis.thresholds import DENSE, FEWEST_POINTS, FEWEST_RUNS, SIGNIFICANT

Table = NDArray[np.float64]

EXACT = 6
"""Up to how many runs every pairing is tried."""


def coupling(
    records: Sequence[Record], loss: str = "g_loss", *, draws: int = 4999, seed: int = 0
) -> Finding:
    """How far a loss goes with the quality of its own run more than with that of other runs.

    The value is the mean over runs of Spearman's rho between a run's loss and its distance from
    the data, log point by log point. Under the null the runs' qualities are paired with others'
    losses: in every way up to 6 runs, else in ``draws`` random ones and the observed one. The
    p-value is two-sided.

    How to read it: the floor is the mean over all pairings, which is what a schedule or a common
    trend explains. Below it, a run whose loss is better than other runs' has worse samples; near
    it the loss says nothing about the run. There are R! pairings, so 5 runs are the least.

    It misleads where the runs are no repetitions of one another (several configurations), and
    where those left out for other log points or gaps are the failures.

    Args:
        records: One a run.
        loss: The column.
        draws: How many pairings are drawn.
        seed: Of the drawing.
    """
    losses, qualities = _aligned(records, loss)
    n = len(losses)
    if n < FEWEST_RUNS:
        return Finding(
            math.nan,
            n,
            f"not enough data: {n} of {len(records)} runs with {loss} and a changing quality at "
            f"the same {FEWEST_POINTS} or more log points, of {FEWEST_RUNS} runs",
        )
    table = _unit(losses) @ _unit(qualities).T
    own, others = float(np.trace(table)) / n, float(table.mean())
    p = _p_value(table, own - others, draws, seed)
    return Finding(
        own,
        n,
        _sentence(loss, own, others, p, n),
        floor=others,
        against="the same losses, each with another run's samples",
        evidence={"p": p, "left_out": len(records) - n, "log_points": losses.shape[1]},
    )


def _aligned(records: Sequence[Record], loss: str) -> tuple[Table, Table]:
    """Losses and qualities of the runs that have the usual log points, [run, log point] each."""
    found: list[tuple[bytes, Table]] = []
    for record in records:
        measured, values = quality(record), record.series(loss)
        if measured is not None and values is not None and not record.trouble:
            found.append((record.iteration.tobytes(), np.stack([values, measured.values])))
    if not found:
        return np.empty((0, 0)), np.empty((0, 0))
    usual = Counter(grid for grid, _ in found).most_common(1)[0][0]
    runs = [run for grid, run in found if grid == usual and _dense(run)]
    if not runs:
        return np.empty((0, 0)), np.empty((0, 0))
    both = np.stack(runs, axis=1)
    both = both[:, :, np.isfinite(both).all(axis=(0, 1))]
    if both.shape[2] < FEWEST_POINTS:
        return np.empty((0, 0)), np.empty((0, 0))
    changing = (both.max(axis=2) > both.min(axis=2)).all(axis=0)
    return both[0, changing], both[1, changing]


def _dense(run: Table) -> bool:
    """Whether loss and quality are there at nine log points of ten."""
    return bool(np.isfinite(run).all(axis=0).mean() >= DENSE)


def _unit(rows: Table) -> Table:
    """Ranks of mean 0 and length 1, so that a product is Spearman's rho."""
    ranked = np.stack([ranks(row) for row in rows])
    ranked -= ranked.mean(axis=1, keepdims=True)
    unit: Table = ranked / np.linalg.norm(ranked, axis=1, keepdims=True)
    return unit


def _p_value(table: Table, beyond: float, draws: int, seed: int) -> float:
    """How often pairings with other runs are as far from their mean as the runs with themselves."""
    n = len(table)
    if n <= EXACT:
        pairings = np.array(list(permutations(range(n))))
    else:
        rng = np.random.default_rng(seed)
        pairings = rng.permuted(np.tile(np.arange(n), (draws, 1)), axis=1)
    null = table[np.arange(n), pairings].mean(axis=1) - table.mean()
    far = int((np.abs(null) >= abs(beyond) - 1e-12).sum())
    return far / len(pairings) if n <= EXACT else (far + 1) / (draws + 1)


def _sentence(loss: str, own: float, others: float, p: float, n: int) -> str:
    rhos = f"rho {own:.2f} with its own samples and {others:.2f} with those of others"
    numbers = f"{rhos}, {n} runs, p {p:.2g}"
    if p >= SIGNIFICANT:
        return f"{loss} says nothing about a run's samples beyond what all runs share: {numbers}"
    way = "with" if own > others else "against"
    return f"a run's {loss} moves {way} the distance of its own samples from the data: {numbers}"
