"""Computes named values on one backend, for tests to compare: ``python values.py BACKEND FILE``.

One framework lives in a process, so each backend computes everything once in a process of its own
and the tests compare what they find in the two files.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import optimizer_paths
from compiling import CompiledOnce
from fields import products, spectra
from frameworks import Framework, Values, framework
from short import short

from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment
from gandiag.plugins import runner
from gandiag.running.runner import Runner
from gandiag.running.training_loop import Observation
from gandiag.testing import check_runner
from gandiag.testing.promises import observations
from gandiag.training.layers import Pass
from gandiag.training.observing import Observer
from gandiag.training.playing import GameProgram

DIRAC = {
    "gan": {"schedule.iterations": 60},
    "wgan": {"objective.game": "wasserstein", "schedule.iterations": 60},
    "alternating": {"schedule.updates": "alternating"},
    "nsgan": {
        "objective.generator": "non-saturating",
        "generator.weights.value": 0.4,
        "schedule.iterations": 1500,
        "recording.every": 10,
    },
    "r1": {"objective.r1": 0.3, "schedule.updates": "alternating"},
}


def main(backend: str, path: str) -> None:
    """Computes everything and writes it to an ``.npz`` file."""
    found, work = runner(backend), framework(backend)
    values = dirac(found) | parity(found) | lanes(found) | gradients(work)
    values |= spectra(found) | products(found, work)
    values |= {f"ours/{name}": v for name, v in optimizer_paths.ours(work).items()}
    values |= {f"theirs/{name}": v for name, v in optimizer_paths.theirs(work).items()}
    for mode in found.modes:
        # Inductor compiles every update by itself, and an unrolled one takes it ten seconds.
        more = {} if mode == "inductor" else {"objective.unrolled": 1}
        check_runner(CompiledOnce(found), short("aylien-1d", **more), mode)
    if backend == "torch":
        from plain_torch import twins

        check_runner(found, short("devnag-1d"), "eager")
        values |= {f"twin/{name}": v for name, v in twins().items()}
    np.savez(path, **values)


def dirac(found: Runner) -> Values:
    """The orbits (theta, psi) of the Dirac-GAN's variants in float64, one row an iteration."""
    values = {}
    for name, settings in DIRAC.items():
        minimax = {} if name == "nsgan" else {"objective.generator": "minimax"}
        experiment = read_experiment("dirac", settings | minimax | {"precision": "float64"})
        seen = run(found, experiment, [0])
        values[f"dirac/{name}"] = np.array(
            [[o.state["g"]["weights"][0, 0], o.state["d"]["weights"][0, 0]] for o in seen]
        )
    return values


def parity(found: Runner) -> Values:
    """Every loss and every weight of the first 100 updates of two presets."""
    # Three of its iterations are 120 updates.
    devnag = short("devnag-1d", **{"schedule.iterations": 3, "recording.every": 1})
    cases = {
        "float64/devnag": devnag,
        "float32/devnag": devnag,
        "float64/aylien": short(
            "aylien-1d",
            **{
                "pretraining.iterations": 100,
                "recording.pretrain_every": 1,
                "schedule.iterations": 50,
                "recording.every": 1,
            },
        ),
    }
    values: Values = {}
    for name, experiment in cases.items():
        same = experiment.model_copy(update={"precision": name.partition("/")[0]})
        width = found.setting(same, "cpu", None).width
        where = [seed % width for seed in (3, 6)]
        values |= recorded(f"parity/{name}", run(found, same, [3, 6]), where)
    return values


def lanes(found: Runner) -> Values:
    """What seed 7 does when it alone or 50 seeds are asked for, in every mode."""
    experiment = short("devnag-1d", **{"schedule.iterations": 8, "schedule.chunk": 3})
    asked = {"1": [7], "50": list(range(50))}
    values: Values = {}
    for mode in found.modes:
        width = found.setting(experiment, "cpu", mode).width
        for name, seeds in asked.items():
            rank = [s for s in seeds if s % width == 7 % width].index(7)
            group = [
                same[rank]
                for k in range(width)
                if len(same := [s for s in seeds if s % width == k]) > rank
            ]
            seen = run(found, experiment, group, mode)
            values |= recorded(f"lanes/{mode}/{name}", seen, [7 % width])
    return values


