"""From what an engine saw to what is recorded: one row of named numbers a lane.

The row is the only bridge between training and diagnosis.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.experiment import Experiment
from gandiag.group import Observation
from gandiag.metrics import (
    Empirical,
    Estimate,
    Target,
    covariance,
    energy,
    ks,
    moments,
    wasserstein,
)

Row = dict[str, Any]
"""A row of a series: plain numbers by column, None where there is none."""

_ANSWERS = (
    *("d_real", "d_fake", "d_accuracy"),
    *("d_grad_norm", "g_grad_norm", "d_weight_norm", "g_weight_norm"),
)


def measure(experiment: Experiment, observation: Observation) -> list[Row]:
    """The rows of a log point, one a lane.

    Args:
        experiment: What is trained.
        observation: What the engine saw.

    Returns:
        For every lane the columns of the contract but for ``seed``, ``backend`` and ``wall_s``.
    """
    columns = _counts(observation)
    columns |= _losses(experiment, observation)
    columns |= {name: observation.values.get(name) for name in _ANSWERS}
    if "samples" in observation.values:
        columns |= sample_columns(experiment, observation.values["samples"])
    lanes = len(observation.values["failed_at"])
    return [
        {name: _plain(column, lane) for name, column in columns.items()} for lane in range(lanes)
    ]


def sample_columns(experiment: Experiment, samples: NDArray[Any]) -> dict[str, Any]:
    """The metrics of generated samples [lane, coordinate, n], each [lane]."""
    estimates = _line(experiment, samples) if samples.shape[1] == 1 else _space(samples)
    columns: dict[str, Any] = {}
    for name, estimate in estimates.items():
        columns[name] = estimate.value
        if experiment.latent.independent:
            columns |= {f"{name}_se": estimate.se, f"{name}_floor": estimate.floor}
    return {k: v for k, v in columns.items() if v is not None} | {"n_samples": samples.shape[-1]}


def notes(experiment: Experiment) -> dict[str, str]:
    """What a reader of the columns has to know, by what is missing."""
    if experiment.latent.independent:
        return {}
    reason = "the latent is ordered and stratified; errors and floors assume independent samples"
    return {"se": reason, "floor": reason}


def _line(experiment: Experiment, samples: NDArray[Any]) -> dict[str, Estimate]:
    """On the line: moments, and distances from the exact law where it is known."""
    fake = Empirical(samples[:, 0])
    shape = moments(fake=fake)
    estimates = {name: getattr(shape, name) for name in ("mean", "std", "skew", "kurtosis")}
    if isinstance(experiment.data, Target):
        for name, metric in (("wasserstein", wasserstein), ("ks", ks), ("energy", energy)):
            estimates[name] = metric(fake=fake, real=experiment.data)
    return estimates


def _space(samples: NDArray[Any]) -> dict[str, Estimate]:
    """In the plane and beyond: the moments of every coordinate, and the covariances."""
    shape, spread = moments(fake=Empirical(samples)), _covariances(samples)
    size = samples.shape[1]
    estimates = {
        f"{name}_{i}": _part(getattr(shape, name), i)
        for name in ("mean", "std", "skew", "kurtosis")
        for i in range(size)
    }
    return estimates | {
        f"cov_{i}_{j}": _part(spread, i, j) for i in range(size) for j in range(i + 1, size)
    }


def _covariances(samples: NDArray[Any]) -> Estimate:
    """Of every lane, [lane, coordinate, coordinate]."""
    found = [covariance(fake=lane.T) for lane in samples]
    value, se = (np.stack([getattr(each, part) for each in found]) for part in ("value", "se"))
    return Estimate(value, se, n=samples.shape[-1])


def _part(estimate: Estimate, *index: int) -> Estimate:
    """One coordinate's, or one pair's, of what is [lane, ...]."""
    where: Any = (slice(None), *index)
    value = np.asarray(estimate.value)[where]
    se = None if estimate.se is None else np.asarray(estimate.se)[where]
    return Estimate(value, se=se, n=estimate.n)


def _counts(observation: Observation) -> dict[str, Any]:
    """Who made how many updates of the game, as counted by the players themselves."""
    columns: dict[str, Any] = {"phase": observation.phase, "iteration": observation.iteration}
    for name in ("d_updates", "g_updates"):
        made = observation.values.get(name)
        columns[name] = 0 if made is None else made.astype(np.int64)
    return columns


def _losses(experiment: Experiment, observation: Observation) -> dict[str, Any]:
    """The mean of every update's loss since the last log point, and the extremes and the last."""
    steps = {"d": experiment.schedule.d_steps, "g": experiment.schedule.g_steps}
    columns: dict[str, Any] = {}
    for player in ("d", "g"):
        updates = observation.since * (steps[player] if observation.phase == "train" else 1)
        total = observation.values.get(f"{player}_loss_sum")
        if total is None or not updates:
            continue
        columns[f"{player}_loss"] = total / updates
        for part in ("min", "max", "last"):
            columns[f"{player}_loss_{part}"] = observation.values[f"{player}_loss_{part}"]
    return columns


def _plain(column: Any, lane: int) -> Any:
    if isinstance(column, np.ndarray):
        return column[lane].item()
    return column


def columns_of(experiment: Experiment) -> list[str]:
    """The columns that a rule of success can bound."""
    size = experiment.data.size
    losses = [f"{who}_loss{part}" for who in "dg" for part in ("", "_min", "_max", "_last")]
    return [*sample_columns(experiment, np.zeros((1, size, 2))), *losses, *_ANSWERS]
