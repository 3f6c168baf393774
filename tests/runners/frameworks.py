"""What computations on a backend need beside its runner; a process has one framework."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.training.process import Tools

Values = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Framework:
    """A framework, with float64 tensors and an engine's tools.

    Attributes:
        name: Its backend's.
        tools: What its engine lends, without compiling.
        to_tensor: From NumPy.
        to_numpy: And back.
        traced: Makes a function quick to call again and again.
        compiled: Compiles a function as the training is compiled.
    """

    name: str
    tools: Tools
    to_tensor: Callable[[NDArray[Any]], Any]
    to_numpy: Callable[[Any], NDArray[Any]]
    traced: Callable[[Callable[..., Any]], Callable[..., Any]]
    compiled: Callable[[Callable[..., Any]], Callable[..., Any]]


def framework(backend: str) -> Framework:
    """Imports a framework."""
    return _torch() if backend == "torch" else _tensorflow()


def _torch() -> Framework:
    import torch

    from gandiag_torch import operations
    from gandiag_torch.engine import eager, gradient, repeat

    torch.set_grad_enabled(False)
    torch.set_num_threads(1)

    def to_numpy(t: Any) -> NDArray[Any]:
        found: NDArray[Any] = t.detach().numpy() if isinstance(t, torch.Tensor) else t
        return found

    tools = Tools(operations, gradient, repeat, eager)  # type: ignore[arg-type]
    return Framework("torch", tools, torch.from_numpy, to_numpy, eager, eager)


def _tensorflow() -> Framework:
    import tensorflow as tf

    from gandiag_tensorflow import operations
    from gandiag_tensorflow.engine import gradient, repeat

    tools = Tools(operations, gradient, repeat, lambda update: update)  # type: ignore[arg-type]
    traced, compiled = tf.function(autograph=False), tf.function(jit_compile=True)
    return Framework("tensorflow", tools, tf.constant, np.asarray, traced, compiled)
