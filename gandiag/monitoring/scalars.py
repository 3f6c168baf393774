"""Scalars of any framework: copied when they are logged, fetched from their device together.

No framework is imported: a tensor is recognised by its attributes, and the loop has imported its
module already.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

PLAIN = frozenset((float, int, bool))

Captured = Any
"""A number, or a copy of a scalar that is still on its device."""


class NotAScalarError(ValueError):
    """What was logged is not one number."""


class TracedError(RuntimeError):
    """What was logged has no value: it is symbolic, in a function that is being traced."""


def capture(value: Any) -> Captured:
    """A copy of a scalar, without waiting for a device.

    A value in the host's memory becomes a number at once. One on another device, or one that may
    not be computed yet (JAX), stays there as a copy that nothing can overwrite.

    Raises:
        NotAScalarError: It is not one number.
        TracedError: It is symbolic.
    """
    kind = type(value)
    reader = _READERS.get(kind)
    if reader is None:
        reader = _READERS[kind] = _reader(kind)
    try:
        return reader(value)
    except (NotAScalarError, TracedError):
        raise
    except Exception as error:  # an unknown type may raise anything
        raise NotAScalarError(f"{kind.__name__} is not a number: {error}") from None


def to_int(value: Any) -> int:
    """A step or a count as a whole number: of any framework, or a float without a fraction.

    Raises:
        NotAScalarError: It is not a whole number.
        TracedError: It is symbolic.
    """
    (number,) = fetch([capture(value)])
    if number != int(number):
        raise NotAScalarError(f"{number} is not a whole number")
    return int(number)


def fetch(captured: Sequence[Captured]) -> list[float]:
    """The numbers, with one transfer from each device."""
    numbers = list(captured)
    on_device: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for k in [k for k, value in enumerate(captured) if type(value) not in PLAIN]:
        value = captured[k]
        on_device[_module(type(value)), str(value.dtype), str(value.device)].append(k)
    for (module, *_), indices in on_device.items():
        fetched = _transfer(module, [captured[k] for k in indices])
        for k, number in zip(indices, fetched, strict=True):
            numbers[k] = number
    return numbers


def _reader(kind: type) -> Callable[[Any], Captured]:
    """The function that captures scalars of a type; looked up once for each type."""
    if kind in PLAIN:
        return float
    if hasattr(kind, "detach"):  # PyTorch
        return _capture_torch
    readers = {
        "tensorflow": _capture_tensorflow,
        "keras": lambda variable: capture(variable.value),
        "jax": _capture_jax,
        "jaxlib": _capture_jax,
    }
    return readers.get(_module(kind), _number)


def _module(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def _transfer(module: str, scalars: list[Any]) -> list[float]:
    """Fetches scalars of one type from one device; nothing else waits for the device."""
    if module in ("jax", "jaxlib"):
        stacked: Any = sys.modules["jax"].numpy.stack(scalars)
    else:
        stacked = sys.modules[module].stack(scalars)
    fetched = stacked.cpu() if hasattr(stacked, "cpu") else stacked
    numbers: list[float] = np.asarray(fetched, dtype=np.float64).tolist()
    return numbers


def _capture_torch(value: Any) -> Captured:
    if value.is_cpu:
        try:
            return value.item()
        except RuntimeError:
            raise NotAScalarError(_not_one(value)) from None
    if value.numel() != 1:
        raise NotAScalarError(_not_one(value))
    return value.detach().reshape(()).clone()


def _capture_tensorflow(value: Any) -> Captured:
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


def _capture_jax(value: Any) -> Captured:
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


_READERS: dict[type, Callable[[Any], Captured]] = {}
