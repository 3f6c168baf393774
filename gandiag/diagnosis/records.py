"""Records for the diagnosis, from the description of a training run and the rows of its journal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag import digits
from gandiag.analysis.record import Expected, Record
from gandiag.analysis.thresholds import NARROW_SPREAD
from gandiag.columns import ROW, SAMPLED, current_names
from gandiag.data import Array, Function, Mnist, MultivariateNormal, Normal, Point, StackedMnist
from gandiag.data.mixtures import Mixture
from gandiag.diagnosis.floors import of_floors
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.recorded import Trained

Row = Mapping[str, Any]

D_LOSSES = {"sum": 2 * math.log(2), "mean": math.log(2), "critic": 0.0}
"""D's loss where it cannot tell the samples apart, by what a user says that it is."""

NO_SERIES = ROW - {SAMPLED}
"""The columns of a row that are not series for the diagnosis."""


def record_of(rows: Sequence[Row], trained: Trained, diverged_at: int | None = None) -> Record:
    """The record of a run, from the rows of its journal.

    Args:
        rows: All of its rows; those of other phases than the game are left out.
        trained: What is trained.
        diverged_at: The iteration after which something was not finite, where that is known.
    """
    game = [row for row in rows if row.get("phase", "train") == "train"]
    names = dict.fromkeys(name for row in game for name in row if name not in NO_SERIES)
    columns = {name: np.array([number(row.get(name)) for row in game]) for name in names}
    iteration = np.array([int(row["iteration"]) for row in game], dtype=np.int64)
    return made(iteration, columns, trained, diverged_at)


def made(
    iteration: NDArray[np.int64],
    columns: Mapping[str, NDArray[np.float64]],
    trained: Trained,
    diverged_at: int | None = None,
) -> Record:
    """The record of a run whose series are there; earlier names of columns are replaced."""
    names = current_names(columns)
    columns = with_scores({names[name]: values for name, values in columns.items()})
    return Record(
        iteration=iteration,
        columns=columns,
        expected=expected_of(trained, columns),
        planned=trained.iterations,
        diverged_at=diverged_at,
        trouble=_trouble(iteration),
    )


def with_scores(columns: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """The columns, with normal scores in place of the moments of the samples.

    Where data are known by real samples alone, the diagnosis sees mean, standard deviation and
    spread of the normal scores: in standard deviations of the data, whatever their tails are.
    Scores are compressed beyond the data, so that samples there look narrow; they are so if they
    are narrow in the unit of the data as well.
    """
    scored = {
        name.removeprefix("score_"): values
        for name, values in columns.items()
        if name.startswith(("score_mean", "score_std"))
    }
    if scored and "score_mean" not in columns and "score_mean_0" not in columns:
        scored = {f"spread{name.removeprefix('std')}": values for name, values in scored.items()}
    for name in [name for name in scored if not name.endswith(("_se", "_floor"))]:
        mean = 0.0 if name.startswith("mean") else 1.0
        scored.setdefault(f"{name}_floor", np.full(len(scored[name]), mean))
    for name in [name for name in scored if name.startswith(("std", "spread"))]:
        own, real = columns.get(name), columns.get(f"{name}_floor")
        if own is not None and real is not None and name + "_floor" in scored:
            ratio = own / np.where(real > 0, real, np.nan)
            narrow = scored[name] < NARROW_SPREAD
            scored[name] = np.where(narrow, np.fmax(scored[name], ratio), scored[name])
    return {**columns, **scored}


def expected_of(
    trained: Trained, columns: Mapping[str, NDArray[np.float64]] | None = None
) -> Expected:
    """What samples and losses read where the generator has learnt its data.

    Where there is no formula for the data (a user's loop, file or function), it is taken from the
    real samples, whose moments and spread are recorded as floors.
    """
    if not isinstance(trained, Experiment):
        level = None if trained.d_loss is None else D_LOSSES[trained.d_loss]
        known = of_floors(columns or {})
        return Expected(**known, d_loss=level, goals=dict(trained.quality))
    d, g = trained.objective.equilibrium
    sampled = isinstance(trained.data, Array | Function)
    known = of_floors(columns or {}) if sampled else _of_data(trained.data)
    return Expected(d_loss=d, g_loss=g, **known)


def _of_data(data: Any) -> dict[str, Any]:
    if isinstance(data, Normal):
        return _axes([data.mean], [data.std]) | {"skew": 0.0, "kurtosis": 0.0}
    if isinstance(data, Point):
        return _axes([data.at], [0.0])
    if isinstance(data, MultivariateNormal):
        return _axes(data.means, np.sqrt(np.diag(np.array(data.covariance))))
    if isinstance(data, Mixture):
        return _of_modes(data)
    if isinstance(data, Mnist):
        shares = digits.load().reference.frequencies
        names = tuple(f"digit {k}" for k in range(len(shares)))
        digit = {"modes": names, "shares": np.asarray(shares), "share_column": "digit"}
        return digit | {"spread": data.spread}
    if isinstance(data, StackedMnist):
        names = tuple(f"{k:03d}" for k in range(1000))
        return {"modes": names, "shares": np.full(1000, 1e-3), "spread": data.spread}
    return {}


def _axes(mean: Any, std: Any) -> dict[str, Any]:
    return {"mean": np.array(mean, dtype=np.float64), "std": np.array(std, dtype=np.float64)}


def _of_modes(data: Mixture) -> dict[str, Any]:
    centres = data.centres
    std = np.sqrt(centres.var(axis=0) + data.std**2)
    places = [", ".join(f"{x:.3g}" for x in centre) for centre in centres.round(9) + 0.0]
    names = tuple(f"mode {k} at ({place})" for k, place in enumerate(places))
    shares = np.full(len(centres), 1 / len(centres))
    return _axes(centres.mean(axis=0), std) | {
        "modes": names,
        "shares": shares,
        "share_column": "mode_share",
    }


def _trouble(iteration: NDArray[np.int64]) -> str:
    back = np.flatnonzero(np.diff(iteration) <= 0)
    if not len(back):
        return ""
    before, after = iteration[back[0]], iteration[back[0] + 1]
    return (
        f"not enough data: the iterations fall from {before:,} to {after:,}, so that the rows are "
        "no single series; count iterations through the whole training"
    )


def number(value: Any) -> float:
    """A cell of a row; NaN where it is empty or no number."""
    return float(value) if isinstance(value, int | float) else float("nan")
