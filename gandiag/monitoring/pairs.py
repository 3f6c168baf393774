"""What to do about samples that come with labels, or in another container than an array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def hint_of_container(value: Any, name: str) -> str | None:
    """What to hand in instead, if a value is no array but something that contains samples.

    Args:
        value: What was handed in as samples.
        name: ``"real"`` or ``"fake"``.
    """
    if hasattr(value, "__array__") and not hasattr(value, "select_dtypes"):
        return None
    kind = type(value).__name__
    if _is_pair(value):
        return f"{name} is a pair, as of samples and labels; give the samples alone: {name}=x"
    if hasattr(value, "batch_size") and hasattr(value, "dataset"):
        return (
            f"{name} is a {kind}; give an array, e.g. {name}=np.concatenate([x for x, _ in loader])"
        )
    if hasattr(value, "select_dtypes"):  # a table of pandas
        others = list(map(str, value.select_dtypes(exclude=["number", "bool"]).columns))
        if others:
            return (
                f"{name} has columns that are not numbers ({', '.join(others[:5])}); encode them "
                f'or leave them out, e.g. {name}=table.select_dtypes("number")'
            )
    first = _first(value)
    if _is_pair(first):
        return (
            f"{name} consists of pairs, as of a sample and its label; give the samples alone, "
            f"e.g. {name}=np.stack([x for x, _ in data])"
        )
    return None


def hint_of_columns(real: tuple[int, ...], fake: tuple[int, ...]) -> str:
    """A guess why vectors of samples have different lengths; empty if there is none."""
    if len(real) != 1 or len(fake) != 1 or 1 in (*real, *fake):
        return ""
    more, other = ("real", "fake") if real > fake else ("fake", "real")
    number = abs(real[0] - fake[0])
    columns = "a column" if number == 1 else f"{number} columns"
    return f"; {more} has {columns} more than {other}: are labels appended to it alone?"


def _is_pair(value: Any) -> bool:
    """Whether a value is samples or a sample, and labels: two things of different shapes."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        return False
    shapes = [_shape(part) for part in value]
    arrays = isinstance(value, tuple) and all(hasattr(part, "shape") for part in value)
    return len(shapes[0]) > 0 and (arrays or shapes[0] != shapes[1])


def _shape(part: Any) -> tuple[int, ...]:
    shape = getattr(part, "shape", None)
    if shape is not None:
        return tuple(shape)
    return (len(part),) if isinstance(part, list | tuple) else ()


def _first(value: Any) -> Any:
    """The first element of a list or a data set; None if it has none."""
    sequence = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    dataset = hasattr(value, "__getitem__") and hasattr(value, "__len__")
    if not sequence and (not dataset or hasattr(value, "shape") or isinstance(value, dict)):
        return None
    try:
        return value[0]
    except Exception:  # a user's data set may fail in any way
        return None
