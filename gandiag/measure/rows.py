"""The rows of a log point: everything that was seen of a lane, as plain numbers."""

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

STRATIFIED = "the latent is ordered and stratified; errors and floors assume independent samples"


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
    scalars = counts(observation) | losses(seen) | {name: seen.get(name) for name in ANSWERS}
    rows = [_of_lane(scalars, lane) for lane in range(len(seen["failed_at"]))]
    more = []
    if "samples" in seen:
        more.append(sample_rows(experiment, seen["samples"], thorough))
    if "latent_moves" in seen:
        more.append(sensitivity_rows(experiment, seen["latent_moves"]))
    for found in more:
        for row, own in zip(rows, found, strict=True):
            row |= own
    return rows


def sample_rows(experiment: Experiment, samples: NDArray[Any], thorough: bool) -> list[Row]:
    """What is recorded of generated samples [lane, size, n], a row a lane."""
    known, errors = known_of(experiment.data), experiment.latent.independent
    rows: list[Row] = [{} for _ in samples]
    for metric in metrics_of(known):
        for row, estimates in zip(rows, metric(known, samples, thorough), strict=True):
            row |= columns(estimates, errors)
    return [row | {SAMPLED: samples.shape[-1]} for row in rows]


def sensitivity_rows(experiment: Experiment, moved: NDArray[Any]) -> list[Row]:
    """How much generators of images react to their latent, a row a lane.

    Args:
        experiment: What is trained.
        moved: J v at m latent points along random unit directions [lane, size, m].
    """
    found = [{"latent_sensitivity": _sensitivity(lane.T)} for lane in moved]
    return [columns(lane, experiment.latent.independent) for lane in found]


@np.errstate(all="ignore")
def columns_of(experiment: Experiment) -> list[str]:
    """The columns that a rule of success can bound; no engine runs for it."""
    nothing = np.zeros((1, experiment.data.size, 2), dtype=np.float32)
    names = [*sample_rows(experiment, nothing, thorough=False)[0]]
    if is_image(experiment.data):
        names += sensitivity_rows(experiment, nothing)[0]
    return [*names, *loss_names(experiment), *ANSWERS]


def notes(experiment: Experiment) -> dict[str, str]:
    """What a reader of the columns has to know: what is missing and why, and what measured."""
    found = {}
    if not experiment.latent.independent:
        found = {"se": STRATIFIED, "floor": STRATIFIED}
    if is_handwritten(experiment.data):
        classifier = digits.load()
        right = 100 * classifier.reference.accuracy
        found["digit classifier"] = f"sha256 {classifier.hash}, accuracy {right:.2f} %"
    return found


def _sensitivity(moved: NDArray[Any]) -> Estimate:
    # The points themselves no longer count: the engine went there and brought J v back.
    points = np.zeros((len(moved), 1))
    return latent_sensitivity(generator=lambda z: moved, latent=points, jvp=lambda z, v: moved)


def _of_lane(scalars: dict[str, Any], lane: int) -> Row:
    """One lane's numbers of columns [lane]; what is masked has no place in the row."""
    row: Row = {}
    for name, column in scalars.items():
        if not isinstance(column, np.ndarray):
            row[name] = column
        elif column[lane] is not np.ma.masked:
            row[name] = column[lane].item()
    return row
