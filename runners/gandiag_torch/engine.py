"""The PyTorch engine: gradient, compilation, loop and device."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
import torch._inductor
from numpy.typing import NDArray
from torch import Tensor
from torch.fx.experimental.proxy_tensor import make_fx
from torch.utils import _pytree as pytree

from gandiag.running.runner import Arrays, Product, Setting, Tree
from gandiag.training.operations import PerLane
from gandiag.training.playing import bind
from gandiag.training.process import Process, State, Tools
from gandiag_torch import bfloat16, operations


class TorchEngine:
    """Trains a group of lanes in PyTorch."""

    def __init__(
        self, process: Process, evaluation: Tree, setting: Setting, precision: str
    ) -> None:
        torch.set_flush_denormal(True)  # a multiply of denormals is six times slower
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cuda.matmul.allow_tf32 = False
        self._device = torch.device(setting.device)
        self._dtype = torch.float64 if precision == "float64" else torch.float32
        ops: Any = bfloat16.OPERATIONS if precision == "bf16" else operations
        compile_ = compiled if setting.mode == "inductor" else eager
        self._program = bind(process, Tools(ops, gradient, repeat, compile_))
        with torch.no_grad():
            self._evaluation = self._program.prepare(self._to_tensors(evaluation))
        self._state: State = {}
        self._noise: Arrays = {}
        self._drawn: dict[str, Tensor] = {}

    def load(self, state: Tree) -> None:
        """Sets the state."""
        self._state = self._to_tensors(state)

    @torch.no_grad()
    def advance(self, noise: Arrays, offset: int, count: int, first: int) -> None:
        """Runs ``count`` iterations with the random numbers from ``offset`` on."""
        if noise is not self._noise:
            self._noise = noise
            self._drawn = _map(noise, lambda a: torch.from_numpy(a).to(self._device))
        for i in range(offset, offset + count):
            one = {name: drawn[i].to(self._dtype) for name, drawn in self._drawn.items()}
            self._state = self._program.iterate(self._state, one, first + i - offset + 1)

    @torch.no_grad()
    def observe(self) -> dict[str, NDArray[Any]]:
        """What is to be recorded of the state now."""
        observed = self._program.observe(self._state, self._evaluation)
        return {name: value.cpu().numpy() for name, value in observed.items()}

    def dump(self) -> dict[str, Any]:
        """The state, to be loaded again."""
        return _map(self._state, lambda tensor: tensor.cpu().numpy().copy())

    def field_jvp(self, noise: Arrays, lane: int) -> Product:
        """The Jacobian of the game's field for one lane, as its products with vectors.

        The reverse pass is linear in what is handed back, so a second one through it gives J v;
        forward mode would be cut off where `gradient` detaches.
        """
        one = {n: self._to_tensor(a[:, lane : lane + 1]) for n, a in noise.items()}
        with torch.enable_grad():
            at = self._program.weights(self._state)[lane : lane + 1].detach().requires_grad_()
            field = self._program.field(_map(self._state, lambda a: a[lane : lane + 1]), at, one)
            back = torch.zeros_like(field, requires_grad=True)
            (pulled,) = torch.autograd.grad(
                field, at, back, create_graph=True, materialize_grads=True
            )

        def product(v: NDArray[Any]) -> NDArray[Any]:
            along = self._to_tensor(np.asarray(v, np.float64)[None])
            (pushed,) = torch.autograd.grad(
                pulled, back, along, retain_graph=True, materialize_grads=True
            )
            moved: NDArray[Any] = pushed[0].cpu().numpy()
            return moved

        return product

    def _to_tensors(self, tree: Tree) -> dict[str, Any]:
        return _map(tree, self._to_tensor)

    def _to_tensor(self, array: NDArray[Any]) -> Tensor:
        tensor = torch.from_numpy(np.ascontiguousarray(array)).to(self._device)
        return tensor.to(self._dtype) if tensor.is_floating_point() else tensor


def gradient(f: PerLane) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
    """Turns f: [lane, ...] -> [lane] into x -> (f(x), df/dx).

    Inside another gradient the input is not detached and the graph is kept, so that the outer
    one sees through it; outside of all, nothing is kept.
    """

    def transformed(x: Tensor) -> tuple[Tensor, Tensor]:
        nested = torch.is_grad_enabled()
        with torch.enable_grad():
            x = x.view_as(x) if x.requires_grad else x.detach().requires_grad_()
            value = f(x)
            (derivative,) = torch.autograd.grad(
                value.sum(), x, create_graph=nested, materialize_grads=True
            )
        return (value, derivative) if nested else (value.detach(), derivative)

    return transformed


def repeat(count: int, body: Callable[[Any, State], State], state: State) -> State:
    """Applies ``state = body(k, state)`` for k below ``count``."""
    for k in range(count):
        state = body(k, state)
    return state


def eager(update: Callable[..., State]) -> Callable[..., State]:
    """Leaves an update as it is: it runs operation by operation."""
    return update


def compiled(update: Callable[..., State]) -> Callable[..., State]:
    """Compiles an update at its first call.

    It is traced to ATen operations and handed to Inductor. A trace goes through
    ``autograd.grad``, which is faster than ``torch.func.grad`` and which Dynamo does not follow;
    and without Dynamo there are no guards to check at every call, a third of a small update.
    """
    program: Callable[..., Any] | None = None
    shape: Any = None

    def run(*arguments: Any) -> State:
        nonlocal program, shape
        leaves = _leaves(arguments)
        if program is None:
            given = pytree.tree_structure(arguments)

            def flat(*tensors: Tensor) -> list[Tensor]:
                nonlocal shape
                results, shape = pytree.tree_flatten(update(*pytree.tree_unflatten(tensors, given)))
                return results

            program = torch._inductor.compile(make_fx(flat)(*leaves), [*leaves])
        after: State = pytree.tree_unflatten(program(*leaves), shape)
        return after

    return run


def _leaves(tree: Any) -> list[Tensor]:
    if isinstance(tree, Tensor):
        return [tree]
    parts = tree.values() if isinstance(tree, Mapping) else tree
    return [leaf for part in parts for leaf in _leaves(part)]


def _map(tree: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    return {
        name: _map(value, change) if isinstance(value, Mapping) else change(value)
        for name, value in tree.items()
    }
