"""Which columns there will be, and what a reader of them has to know."""

from __future__ import annotations

import numpy as np

from gandiag import digits
from gandiag.experiment.experiment import Experiment
from gandiag.measure.players import ANSWERS, loss_names
from gandiag.measure.samples import is_handwritten, is_image, move_rows, sample_rows

STRATIFIED = "the latent is ordered and stratified; errors and floors assume independent samples"


@np.errstate(all="ignore")
def columns_of(experiment: Experiment) -> list[str]:
    """The columns that a rule of success can bound; no engine runs for it."""
    nothing = np.zeros((1, experiment.data.size, 2), dtype=np.float32)
    names = [*sample_rows(experiment, nothing, thorough=False)[0]]
    if is_image(experiment.data):
        names += move_rows(experiment, nothing)[0]
    return [*names, *loss_names(experiment), *ANSWERS]


def notes(experiment: Experiment) -> dict[str, str]:
    """What a reader of the columns has to know: what is missing and why, and what measured."""
    found = {}
    if not experiment.latent.independent:
        found = {"se": STRATIFIED, "floor": STRATIFIED}
    if is_handwritten(experiment.data):
        known = digits.load()
        right = 100 * known.reference.accuracy
        found["digit classifier"] = f"sha256 {known.hash}, accuracy {right:.2f} %"
    return found
