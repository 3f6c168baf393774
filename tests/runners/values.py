"""Computes named values on one backend, for tests to compare: ``python values.py BACKEND FILE``.

One framework lives in a process, so each backend computes everything once in a process of its own
and the tests compare what they find in the two files.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.experiment import Experiment
from gandiag.group import Observation, evaluation, lanes_of
from gandiag.metrics import jacobian_spectrum
from gandiag.plugins import runner
from gandiag.reading import read_experiment
from gandiag.runner import Runner
from gandiag.streams import probe
from gandiag.testing import check_runner
from gandiag.testing.promises import observations
from gandiag.training.layers import Pass
from gandiag.training.observing import Observer
from gandiag.training.optimizers import SGD, Adam, Decay, RMSprop
from gandiag.training.playing import GameProgram
from gandiag.training.process import Process, Tools

Values = dict[str, NDArray[Any]]

DIRAC = {
    "gan": {},
    "wgan": {"objective.game": "wasserstein"},
    "alternating": {"schedule.updates": "alternating"},
    "nsgan": {"objective.generator": "non-saturating", "schedule.iterations": 6000},
    "r1": {"objective.r1": 0.3, "schedule.updates": "alternating"},
    "noise": {
        "objective.instance_noise": 1.0,
        "generator.weights.value": 0.2,
        "schedule.batch": 65536,
        "schedule.chunk": 35,
        "schedule.iterations": 35,
    },
}

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

RATE, KEPT, KEPT_SQUARE, EPSILON = 2.0**-4, 0.875, 1 - 2.0**-7, 2.0**-10
"""Constants of the optimisers; powers of two, since Keras rounds its own to float32."""

OPTIMIZERS: dict[str, Any] = {
    "sgd": SGD(kind="sgd", learning_rate=RATE),
    "momentum": SGD(kind="sgd", learning_rate=RATE, momentum=KEPT),
    "momentum_keras_decay": SGD(
        kind="sgd",
        learning_rate=RATE,
        momentum=KEPT,
        momentum_form="keras",
        decay=Decay(factor=0.5, every=7),
    ),
    **{
        f"rmsprop_{form}": RMSprop(
            kind="rmsprop", learning_rate=RATE, rho=KEPT, epsilon=EPSILON, epsilon_form=form
        )
        for form in ("torch", "keras")
    },
    **{
        f"adam_{form}": Adam(
            kind="adam",
            learning_rate=RATE,
            beta1=KEPT,
            beta2=KEPT_SQUARE,
            epsilon=EPSILON,
            epsilon_form=form,
        )
        for form in ("torch", "keras")
    },
}

STEPS = 30


@dataclass(frozen=True)
class Framework:
    """What the computations need of a backend beside its runner."""

    tools: Tools
    to_tensor: Callable[[NDArray[Any]], Any]
    to_numpy: Callable[[Any], NDArray[Any]]
    own_optimizers: Callable[[], Values]
    compiled: Callable[[Callable[..., Any]], Callable[..., Any]]


def main(backend: str, path: str) -> None:
    """Computes everything and writes it to an ``.npz`` file."""
    found = runner(backend)
    framework = torch_framework() if backend == "torch" else tensorflow_framework()
    values = dirac(found) | parity(found) | lanes(found) | gradients(framework)
    values |= spectra(found) | products(found, framework)
    values |= {f"ours/{name}": v for name, v in our_optimizers(framework).items()}
    values |= {f"theirs/{name}": v for name, v in framework.own_optimizers().items()}
    for mode in found.modes:
        for preset in ("devnag-1d", "aylien-1d"):
            check_runner(found, short(preset), mode)
    if backend == "torch":
        from plain_torch import twins

        values |= {f"twin/{name}": v for name, v in twins().items()}
    np.savez(path, **values)


def short(preset: str, **settings: Any) -> Experiment:
    """A preset with few iterations and small observations."""
    few = {"schedule.iterations": 6, "recording.every": 2, "recording.samples": 64}
    if preset == "aylien-1d":
        few |= {"pretraining.iterations": 4, "recording.pretrain_every": 2}
    return read_experiment(preset, few | {"recording.batches": 2} | settings)


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
    """Every loss and every weight of the first 100 updates of two presets, in both precisions."""
    cases = {
        # Three of its iterations are 120 updates; the second case shows each of 100 by itself.
        "devnag": short("devnag-1d", **{"schedule.iterations": 3, "recording.every": 1}),
        "devnag_single": short(
            "devnag-1d",
            **{
                "schedule.iterations": 50,
                "schedule.d_steps": 1,
                "schedule.g_steps": 1,
                "recording.every": 1,
            },
        ),
        "aylien": short(
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
        for precision in ("float64", "float32"):
            same = experiment.model_copy(update={"precision": precision})
            width = found.setting(same, "cpu", None).width
            where = [seed % width for seed in (3, 6)]
            values |= recorded(f"parity/{precision}/{name}", run(found, same, [3, 6]), where)
    return values


def lanes(found: Runner) -> Values:
    """What seed 7 does when 1, 3, 10 or 50 seeds are asked for, in every mode."""
    experiment = short("devnag-1d", **{"schedule.iterations": 8, "schedule.chunk": 3})
    asked = {"1": [7], "3": [6, 7, 8], "10": list(range(10)), "50": list(range(50))}
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


def gradients(framework: Framework) -> Values:
    """Gradients inside gradients: of a cube, of R1, and through an unrolled discriminator."""
    ops, gradient = framework.tools.ops, framework.tools.gradient
    x = framework.to_tensor(np.array([[1.0], [2.0], [-3.0]]))

    def slope_of_cube(at: Any) -> Any:
        return ops.sum(gradient(lambda y: ops.sum(y * y * y, 1))(at)[1], 1)

    values = {"gradient/cube": gradient(slope_of_cube)(x)[1]}
    experiment = read_experiment(
        "dirac",
        {"objective.r1": 0.3, "precision": "float64", "schedule.updates": "alternating"},
    )
    program = GameProgram(experiment.game, framework.tools)
    psi, point = np.array([[0.7]]), np.zeros((1, 1, 1))
    real, fake = framework.to_tensor(point), framework.to_tensor(point)
    values["gradient/r1"] = gradient(
        lambda w: program.losses.d_loss({"weights": w}, real, fake)[0]
    )(framework.to_tensor(psi))[1]
    values |= unrolled(framework) | not_a_number(framework)
    return {name: framework.to_numpy(value) for name, value in values.items()}


def not_a_number(framework: Framework) -> dict[str, Any]:
    """What becomes of NaN in extremes and shares, compiled as the training is."""
    ops = framework.tools.ops
    program = GameProgram(read_experiment("dirac").game, framework.tools)
    one, nan = (framework.to_tensor(np.array([[[x]]])) for x in (1.0, np.nan))
    found = {}
    for name, extreme in (("minimum", ops.minimum), ("maximum", ops.maximum)):
        run = framework.compiled(extreme)
        found |= {f"nan/{name}/left": run(nan, one), f"nan/{name}/right": run(one, nan)}
    share = framework.compiled(Observer(program.game, program.losses).share)
    found["nan/share"] = share(framework.to_tensor(np.array([[[1.0, np.nan]]])))
    found["inf/share"] = share(framework.to_tensor(np.array([[[np.inf, -np.inf, 0.0, 0.0]]])))
    return found


def unrolled(framework: Framework) -> Values:
    """d/dG of G's loss after three gradient steps of D, by nesting and by finite differences."""
    experiment = short("aylien-1d", precision="float64")
    game = experiment.game
    program = GameProgram(game, framework.tools)
    gradient, ops, tensor = framework.tools.gradient, framework.tools.ops, framework.to_tensor
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
        high, low = (framework.to_numpy(loss(tensor(g0 + s)))[0] for s in (step, -step))
        numeric[0, k] = (high - low) / 2e-5
    return {
        "gradient/unrolled": gradient(loss)(tensor(g0))[1],
        "gradient/unrolled_numeric": tensor(numeric),
    }


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


