"""The Jacobian of the game's field on one backend: its eigenvalues and its products."""

from __future__ import annotations

from typing import Any

import numpy as np
from frameworks import Framework, Values
from numpy.typing import NDArray
from short import short

from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment
from gandiag.metrics import jacobian_spectrum
from gandiag.running.runner import Runner
from gandiag.running.streams import probe
from gandiag.running.training_loop import evaluation, lanes_of
from gandiag.training.playing import bind
from gandiag.training.process import Process

FIELDS: dict[str, dict[str, Any]] = {
    "gan": {},
    "nsgan": {"objective.generator": "non-saturating"},
    "wgan": {"objective.game": "wasserstein"},
    "r1": {"objective.r1": 0.3},
    "r1_strong": {"objective.r1": 2.0},
    "noise": {"objective.instance_noise": 1.0, "schedule.batch": 4},
    "noise_weak": {"objective.instance_noise": 0.5, "schedule.batch": 4},
}
"""The variants of the Dirac-GAN whose eigenvalues at the equilibrium are known."""


def spectra(found: Runner) -> Values:
    """The eigenvalues of the Dirac-GAN's variants at the equilibrium, in float64."""
    values: Values = {}
    for name, settings in FIELDS.items():
        experiment = read_experiment("dirac", {"precision": "float64"} | settings)
        setting = found.setting(experiment, "cpu", None)
        lanes = lanes_of([0], setting.width)
        noise = {stream: drawn.copy() for stream, drawn in probe(experiment.game, lanes).items()}
        for stream in noise:
            if stream.endswith("_noise"):  # of the variance 1 exactly, as the closed form has it
                noise[stream][:] = [1, -1, 1, -1]
        engine = found.engine(
            experiment.game, evaluation(experiment, lanes), setting, experiment.precision
        )
        engine.load(experiment.game.initial(*np.zeros((2, setting.width, 1))))
        product = engine.field_jvp(noise, 0)
        values[f"spectrum/{name}"] = np.asarray(jacobian_spectrum(jvp=product, size=2).value)
    return values


def products(found: Runner, work: Framework) -> Values:
    """J v of the fields of two phases and two presets, exact and by differences, for a lane."""
    devnag = short("devnag-1d", precision="float64", **{"schedule.batch": 24})
    aylien = short("aylien-1d", precision="float64")
    cases: dict[str, Process] = {
        "devnag": devnag.game,
        "r1": short("aylien-1d", precision="float64", **{"objective.r1": 0.7}).game,
        "noise": short("aylien-1d", precision="float64", **{"objective.instance_noise": 0.3}).game,
        "pretrain": aylien.pretrain,
    }
    values: Values = {}
    for name, process in cases.items():
        experiment = devnag if name == "devnag" else aylien
        values |= {
            f"product/{name}/{k}": v for k, v in _product(found, work, experiment, process).items()
        }
    return values


def _product(found: Runner, work: Framework, experiment: Experiment, process: Any) -> Values:
    lane = 2
    setting = found.setting(experiment, "cpu", None)
    lanes = lanes_of(range(setting.width), setting.width)
    noise = probe(process, lanes)
    game = experiment.game
    sizes = [game.discriminator.count(game.d_inputs), game.generator.count(game.latent_size)]
    # Row by row, so that a lane begins where it does in an engine of another width.
    starts = [
        0.5 * np.random.default_rng(size).standard_normal((setting.width, size)) for size in sizes
    ]
    if process.name == "train":
        state, shown = process.initial(starts[1], starts[0]), evaluation(experiment, lanes)
    else:
        state, shown, starts = process.initial(starts[0]), {}, starts[:1]
    engine = found.engine(process, shown, setting, "float64")
    engine.load(state)
    product = engine.field_jvp(noise, lane)
    at = np.concatenate(starts, axis=1)[lane : lane + 1]
    directions = np.random.default_rng(3).standard_normal((3, at.shape[1]))
    program = bind(process, work.tools)
    one = {k: work.to_tensor(v[:, lane : lane + 1].astype(np.float64)) for k, v in noise.items()}

    here = {who: {"weights": work.to_tensor(s[:1])} for who, s in zip("dg", starts, strict=False)}

    def field(weights: NDArray[Any]) -> NDArray[Any]:
        return work.to_numpy(program.field(here, work.to_tensor(weights), one))[0]

    exact = np.array([product(v) for v in directions])
    numeric = np.array([(field(at + 1e-5 * v) - field(at - 1e-5 * v)) / 2e-5 for v in directions])
    engine.load(process.initial(*(np.zeros_like(s) for s in starts)))
    return {
        "exact": exact,
        "numeric": numeric,
        "later": product(directions[0]),
        "sum": product(directions.sum(axis=0)),
    }
