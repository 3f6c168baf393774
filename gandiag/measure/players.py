"""What the players say of themselves: their updates, their losses, their answers."""

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
"""The columns that are recorded as the engine saw them."""

EXTREMES = ("loss_min", "loss_max", "loss_last")


def counts(observation: Observation) -> dict[str, Any]:
    """Who made how many updates of the game, as counted by the players themselves."""
    columns: dict[str, Any] = {"phase": observation.phase, "iteration": observation.iteration}
    for name in ("d_updates", "g_updates"):
        made = observation.values.get(name)
        columns[name] = 0 if made is None else made.astype(np.int64)
    return columns


def losses(seen: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """The losses of the updates since the last log point, each [lane], masked where none was made.

    ``p_loss`` is the mean over those updates, ``p_l2`` that of the L2 term in it, and
    ``p_cross_entropy`` the rest: what the players' scores cost. ``min``, ``max`` and ``last`` are
    of whole losses. A strategy may leave a player without an update, in one lane and not in the
    next.
    """
    columns: dict[str, Any] = {}
    for who in ("d", "g"):
        if f"{who}_loss_sum" not in seen:
            continue
        made = seen[f"{who}_loss_count"]
        found = {"loss": seen[f"{who}_loss_sum"] / made}
        if f"{who}_l2_sum" in seen:
            found["l2"] = seen[f"{who}_l2_sum"] / made
            found["cross_entropy"] = found["loss"] - found["l2"]
        found |= {name: seen[f"{who}_{name}"] for name in EXTREMES}
        columns |= {f"{who}_{k}": np.ma.array(v, mask=made == 0) for k, v in found.items()}
    return columns


def loss_names(experiment: Experiment) -> list[str]:
    """The columns of `losses`."""
    names = []
    for who, player in (("d", experiment.discriminator), ("g", experiment.generator)):
        parts = ("l2", "cross_entropy") if player.l2 else ()
        names += [f"{who}_{name}" for name in ("loss", *parts, *EXTREMES)]
    return names