def products(found: Runner, framework: Framework) -> Values:
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
            f"product/{name}/{k}": v
            for k, v in _product(found, framework, experiment, process).items()
        }
    return values


def _product(found: Runner, framework: Framework, experiment: Experiment, process: Any) -> Values:
    lane = 2
    setting = found.setting(experiment, "cpu", None)
    lanes = lanes_of(range(setting.width), setting.width)
    noise = probe(process, lanes)
    game = experiment.game
    sizes = [game.discriminator.count(game.seen), game.generator.count(game.latent_size)]
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
    program = process.bind(framework.tools)
    one = {
        k: framework.to_tensor(v[:, lane : lane + 1].astype(np.float64)) for k, v in noise.items()
    }

    here = {
        who: {"weights": framework.to_tensor(s[:1])} for who, s in zip("dg", starts, strict=False)
    }

    def field(weights: NDArray[Any]) -> NDArray[Any]:
        return framework.to_numpy(program.field(here, framework.to_tensor(weights), one))[0]

    exact = np.array([product(v) for v in directions])
    numeric = np.array([(field(at + 1e-5 * v) - field(at - 1e-5 * v)) / 2e-5 for v in directions])
    engine.load(process.initial(*(np.zeros_like(s) for s in starts)))
    return {
        "exact": exact,
        "numeric": numeric,
        "later": product(directions[0]),
        "sum": product(directions.sum(axis=0)),
    }


