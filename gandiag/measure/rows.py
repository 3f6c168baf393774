"""The rows of a log point: everything that was seen of a lane, as plain numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from gandiag.experiment.experiment import Experiment
from gandiag.measure.lanes import Row
from gandiag.measure.players import ANSWERS, counts, losses
from gandiag.measure.samples import move_rows, sample_rows
from gandiag.running.training_loop import Observation


@np.errstate(all="ignore")
def measure(experiment: Experiment, observation: Observation, thorough: bool = True) -> list[Row]:
    """The rows of a log point, one a lane.

    Args:
        experiment: What is trained.
        observation: What the engine saw.
        thorough: Whether the columns that take long are computed too; else they are None.

    Returns:
        For every lane the columns of the contract but for ``seed``, ``backend`` and ``wall_s``.
        A lane whose samples are not finite reads NaN, and no lane's row depends on another.
    """
    seen = observation.values
    columns = counts(observation) | losses(seen) | {name: seen.get(name) for name in ANSWERS}
    rows = [_row(columns, lane) for lane in range(len(seen["failed_at"]))]
    more = []
    if "samples" in seen:
        more.append(sample_rows(experiment, seen["samples"], thorough))
    if "latent_moves" in seen:
        more.append(move_rows(experiment, seen["latent_moves"]))
    for found in more:
        for row, own in zip(rows, found, strict=True):
            row |= own
    return rows


def _row(columns: dict[str, Any], lane: int) -> Row:
    """One lane's numbers of columns [lane]; what is masked has no place in the row."""
    row: Row = {}
    for name, column in columns.items():
        if not isinstance(column, np.ndarray):
            row[name] = column
        elif column[lane] is not np.ma.masked:
            row[name] = column[lane].item()
    return row
