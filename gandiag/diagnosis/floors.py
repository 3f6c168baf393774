"""What samples should read, from the floors that were recorded beside what they do read."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count, takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = Mapping[str, NDArray[np.float64]]

SHARES = {"mode_share": "mode", "class_share": "class", "histogram": "mode"}
"""The vectors of shares, and what each is a share of; the last is what our metrics call theirs."""

KNOWN = "modes_known"
"""How many modes there are, where they are too many to record the share of each."""


def of_floors(columns: Columns) -> dict[str, Any]:
    """The fields of `Expected` that the floors of the recorded columns tell.

    The moments and the spread of the real samples, and the shares of known modes or classes. Only
    the first value of every floor counts: what is recorded later changes nothing.

    Args:
        columns: The series by name.
    """
    axes = _axes(columns)
    mean, std = ([_first(columns, f"{name}{axis}_floor") or 0.0 for axis in axes] for name in
                 ("mean", "std"))  # fmt: skip
    return {
        "mean": np.array(mean, dtype=np.float64),
        "std": np.array(std, dtype=np.float64),
        "spread": _first(columns, "spread_floor"),
    } | _of_shares(columns)


def _axes(columns: Columns) -> list[str]:
    if all(_first(columns, name) is not None for name in ("mean_floor", "std_floor")):
        return [""]
    return [f"_{k}" for k in range(3) if _first(columns, f"mean_{k}_floor") is not None]


def _of_shares(columns: Columns) -> dict[str, Any]:
    for vector, noun in SHARES.items():
        floors = (_first(columns, f"{vector}_{k}_floor") for k in count())
        shares = np.array(list(takewhile(lambda share: bool(share), floors)), dtype=np.float64)
        if len(shares) > 1 and abs(shares.sum() - 1) < 1e-3:
            names = tuple(f"{noun} {k}" for k in range(len(shares)))
            return {"modes": names, "shares": shares, "share_column": vector}
    known = _first(columns, KNOWN)
    if known is None or known < 1:
        return {}
    names = tuple(f"mode {k}" for k in range(int(known)))
    return {"modes": names, "shares": np.full(len(names), 1 / len(names))}


def _first(columns: Columns, name: str) -> float | None:
    """The first finite value of a column, or None where there is none."""
    values = columns.get(name)
    known = values[np.isfinite(values)] if values is not None else np.empty(0)
    return float(known[0]) if len(known) else None