def our_optimizers(framework: Framework) -> Values:
    """Where our optimisers go under a fixed sequence of gradients, [step, parameter]."""
    values = {}
    for name, optimizer in OPTIMIZERS.items():
        start, slopes = sequence()
        held = {"weights": framework.to_tensor(start[None])}
        held |= {slot: framework.to_tensor(np.zeros_like(start[None])) for slot in optimizer.slots}
        held["steps"] = framework.to_tensor(np.zeros((1, 1)))
        path = []
        for slope in slopes:
            held = optimizer.update(framework.tools.ops, held, framework.to_tensor(slope[None]))
            path.append(framework.to_numpy(held["weights"])[0])
        values[name] = np.array(path)
    return values


def sequence() -> tuple[NDArray[Any], NDArray[Any]]:
    """A start and a sequence of gradients, of very different sizes."""
    rng = np.random.default_rng(11)
    scale = np.array([1.0, 1e-3, 30.0, 1e-6])
    return rng.standard_normal(4), rng.standard_normal((STEPS, 4)) * scale


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


def torch_framework() -> Framework:
    """PyTorch."""
    import torch

    from gandiag_torch import operations
    from gandiag_torch.engine import as_it_is, gradient, repeat

    torch.set_grad_enabled(False)
    torch.set_num_threads(1)

    def own() -> Values:
        makers: Mapping[str, Any] = {
            "sgd": lambda p: torch.optim.SGD(p, lr=RATE),
            "momentum": lambda p: torch.optim.SGD(p, lr=RATE, momentum=KEPT),
            "rmsprop_torch": lambda p: torch.optim.RMSprop(p, RATE, alpha=KEPT, eps=EPSILON),
            "adam_torch": lambda p: torch.optim.Adam(p, RATE, (KEPT, KEPT_SQUARE), EPSILON),
        }
        values = {}
        for name, make in makers.items():
            start, slopes = sequence()
            weights = torch.nn.Parameter(torch.from_numpy(start.copy()))
            optimizer = make([weights])
            path = []
            for slope in slopes:
                weights.grad = torch.from_numpy(slope.copy())
                optimizer.step()
                path.append(weights.detach().numpy().copy())
            values[name] = np.array(path)
        return values

    def to_numpy(t: Any) -> NDArray[Any]:
        found: NDArray[Any] = t.detach().numpy() if isinstance(t, torch.Tensor) else t
        return found

    return Framework(
        Tools(operations, gradient, repeat, as_it_is), torch.from_numpy, to_numpy, own, as_it_is
    )


def tensorflow_framework() -> Framework:
    """TensorFlow."""
    import keras
    import tensorflow as tf

    from gandiag_tensorflow import operations
    from gandiag_tensorflow.engine import gradient, repeat

    def own() -> Values:
        decay = keras.optimizers.schedules.ExponentialDecay(RATE, 7, 0.5, staircase=True)
        makers: Mapping[str, Any] = {
            "sgd": lambda: keras.optimizers.SGD(RATE),
            "momentum": lambda: keras.optimizers.SGD(RATE, momentum=KEPT),
            "momentum_keras_decay": lambda: keras.optimizers.SGD(decay, momentum=KEPT),
            "rmsprop_keras": lambda: keras.optimizers.RMSprop(RATE, KEPT, epsilon=EPSILON),
            "adam_keras": lambda: keras.optimizers.Adam(RATE, KEPT, KEPT_SQUARE, EPSILON),
        }
        keras.backend.set_floatx("float64")
        values = {}
        for name, make in makers.items():
            start, slopes = sequence()
            weights, optimizer, path = tf.Variable(start), make(), []
            for slope in slopes:
                optimizer.apply_gradients([(tf.constant(slope), weights)])
                path.append(weights.numpy())
            values[name] = np.array(path)
        return values

    tools = Tools(operations, gradient, repeat, lambda update: update)
    return Framework(tools, tf.constant, np.asarray, own, tf.function(jit_compile=True))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
