"""The columns of the players: their updates, their losses, D's answers and norms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.experiment.experiment import Experiment
from gandiag.running.training_loop import Observation

ANSWERS = (
    *("d_real", "d_fake", "d_accuracy"),
    *("d_grad_norm", "g_grad_norm", "d_weight_norm", "g_weight_norm"),
)
"""The columns that are recorded as the engine reports them."""

EXTREMES = ("loss_min", "loss_max", "loss_last")


def counts(observation: Observation) -> dict[str, Any]:
    """The number of updates of each player, as counted by the players."""
    columns: dict[str, Any] = {"phase": observation.phase, "iteration": observation.iteration}
    for name in ("d_updates", "g_updates"):
        updates = observation.values.get(name)
        columns[name] = 0 if updates is None else updates.astype(np.int64)
    return columns


def losses(values: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """The losses of the updates since the last log point, each [lane], masked without updates.

    With d or g for p, ``p_loss`` is the mean over those updates, ``p_l2`` the mean of its L2 term,
    and ``p_cross_entropy`` the rest. ``min``, ``max`` and ``last`` are of total losses. Under some
    strategies a player has no update in one lane and some in another.
    """
    columns: dict[str, Any] = {}
    for who in ("d", "g"):
        if f"{who}_loss_sum" not in values:
            continue
        updates = values[f"{who}_loss_count"]
        terms = {"loss": values[f"{who}_loss_sum"] / updates}
        if f"{who}_l2_sum" in values:
            terms["l2"] = values[f"{who}_l2_sum"] / updates
            terms["cross_entropy"] = terms["loss"] - terms["l2"]
        terms |= {name: values[f"{who}_{name}"] for name in EXTREMES}
        columns |= {f"{who}_{k}": np.ma.array(v, mask=updates == 0) for k, v in terms.items()}
    return columns


def loss_names(experiment: Experiment) -> list[str]:
    """The columns of `losses`."""
    names = []
    for who, player in (("d", experiment.discriminator), ("g", experiment.generator)):
        parts = ("l2", "cross_entropy") if player.l2 else ()
        names += [f"{who}_{name}" for name in ("loss", *parts, *EXTREMES)]
    return names
