"""Numbers as a training loop has them: copied when logged, fetched from their device together.

No framework is imported: a tensor is asked for what it can do, and a module that is there because
the loop has imported it is looked up.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

PLAIN = frozenset((float, int, bool))

Held = Any
"""A number, or a copy of a scalar that is still on its device."""


class NotAScalarError(ValueError):
    """What was logged is not one number."""


class TracedError(RuntimeError):
    """What was logged has no value: it is a symbol of a function that is being traced."""


def hold(value: Any) -> Held:
    """A copy of a scalar, without waiting for a device.

    What lives on the host becomes a number at once. What lives elsewhere, or may not be computed
    yet (JAX), is kept there as a copy that nothing can overwrite.

    Raises:
        NotAScalarError: It is not one number.
        TracedError: It is a symbol.
    """
    kind = type(value)
    reader = _READERS.get(kind)
    if reader is None:
        reader = _READERS[kind] = _reader(kind)
    try:
        return reader(value)
    except (NotAScalarError, TracedError):
        raise
    except Exception as error:  # whatever a strange type may raise, the training is not to feel it
        raise NotAScalarError(f"{kind.__name__} is not a number: {error}") from None


def whole(value: Any) -> int:
    """A whole number, as a step or a count: of any framework, or a float without a fraction.

    Raises:
        NotAScalarError: It is none.
        TracedError: It is a symbol.
    """
    (number,) = fetch([hold(value)])
    if number != int(number):
        raise NotAScalarError(f"{number} is not a whole number")
    return int(number)


def fetch(held: Sequence[Held]) -> list[float]:
    """The numbers, with one transfer a device."""
    numbers = list(held)
    waiting: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in [k for k, value in enumerate(held) if type(value) not in PLAIN]:
        value = held[place]
        waiting[_module(type(value)), str(value.dtype), str(value.device)].append(place)
    for (module, *_), places in waiting.items():
        for place, number in zip(places, _transfer(module, [held[k] for k in places]), strict=True):
            numbers[place] = number
    return numbers


def _reader(kind: type) -> Callable[[Any], Held]:
    """How scalars of a type are read; found once a type, for it is asked at every step."""
    if kind in PLAIN:
        return float
    if hasattr(kind, "detach"):  # PyTorch
        return _hold_torch
    known = {
        "tensorflow": _hold_tensorflow,
        "keras": lambda variable: hold(variable.value),
        "jax": _hold_jax,
        "jaxlib": _hold_jax,
    }
    return known.get(_module(kind), _number)


def _module(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def _transfer(module: str, scalars: list[Any]) -> list[float]:
    """Fetches scalars of one type from one device: the one place that waits for it."""
    if module in ("jax", "jaxlib"):
        stacked: Any = sys.modules["jax"].numpy.stack(scalars)
    else:
        stacked = sys.modules[module].stack(scalars)
    fetched = stacked.cpu() if hasattr(stacked, "cpu") else stacked
    found: list[float] = np.asarray(fetched, dtype=np.float64).tolist()
    return found


def _hold_torch(value: Any) -> Held:
    if value.is_cpu:
        try:
            return value.item()
        except RuntimeError:
            raise NotAScalarError(_not_one(value)) from None
    if value.numel() != 1:
        raise NotAScalarError(_not_one(value))
    return value.detach().reshape(()).clone()


def _hold_tensorflow(value: Any) -> Held:
    if not hasattr(value, "numpy"):
        raise TracedError
    if hasattr(value, "read_value"):  # a variable, which the next step overwrites
        value = value.read_value()
        if not hasattr(value, "numpy"):
            raise TracedError
    if value.shape.num_elements() != 1:
        raise NotAScalarError(_not_one(value))
    if "CPU" in value.device:
        return float(value.numpy().reshape(()))
    return sys.modules["tensorflow"].reshape(value, ())


def _hold_jax(value: Any) -> Held:
    if "Tracer" in type(value).__name__:
        raise TracedError
    if value.size != 1:
        raise NotAScalarError(_not_one(value))
    return value.reshape(())


def _number(value: Any) -> float:
    if value is None:
        raise NotAScalarError("it is None")
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise NotAScalarError(f"{type(value).__name__} is not a number") from None
    if array.size != 1:
        raise NotAScalarError(_not_one(array))
    return float(array.reshape(()))


def _not_one(value: Any) -> str:
    return f"it has shape {tuple(value.shape)}; log its mean"


_READERS: dict[type, Callable[[Any], Held]] = {}
