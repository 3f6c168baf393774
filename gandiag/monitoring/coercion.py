"""What a user hands over, brought to the form in which it is recorded."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gandiag.arrays import to_numpy
from gandiag.data.samples import Samples
from gandiag.errors import UsageError
from gandiag.experiment.loading import trained_from
from gandiag.experiment.recorded import Recorded

Bounds = Mapping[str, tuple[float | None, float | None]]
"""The least and the greatest value of a success by column; None stands for an open end."""


def recorded(
    name: str,
    iterations: int | None = None,
    success: Bounds | None = None,
    options: Mapping[str, Any] | None = None,
) -> Recorded:
    """What is known of a loop.

    Raises:
        UsageError: Something is not valid.
    """
    rules = []
    for column, bounds in (success or {}).items():
        if not isinstance(bounds, Sequence) or len(bounds) != 2:
            raise UsageError(f"success bounds {column} by (low, high), not by {bounds!r}")
        rules.append({"column": column, "low": bounds[0], "high": bounds[1]})
    legal = re.sub(r"[^A-Za-z0-9._-]+", "-", str(name)).lstrip("._-")[:80] or "loop"
    plain = {key: _plain(value) for key, value in (options or {}).items()}
    table = {"kind": "recorded", "name": legal, "iterations": iterations, "options": plain}
    found = trained_from(table | {"success": rules}, "Monitor")
    assert isinstance(found, Recorded)
    return found


def _plain(value: Any) -> Any:
    """An option as JSON can hold it."""
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def counted(value: Any, name: str, least: int) -> int:
    """A whole number from some least one on.

    Raises:
        UsageError: It is none.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = -1
    if isinstance(value, bool) or number < least:
        raise UsageError(f"{name} is a whole number from {least} on, not {value!r}")
    return number


def real_of(value: Any) -> Samples:
    """Real samples.

    Raises:
        UsageError: They are none, or not finite.
    """
    try:
        real = samples_of(value, "real")
    except ValueError as error:
        raise UsageError(str(error)) from None
    if not np.isfinite(real.values).all():
        raise UsageError("real holds samples that are NaN or infinite; drop them first")
    return real


def samples_of(value: Any, name: str) -> Samples:
    """Samples of any framework and form.

    Raises:
        ValueError: They are none.
    """
    array = to_numpy(value)
    if array.ndim == 0 or not array.size:
        raise ValueError(f"{name} must be samples on the first axis [n, ...], not {array.shape}")
    flat = array.reshape(len(array), -1).astype(np.float32)
    return Samples(flat, array.shape[1:] or (1,), eight_bit=array.dtype == np.uint8)


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape but for its single channel or column, which says nothing of the order of the rest."""
    return tuple(length for length in shape if length != 1)


def comparable(value: Any, real: Samples | None) -> Samples:
    """Generated samples, in the form of the real ones.

    Raises:
        ValueError: They are not of that form.
    """
    fake = samples_of(value, "fake")
    if real is None:
        return fake
    if _without_ones(fake.shape) != _without_ones(real.shape):
        raise ValueError(
            f"fake has samples of shape {fake.shape}, real of {real.shape}; bring them to one form"
        )
    if fake.eight_bit != real.eight_bit:
        which = "fake" if fake.eight_bit else "real"
        raise ValueError(f"{which} holds 8-bit integers and the other does not; scale them alike")
    return Samples(fake.values, real.shape, fake.eight_bit)
