"""Computes what an engine's own files do on one backend: ``python engines.py BACKEND FILE``.

The operations, those rounded to bfloat16, and an engine that is loaded, advanced and dumped.
"""

from __future__ import annotations

import importlib
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
from frameworks import Framework, Values, framework
from operating import cases

from gandiag.errors import UsageError
from gandiag.experiment.loading import read_experiment
from gandiag.plugins import runner
from gandiag.running.runner import Setting, flatten
from gandiag.running.streams import deal_lanes
from gandiag.running.training_loop import evaluation, initial_state

LANES = (0, 1)


def main(backend: str, path: str) -> None:
    """Computes everything and writes it to an ``.npz`` file."""
    work = framework(backend)
    values = {f"operation/{name}": v for name, v in operations(work).items()}
    values |= {f"bfloat16/{name}": v for name, v in rounded(work).items()}
    for precision in ("float64", "bf16"):
        values |= {f"engine/{precision}/{k}": v for k, v in advanced(backend, precision).items()}
    values |= {f"own/{name}": v for name, v in OWN[backend](work).items()}
    np.savez(path, **values)


def operations(work: Framework) -> Values:
    """All operations on the same numbers, and two where an approximation would show."""
    ops, far = work.tools.ops, work.to_tensor(np.linspace(15.0, 45.0, 7))
    made = cases(ops, work.to_tensor)
    made |= {"softplus_far": ops.softplus(far), "leaky_relu_far": ops.leaky_relu(-far, 0.3)}
    return {name: work.to_numpy(value) for name, value in made.items()}


def rounded(work: Framework) -> Values:
    """Products of numbers that bfloat16 cannot represent, and the operations that are others."""
    short = importlib.import_module(f"gandiag_{work.name}.bfloat16").OPERATIONS
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal(shape).astype(np.float32) for shape in ((2, 4, 9), (2, 9, 5)))
    image, kernel = a.reshape(2, 4, 3, 3, 1), b[:, :4, :4].reshape(2, 4, 4, 1, 1)
    left = np.array([[[1 + 2.0**-9, -1.0]], [[256.0, 1.0]]], np.float32)
    right = np.array([[[512.0], [512.0]], [[1.0], [8.0]]], np.float32)
    ones = [np.ones((1, *shape), np.float32) for shape in ((1, 9), (9, 1))]
    ones[0][0, 0, 0] = 256.0
    pairs = {"random": (a, b), "factors": (left, right), "sum": ones}
    pairs["float64"] = (a.astype(np.float64), b.astype(np.float64))
    # Compiled, as in training: outside of XLA, TensorFlow cuts the result off and does not round.
    product, conv, back = (
        work.compiled(f)
        for f in (
            short.matmul,
            lambda x, k: short.conv(x, k, 1),
            lambda x, k: short.conv_transpose(x, k, 1, (3, 3)),
        )
    )
    made = {f"matmul_{n}": product(*map(work.to_tensor, pair)) for n, pair in pairs.items()}
    images = work.to_tensor(image), work.to_tensor(kernel)
    made |= {"conv": conv(*images), "conv_transpose": back(*images)}
    names = [n for n in vars(work.tools.ops) if not n.startswith("_")]
    other = [n for n in names if getattr(short, n) is not getattr(work.tools.ops, n)]
    given = {"a": a, "b": b, "image": image, "kernel": kernel, "other": np.array(sorted(other))}
    return given | {name: work.to_numpy(value) for name, value in made.items()}


def advanced(backend: str, precision: str) -> Values:
    """The state after five iterations, at once and in parts, and what is observed of it."""
    experiment = read_experiment("dirac", {"schedule.chunk": 8, "precision": precision})
    found = runner(backend)
    setting = Setting("cpu", found.modes[0], len(LANES))
    engine: Any = found.engine(
        experiment.game, evaluation(experiment, LANES), setting, experiment.precision
    )
    noise = {
        name: deal_lanes(LANES, f"train/{name}", draw, 0, 8)
        for name, draw in experiment.game.draws.items()
    }
    start = initial_state(experiment, LANES)
    states: Values = {}
    for name, parts in {"whole": [5], "parts": [2, 1, 2]}.items():
        engine.load(start)
        made = 0
        for count in parts:
            engine.advance(noise, made, count, made)
            made += count
        states |= {f"{name}/{k}": np.array(v) for k, v in flatten(engine.dump()).items()}
    seen = engine.observe()
    for array in flatten(engine.dump()).values():
        if array.flags.writeable:
            array[...] = 7
    states |= {f"later/{k}": np.array(v) for k, v in flatten(engine.dump()).items()}
    if backend == "tensorflow":
        states["programs"] = np.array(engine._stretch.experimental_get_tracing_count())
    return states | {f"observed/{name}": v for name, v in seen.items()}


def own_of_torch(work: Framework) -> Values:
    """Whether a gradient keeps its graph, and what is said of a layer that has no module."""
    import torch

    x = torch.ones((1, 1))
    value, derivative = work.tools.gradient(lambda y: (y * y * y).sum(1))(x)
    with torch.enable_grad():
        _, inner = work.tools.gradient(lambda y: (y * y * y).sum(1))(x)
    kept = {"value": value, "outside": derivative, "inside": inner}
    graphs = {f"graph/{name}": np.array(tensor.requires_grad) for name, tensor in kept.items()}
    return graphs | {f"refused/{name}": np.array(text) for name, text in refused().items()}


def refused() -> dict[str, str]:
    """The messages about an unknown kind of layer and an unknown activation."""
    from gandiag_torch.layers import layers

    unknown = {
        "layer": {"kind": "recurrent"},
        "activation": {"kind": "flatten", "activation": "gelu"},
    }
    messages = {}
    for name, spec in unknown.items():
        part: Any = SimpleNamespace(layer=SimpleNamespace(**spec))
        try:
            layers(part)
        except UsageError as error:
            messages[name] = str(error)
    return messages


def own_of_tensorflow(work: Framework) -> Values:
    """A loop of the program, with its counter, compiled."""
    import tensorflow as tf

    def body(k: Any, state: Any) -> Any:
        return {"sum": state["sum"] + tf.cast(k, tf.float64), "product": 2.0 * state["product"]}

    def looped(start: Any) -> Any:
        return work.tools.repeat(5, body, {"sum": start, "product": start})

    made = work.compiled(looped)(tf.constant(1.0, tf.float64))
    return {name: np.asarray(value) for name, value in made.items()}


OWN = {"torch": own_of_torch, "tensorflow": own_of_tensorflow}

if __name__ == "__main__":
    main(*sys.argv[1:])
