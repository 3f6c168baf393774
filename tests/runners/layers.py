"""Computes what layers and views make of random input: ``python layers.py BACKEND FILE``.

For every case: what went in, what came out, what was remembered, the gradients by the backend and
by central differences, and where the framework has such a layer itself, what that makes of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from frameworks import Framework, Values, framework
from numpy.typing import NDArray
from own_layers import OWN
from pydantic import TypeAdapter

from gandiag.training.layers import Pass
from gandiag.training.network import Network
from gandiag.training.views import View

LANES, BATCH, LANE = 2, 6, 1
"""Gradients are those of the lane LANE, so that no lane can look at another's."""

STEP = 1e-6

START = {"kind": "normal", "std": 0.6}


@dataclass(frozen=True)
class Case:
    """A network and what it is given.

    Attributes:
        layers: Its layers.
        inputs: The number of features.
        classes: The number of classes of the labels.
        labels: Which layers see them.
        batches: How many batches stand side by side.
        slopes: What the gradients are taken with respect to.
    """

    layers: tuple[dict[str, Any], ...]
    inputs: int = 4
    classes: int = 0
    labels: str = "none"
    batches: int = 1
    slopes: tuple[str, ...] = ("weights", "x")

    @property
    def network(self) -> Network:
        """The network."""
        given = {"layers": self.layers, "weights": START, "biases": START, "labels": self.labels}
        return Network.model_validate(given)


def dense(units: int = 3, **more: Any) -> dict[str, Any]:
    return {"kind": "dense", "units": units} | more


def conv(kernel: int, stride: int, **more: Any) -> dict[str, Any]:
    return {"kind": "conv", "channels": 3, "kernel": kernel, "stride": stride} | more


def up(kernel: int, stride: int, **more: Any) -> dict[str, Any]:
    return conv(kernel, stride, **more) | {"kind": "conv-transpose"}


def images(*layers: dict[str, Any], sides: tuple[int, int] = (5, 4), **more: Any) -> Case:
    """Layers on images of two channels."""
    shape = (2, *sides)
    return Case(({"kind": "reshape", "to": shape}, *layers), 2 * sides[0] * sides[1], **more)


NORM = {"kind": "batch-norm", "decay": 0.75, "epsilon": 1e-3}
MINIBATCH = {"kind": "minibatch", "kernels": 3, "dimension": 2, "weights": START}
ACTIVATIONS = ("linear", "tanh", "sigmoid", "softplus", "relu", "leaky-relu", "elu")

CASES: dict[str, Case] = {
    **{f"dense-{name}": Case((dense(activation=name, slope=0.25),)) for name in ACTIVATIONS},
    "dense-unbiased": Case((dense(bias=False),)),
    "maxout": Case(({"kind": "maxout", "units": 3, "pieces": 4},)),
    "conv-3-1": images(conv(3, 1)),
    "conv-3-2": images(conv(3, 2), sides=(4, 7)),
    "conv-5-2": images(conv(5, 2), sides=(7, 4)),
    "conv-4-3": images(conv(4, 3, bias=False), sides=(7, 8)),
    "conv-1-1": images(conv(1, 1), sides=(3, 3)),
    "up-3-1": images(up(3, 1)),
    "up-3-2": images(up(3, 2), sides=(2, 3)),
    "up-5-2": images(up(5, 2), sides=(3, 2)),
    "up-4-3": images(up(4, 3, bias=False), sides=(2, 3)),
    "up-odd-5-2": images(up(5, 2, side=5), sides=(3, 3)),
    "up-odd-4-3": images(up(4, 3, side=4), sides=(2, 2)),
    "norm": Case((NORM,)),
    "norm-images": images(NORM, sides=(2, 3)),
    "norm-unscaled": Case((NORM | {"scale": False, "activation": "tanh"},)),
    "norm-two-batches": Case((NORM,), batches=2),
    "minibatch": Case((MINIBATCH,)),
    "minibatch-two-batches": Case((MINIBATCH,), batches=2),
    "spectral": Case((dense(spectral_norm=True),)),
    "spectral-early": Case((dense(spectral_norm=True),)),
    "spectral-conv": images(conv(3, 2, spectral_norm=True), sides=(4, 3)),
    "spectral-up": images(up(3, 2, spectral_norm=True), sides=(2, 2)),
    "labels-first": Case((dense(activation="tanh"), dense(2)), classes=3, labels="first"),
    "labels-every": Case((dense(activation="tanh"), NORM, dense(2)), classes=3, labels="every"),
    "labels-every-images": images(
        conv(3, 1), {"kind": "flatten"}, dense(2), sides=(2, 3), classes=3, labels="every"
    ),
    "reshaped": images({"kind": "flatten"}),
    "point": Case(({"kind": "point", "units": 3},), slopes=("weights",)),
    "deep": images(
        conv(3, 2, bias=False),
        NORM | {"activation": "leaky-relu"},
        {"kind": "flatten"},
        dense(5, activation="elu"),
        MINIBATCH,
        {"kind": "maxout", "units": 2, "pieces": 2},
        sides=(3, 4),
    ),
}

