"""Builds a layer, and runs it over the NumPy operations with random arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from gandiag.training import numpy_operations as ops
from gandiag.training.layers import Layer, Pass

Floats = NDArray[np.float64]

LANES, BATCH = 2, 6


def layer(kind: str, **settings: Any) -> Any:
    """A layer as an experiment defines it."""
    found: Any = TypeAdapter(Layer).validate_python({"kind": kind} | settings)
    return found


def random_arrays(spec: Any, given: tuple[int, ...], seed: int = 0) -> dict[str, Floats]:
    """The weights and buffers of a layer, [lane, ...]; a buffer is positive, as variances are."""
    rng = np.random.default_rng(seed)
    weights = {p.name: rng.standard_normal((LANES, *p.shape)) for p in spec.parameters(given)}
    return weights | {p.name: 0.5 + rng.random((LANES, *p.shape)) for p in spec.buffers(given)}


def random_input(*given: int, batch: int = BATCH, seed: int = 1) -> Floats:
    """A batch of samples of a shape, [lane, *shape, batch]."""
    return np.random.default_rng(seed).standard_normal((LANES, *given, batch))


def run(
    spec: Any, arrays: dict[str, Floats], x: Floats, batches: int = 1, sampling: bool = False
) -> tuple[Floats, list[Floats]]:
    """The output of a layer, and its new buffers."""
    made: tuple[Floats, list[Floats]] = spec.apply(
        Pass(ops, batches=batches, sampling=sampling), arrays, x
    )
    return made
