"""Converts what a user passes to the monitor into what is recorded, or refuses it."""

from __future__ import annotations

import operator
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from gandiag.analysis.names import ALARMS, Alarm
from gandiag.arrays import to_numpy
from gandiag.data.samples import Samples
from gandiag.errors import UsageError, must_be_one_of
from gandiag.experiment.loading import trained_from
from gandiag.experiment.recorded import Recorded
from gandiag.monitoring.pairs import hint_of_columns, hint_of_container

Bounds = Mapping[str, tuple[float | None, float | None]]
"""The lowest and the highest value of a success by column; None for no bound on that side."""


def recorded_loop(
    name: str,
    iterations: int | None = None,
    success: Bounds | None = None,
    options: Mapping[str, Any] | None = None,
    **more: Any,
) -> Recorded:
    """The description of a loop that is kept with its runs.

    Args:
        name: Its name, made valid.
        iterations: How many steps are planned.
        success: The bounds of a successful run.
        options: The user's settings.
        **more: Other keys of `Recorded`; None and empty ones are left out.

    Raises:
        UsageError: Something is not valid.
    """
    rules = []
    for column, bounds in (success or {}).items():
        if not isinstance(bounds, Sequence) or len(bounds) != 2:
            raise UsageError(f"success bounds {column} by (low, high), not by {bounds!r}")
        rules.append({"column": column, "low": bounds[0], "high": bounds[1]})
    valid = re.sub(r"[^A-Za-z0-9._-]+", "-", str(name)).lstrip("._-")[:80] or "loop"
    plain = {key: _json_value(value) for key, value in (options or {}).items()}
    table = {"kind": "recorded", "name": valid, "iterations": iterations, "options": plain}
    given = {
        key: dict(value) if isinstance(value, Mapping) else value
        for key, value in more.items()
        if value
    }
    loop = trained_from(table | {"success": rules} | given, "Monitor")
    assert isinstance(loop, Recorded)
    return loop


def _json_value(value: Any) -> Any:
    """An option as a value of JSON; anything else as its text."""
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def whole_number(value: Any, name: str, minimum: int) -> int:
    """A whole number that is not below a minimum.

    Raises:
        UsageError: It is no whole number, or below the minimum.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = -1
    if isinstance(value, bool) or number < minimum:
        raise UsageError(f"{name} must be a whole number of at least {minimum}, not {value!r}")
    return number


def check_existing(existing: str) -> None:
    """Refuses what is no way to treat a run that exists.

    Raises:
        UsageError: It is none.
    """
    if existing not in ("refuse", "replace", "continue"):
        raise UsageError(f'existing must be "refuse", "replace" or "continue", not {existing!r}')


def alarms(names: Collection[Alarm]) -> frozenset[str]:
    """The verdicts on which to stop.

    Raises:
        UsageError: One of them is no alarm.
    """
    listed = isinstance(names, Collection) and not isinstance(names, str)
    if not listed or not all(isinstance(name, str) for name in names):
        raise UsageError(
            f'stop_on must be a list of verdicts, e.g. ["diverging", "dead"], not {names!r}'
        )
    for name in names:
        if name not in ALARMS:
            raise UsageError(must_be_one_of("verdict to stop on", name, ALARMS))
    return frozenset(names)


def to_real_samples(value: Any) -> Samples:
    """Real samples from an array of any framework.

    Raises:
        UsageError: It has no samples, or some that are not finite.
    """
    try:
        real = to_samples(value, "real")
    except ValueError as error:
        raise UsageError(str(error)) from None
    if not np.isfinite(real.values).all():
        raise UsageError("real contains samples that are NaN or infinite; drop them first")
    return real


def to_samples(value: Any, name: str) -> Samples:
    """Samples from an array of any framework and shape [n, ...].

    Raises:
        ValueError: It has no samples.
    """
    hint = hint_of_container(value, name)
    if hint:
        raise ValueError(hint)
    array = to_numpy(value)
    if array.ndim == 0 or not array.size:
        raise ValueError(f"{name} must be samples on the first axis [n, ...], not {array.shape}")
    flat = array.reshape(len(array), -1).astype(np.float32)
    return Samples(flat, array.shape[1:] or (1,), eight_bit=array.dtype == np.uint8)


def to_samples_like(real: Samples | None, value: Any) -> Samples:
    """Generated samples, in the shape of the real ones.

    Raises:
        ValueError: They have another shape or another scale.
    """
    fake = to_samples(value, "fake")
    if real is None:
        return fake
    if _without_singletons(fake.shape) != _without_singletons(real.shape):
        raise ValueError(
            f"fake has samples of shape {fake.shape}, real of {real.shape}; give both one shape"
            + hint_of_columns(real.shape, fake.shape)
        )
    if fake.eight_bit != real.eight_bit:
        which = "fake" if fake.eight_bit else "real"
        raise ValueError(
            f"{which} contains 8-bit integers and the other does not; scale both alike"
        )
    return Samples(fake.values, real.shape, fake.eight_bit)


def _without_singletons(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape without axes of length 1: a single channel or column may stand anywhere."""
    return tuple(length for length in shape if length != 1)