VIEWS: dict[str, tuple[dict[str, Any], int]] = {
    "samples": ({"kind": "samples"}, 2),
    "packed-2": ({"kind": "packed", "count": 2}, 1),
    "packed-3-two-batches": ({"kind": "packed", "count": 3}, 2),
    "packed-4-left-over": ({"kind": "packed", "count": 4}, 1),
    "moments": ({"kind": "moments"}, 1),
    "moments-two-batches": ({"kind": "moments"}, 2),
    "batch": ({"kind": "batch"}, 1),
    "deviations": ({"kind": "batch", "deviations": True}, 1),
    "deviations-two-batches": ({"kind": "batch", "deviations": True}, 2),
}
"""A view, and how many batches stand side by side."""


def main(backend: str, path: str) -> None:
    """Computes everything and writes it to an ``.npz`` file."""
    work = framework(backend)
    values: Values = {}
    for name, case in CASES.items():
        values |= {f"{name}/{k}": v for k, v in of_layers(work, name, case).items()}
    for name, (view, batches) in VIEWS.items():
        values |= {f"view/{name}/{k}": v for k, v in of_view(work, view, batches).items()}
    values |= {f"extreme/{name}": v for name, v in extremes(work).items()}
    np.savez(path, **values)


def of_layers(work: Framework, name: str, case: Case) -> Values:
    """A network's output, memory and gradients."""
    rng = np.random.default_rng(len(name))
    network, n = case.network, BATCH * case.batches
    rows = [network.initial(case.inputs, rng, case.classes) for _ in range(LANES)]
    known = [network.initial_buffers(case.inputs, rng, case.classes) for _ in range(LANES)]
    given: Values = {
        "x": rng.standard_normal((LANES, case.inputs, n)),
        "weights": np.stack(rows).astype(np.float64),
        "memory": np.abs(np.stack(known).astype(np.float64) + 0.3),
    }
    if case.classes:
        one_hot = np.eye(case.classes)[rng.integers(case.classes, size=(LANES, n))]
        given["labels"] = one_hot.transpose(0, 2, 1)
    if "spectral" in name and name != "spectral-early":
        given["memory"] = settled(work, case, given)
    y, after = run(work, case, given)
    weighing = rng.standard_normal(y.shape[1:])
    arrays = {f"held/{k}": v for k, v in named(case, given).items()}
    found = arrays | given | {"y": y, "weighing": weighing, "memory_after": after}
    if given["memory"].size:
        found["sampled"], found["memory_sampled"] = run(work, case, given, sampling=True)
        found["memory_later"] = later(work, case, given)
    own = OWN[work.name].get(name)
    if own is not None:
        lanes = [{k: v[lane] for k, v in arrays.items()} for lane in range(LANES)]
        found["own"] = np.stack([own(h, x) for h, x in zip(lanes, given["x"], strict=True)])
    for what in case.slopes if given["weights"].size else ("x",):
        found |= slopes(
            work, given, what, weighing, lambda some: run(work, case, some, tensors=True)[0]
        )
    return found


