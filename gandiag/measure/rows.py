"""The rows of a log point: everything that was measured of a lane, as plain numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag import digits
from gandiag.columns import SAMPLED
from gandiag.experiment.experiment import Experiment
from gandiag.measure.estimates import Row, columns
from gandiag.measure.known import is_handwritten, known_of
from gandiag.measure.players import ANSWERS, counts, loss_names, losses
from gandiag.measure.standard import is_image, metrics_of
from gandiag.metrics import Estimate, latent_sensitivity
from gandiag.running.training_loop import Observation

FEWEST = 10
"""The samples with which the columns are listed before a training run."""

OF_REAL = ("mean", "std", "spread")
"""The columns whose floors are what real samples read, however the generated ones are drawn."""

STRATIFIED = "the latent is ordered and stratified; errors and floors assume independent samples"


@np.errstate(all="ignore")
def measure(experiment: Experiment, observation: Observation, thorough: bool = True) -> list[Row]:
    """The rows of a log point, one per lane.

    Args:
        experiment: What is trained.
        observation: What the engine observed.
        thorough: Whether expensive columns are computed too; else they are None.

    Returns:
        The columns of every lane, except ``seed``, ``backend`` and ``wall_s``. A lane with
        non-finite samples gets NaN, and no lane's row depends on another lane.
    """
    values = observation.values
    scalars = counts(observation) | losses(values) | {name: values.get(name) for name in ANSWERS}
    rows = [_of_lane(scalars, lane) for lane in range(len(values["failed_at"]))]
    more = []
    if "samples" in values:
        more.append(sample_rows(experiment, values["samples"], thorough))
    if "latent_moves" in values:
        more.append(sensitivity_rows(experiment, values["latent_moves"]))
    for measured in more:
        for row, columns_of_lane in zip(rows, measured, strict=True):
            row |= columns_of_lane
    return rows


def sample_rows(experiment: Experiment, samples: NDArray[Any], thorough: bool) -> list[Row]:
    """The columns of generated samples [lane, size, n], one row per lane."""
    known, errors = known_of(experiment.data), experiment.latent.independent
    rows: list[Row] = [{} for _ in samples]
    for metric in metrics_of(known):
        for row, estimates in zip(rows, metric(known, samples, thorough), strict=True):
            row |= columns(estimates, errors)
            if known.by_samples_only and not errors:
                facts = columns({k: v for k, v in estimates.items() if k in OF_REAL}, errors=True)
                row |= {name: value for name, value in facts.items() if name.endswith("_floor")}
    return [row | {SAMPLED: samples.shape[-1]} for row in rows]


def sensitivity_rows(experiment: Experiment, moved: NDArray[Any]) -> list[Row]:
    """The sensitivity of image generators to their latent, one row per lane.

    Args:
        experiment: What is trained.
        moved: J v at m latent points along random unit directions [lane, size, m].
    """
    lanes = [{"latent_sensitivity": _sensitivity(lane.T)} for lane in moved]
    return [columns(lane, experiment.latent.independent) for lane in lanes]


@np.errstate(all="ignore")
def columns_of(experiment: Experiment) -> list[str]:
    """The columns that a success rule can bound; listing them runs no engine."""
    nothing = np.zeros((1, experiment.data.size, FEWEST), dtype=np.float32)
    names = [*sample_rows(experiment, nothing, thorough=False)[0]]
    if is_image(experiment.data):
        names += sensitivity_rows(experiment, nothing)[0]
    return [*names, *loss_names(experiment), *ANSWERS]


def notes(experiment: Experiment) -> dict[str, str]:
    """Notes on the columns: which parts are missing and why, and which classifier was used."""
    texts = {}
    if not experiment.latent.independent:
        texts = {"se": STRATIFIED, "floor": STRATIFIED}
    if is_handwritten(experiment.data):
        classifier = digits.load()
        accuracy = 100 * classifier.reference.accuracy
        texts["digit classifier"] = f"sha256 {classifier.hash}, accuracy {accuracy:.2f} %"
    return texts


def _sensitivity(moved: NDArray[Any]) -> Estimate:
    # The latent points do not matter here: the engine has already evaluated J v at them.
    points = np.zeros((len(moved), 1))
    return latent_sensitivity(generator=lambda z: moved, latent=points, jvp=lambda z, v: moved)


def _of_lane(scalars: dict[str, Any], lane: int) -> Row:
    """One lane's numbers of columns [lane], without masked ones."""
    row: Row = {}
    for name, column in scalars.items():
        if not isinstance(column, np.ndarray):
            row[name] = column
        elif column[lane] is not np.ma.masked:
            row[name] = column[lane].item()
    return row
