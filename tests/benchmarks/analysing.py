"""Analyses synthetic runs and prints what it took: runs, log points; seconds, megabytes."""

from __future__ import annotations

import json
import resource
import sys
import time

import numpy as np

from gandiag.analysis.coupling import coupling
from gandiag.analysis.decomposition import rank_terms
from gandiag.analysis.diagnosis import diagnose
from gandiag.analysis.record import Expected, Record
from gandiag.diagnosis.live import LiveVerdict
from gandiag.experiment.recorded import Recorded

MODES = 8
ANGLE = 2 * np.pi * np.arange(MODES) / MODES
TARGET = Expected(
    np.zeros(2),
    np.full(2, np.sqrt(2)),
    modes=tuple(f"mode {k}" for k in range(MODES)),
    shares=np.full(MODES, 1 / MODES),
    share_column="mode_share",
    d_loss=2 * np.log(2),
    g_loss=np.log(2),
)
LEVELS = {
    **{f"{who}_{name}": level for who, level in (("d", 1.4), ("g", 0.7))
       for name in ("loss", "cross_entropy", "grad_norm", "weight_norm", "loss_min", "loss_max")},
    **{"g_l2": 0.1, "d_l2": 0.1, "d_accuracy": 0.55, "d_real": 0.5, "d_fake": 0.5},
    **{f"mean_{k}{part}": 0.01 for k in range(2) for part in ("", "_se")},
    **{f"std_{k}{part}": level for k in range(2) for part, level in (("", 1.4), ("_se", 0.03))},
    **{"sliced_wasserstein": 0.3, "sliced_wasserstein_se": 0.02, "sliced_wasserstein_floor": 0.05},
    **{"high_quality": 0.9, "high_quality_floor": 0.99, "reverse_kl": 0.02, "n_samples": 2500.0},
}  # fmt: skip
"""32 columns beside the eight shares: 40 in all."""


def run(points: int, seed: int) -> Record:
    """A run that comes to the data, in noise with a memory."""
    rng = np.random.default_rng(seed)
    fall = 3 * np.exp(-8 * np.arange(points) / points)
    columns = {}
    for name, level in LEVELS.items():
        walk = np.cumsum(rng.normal(size=points)) * 0.02 / np.sqrt(points)
        columns[name] = level * (1 + walk + 0.05 * rng.normal(size=points))
    columns["sliced_wasserstein"] += fall
    columns["n_samples"] = np.full(points, 2500.0)
    shares = rng.dirichlet(np.full(MODES, 200.0), points)
    columns |= {f"mode_share_{k}": shares[:, k] for k in range(MODES)}
    assert len(columns) == 40
    return Record(np.arange(points) * 10, columns, TARGET, planned=10 * (points - 1))


def analysed(runs: int, points: int) -> float:
    """The seconds that the diagnosis of so many runs and of their family takes."""
    records = [run(points, seed) for seed in range(runs)]
    began = time.perf_counter()
    with np.errstate(all="ignore"):
        for record in records:
            diagnose(record)
        coupling(records)
        rank_terms(records)
    return time.perf_counter() - began


def followed(points: int) -> float:
    """The seconds that the live verdicts of a run take."""
    record = run(points, 0)
    rows = [
        {"phase": "train", "iteration": int(record.iteration[k])}
        | {name: float(values[k]) for name, values in record.columns.items()}
        for k in range(points)
    ]
    follower = LiveVerdict(Recorded(name="loop", iterations=record.planned))
    began = time.perf_counter()
    for row in rows:
        follower.take(row)
    return time.perf_counter() - began


if __name__ == "__main__":
    runs, points = map(int, sys.argv[1:3])
    analysed(1, 200)  # what is imported and cached
    spent = analysed(runs, points) if runs else min(followed(points) for _ in range(5))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": spent, "megabytes": most}))