def run(
    work: Framework,
    case: Case,
    given: Mapping[str, Any],
    sampling: bool = False,
    tensors: bool = False,
) -> tuple[Any, Any]:
    """What a network makes of its input, and what it remembers after it."""
    some = given if tensors else {k: work.to_tensor(v) for k, v in given.items()}
    how = Pass(work.tools.ops, some["memory"], some.get("labels"), case.batches, sampling)
    y = case.network.apply(some["weights"], some["x"], how)
    return (y, how.buffers) if tensors else (work.to_numpy(y), work.to_numpy(how.buffers))


def named(case: Case, given: Values) -> Values:
    """The weights by their names, [lane, ...]."""
    by_lane = [case.network.named(case.inputs, row, case.classes) for row in given["weights"]]
    return {key: np.stack([held[key] for held in by_lane]) for key in by_lane[0]}


def settled(work: Framework, case: Case, given: Values) -> NDArray[Any]:
    """The memory after many runs."""
    for _ in range(100):
        given = given | {"memory": run(work, case, given)[1]}
    return given["memory"]


def later(work: Framework, case: Case, given: Values) -> NDArray[Any]:
    """The memory after three runs on the parts of a batch that is turned round."""
    for turn in range(3):
        turned = np.roll(given["x"], turn, axis=1)
        given = given | {"memory": run(work, case, given | {"x": turned})[1]}
    return given["memory"]


def slopes(
    work: Framework,
    given: Values,
    what: str,
    weighing: NDArray[Any],
    f: Callable[[dict[str, Any]], Any],
) -> Values:
    """The gradient of a weighted sum of the outputs, by the backend and by differences."""
    ops = work.tools.ops
    some = {k: work.to_tensor(v) for k, v in given.items()}
    weigh, axes = work.to_tensor(weighing), tuple(range(1, weighing.ndim + 1))
    slope = work.tools.gradient(lambda a: ops.sum(f(some | {what: a}) * weigh, axes))(some[what])
    return {
        f"{what}_gradient": work.to_numpy(slope[1])[LANE],
        f"{what}_differences": differences(work, given, what, weighing, f),
    }


def differences(
    work: Framework,
    given: Values,
    what: str,
    weighing: NDArray[Any],
    f: Callable[[dict[str, Any]], Any],
) -> NDArray[Any]:
    """Central differences of one lane, all of them at once: a lane for each."""
    at = given[what][LANE]
    steps = STEP * np.eye(at.size).reshape(-1, *at.shape)
    many = {
        k: work.to_tensor(np.repeat(v[LANE : LANE + 1], 2 * at.size, axis=0))
        for k, v in given.items()
    }
    many[what] = work.to_tensor(np.concatenate([at + steps, at - steps]))
    sums = (work.to_numpy(f(many)) * weighing).reshape(2, at.size, -1).sum(-1)
    slope: NDArray[Any] = (sums[0] - sums[1]).reshape(at.shape) / (2 * STEP)
    return slope


def of_view(work: Framework, view: dict[str, Any], batches: int) -> Values:
    """What a discriminator is shown of samples of two coordinates, and how it slopes."""
    rng = np.random.default_rng(batches)
    found: Any = TypeAdapter(View).validate_python(view)
    given = {"x": rng.standard_normal((LANES, 2, BATCH * batches))}

    def shown(some: dict[str, Any]) -> Any:
        return found.apply(work.tools.ops, some["x"], batches)

    y = work.to_numpy(shown({"x": work.to_tensor(given["x"])}))
    weighing = rng.standard_normal(y.shape[1:])
    seen = {"x": given["x"], "y": y, "weighing": weighing}
    return seen | slopes(work, given, "x", weighing, shown)


def extremes(work: Framework) -> Values:
    """The activations far from 0."""
    ops, far = work.tools.ops, work.to_tensor(np.array([[-800.0, -30.0, 30.0, 800.0]]))
    return {
        name: work.to_numpy(getattr(ops, name)(far))
        for name in ("softplus", "sigmoid", "tanh", "elu")
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