def gradients(work: Framework) -> Values:
    """Gradients inside gradients: of a cube, of R1, and through an unrolled discriminator."""
    ops, gradient = work.tools.ops, work.tools.gradient
    x = work.to_tensor(np.array([[1.0], [2.0], [-3.0]]))

    def gradient_of_cube(at: Any) -> Any:
        return ops.sum(gradient(lambda y: ops.sum(y * y * y, 1))(at)[1], 1)

    values = {"gradient/cube": gradient(gradient_of_cube)(x)[1]}
    experiment = read_experiment(
        "dirac",
        {"objective.r1": 0.3, "precision": "float64", "schedule.updates": "alternating"},
    )
    program = GameProgram(experiment.game, work.tools)
    psi, point = np.array([[0.7]]), np.zeros((1, 1, 1))
    real, fake = work.to_tensor(point), work.to_tensor(point)
    values["gradient/r1"] = gradient(
        lambda w: program.losses.d_loss({"weights": w}, real, fake)[0]
    )(work.to_tensor(psi))[1]
    values |= unrolled(work) | not_a_number(work)
    return {name: work.to_numpy(value) for name, value in values.items()}


def not_a_number(work: Framework) -> dict[str, Any]:
    """What becomes of NaN in extremes and shares, compiled as the training is."""
    ops = work.tools.ops
    program = GameProgram(read_experiment("dirac").game, work.tools)
    one, nan = (work.to_tensor(np.array([[[x]]])) for x in (1.0, np.nan))
    found = {}
    for name, extreme in (("minimum", ops.minimum), ("maximum", ops.maximum)):
        run = work.compiled(extreme)
        found |= {f"nan/{name}/left": run(nan, one), f"nan/{name}/right": run(one, nan)}
    share = work.compiled(Observer(program.game, program.losses).share)
    found["nan/share"] = share(work.to_tensor(np.array([[[1.0, np.nan]]])))
    found["inf/share"] = share(work.to_tensor(np.array([[[np.inf, -np.inf, 0.0, 0.0]]])))
    return found


def unrolled(work: Framework) -> Values:
    """d/dG of G's loss after three gradient steps of D, by nesting and by finite differences."""
    experiment = short("aylien-1d", precision="float64")
    game = experiment.game
    program = GameProgram(game, work.tools)
    gradient, ops, tensor = work.tools.gradient, work.tools.ops, work.to_tensor
    rng = np.random.default_rng(5)
    g0 = 0.5 * rng.standard_normal((1, game.generator.count(1)))
    d0 = tensor(0.5 * rng.standard_normal((1, game.discriminator.count(1))))
    latent = tensor(rng.standard_normal((1, 1, 12)))
    real = tensor(4 + rng.standard_normal((1, 1, 12)))

    def loss(g_weights: Any) -> Any:
        fake = game.generator.apply(g_weights, latent, Pass(ops))
        d_weights = d0
        for _ in range(3):
            slope = gradient(lambda w: program.losses.d_loss({"weights": w}, real, fake)[0])(
                d_weights
            )[1]
            d_weights = d_weights - 0.1 * slope
        scores = game.discriminator.apply(d_weights, fake, Pass(ops))
        return ops.mean(game.objective.g_loss(ops, scores), (1, 2))[:, 0, 0]

    numeric = np.zeros_like(g0)
    for k in range(g0.shape[1]):
        step = np.zeros_like(g0)
        step[0, k] = 1e-5
        high, low = (work.to_numpy(loss(tensor(g0 + s)))[0] for s in (step, -step))
        numeric[0, k] = (high - low) / 2e-5
    return {
        "gradient/unrolled": gradient(loss)(tensor(g0))[1],
        "gradient/unrolled_numeric": tensor(numeric),
    }


def run(
    found: Runner, experiment: Experiment, seeds: list[int], mode: str | None = None
) -> list[Observation]:
    """All log points of some seeds."""
    return observations(found, experiment, found.setting(experiment, "cpu", mode), seeds)


def recorded(prefix: str, seen: list[Observation], lane: list[int]) -> Values:
    """What was seen, and the weights, [log point, lane, ...], phase by phase."""
    values: Values = {}
    for phase in dict.fromkeys(o.phase for o in seen):
        part = [o for o in seen if o.phase == phase]
        for name in part[0].values:
            values[f"{prefix}/{phase}/{name}"] = np.array([o.values[name][lane] for o in part])
        for player in ("d", "g"):
            if player in part[0].state:
                weights = [o.state[player]["weights"][lane] for o in part]
                values[f"{prefix}/{phase}/{player}_weights"] = np.array(weights)
    return values


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
