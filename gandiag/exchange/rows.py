"""The rows of an imported run, and how it ended."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from gandiag.analysis.presence import Presence
from gandiag.columns import ROW, is_loss
from gandiag.exchange.columns import UPDATES, Columns
from gandiag.exchange.log import CleanLog, Log

LOSSES = ("d_loss", "g_loss")


def rows_of(columns: Columns, log: CleanLog) -> Iterator[dict[str, Any]]:
    """One row per step, with the values that were logged."""
    start = min(log.times.values(), default=0.0)
    for step, values in log.values.items():
        row: dict[str, Any] = {"phase": "train", "iteration": step}
        row |= dict.fromkeys(UPDATES)
        row |= {columns.names[t]: value for t, value in values.items() if t in columns.names}
        if step in log.times:
            row["wall_s"] = round(log.times[step] - start, 4)
        yield row


def outcome(rows: Sequence[Mapping[str, Any]]) -> tuple[str, int | None]:
    """Diverged and since which step, if the last losses (or else any columns) are not finite."""
    logged = {name for row in rows for name in row}
    names = [name for name in LOSSES if name in logged] or sorted(logged - ROW)
    starts = [non_finite_since(rows, name) for name in names]
    since = [step for step in starts if step is not None]
    return ("diverged", min(since)) if since else ("completed", None)


def non_finite_since(rows: Sequence[Mapping[str, Any]], name: str) -> int | None:
    """The step since which a column is lost; None if it is finite, or only not measured."""
    told = [(int(row["iteration"]), row[name]) for row in rows if row.get(name) is not None]
    presence = Presence()
    if told:
        presence.take(np.array([step for step, _ in told]), np.array([float(v) for _, v in told]))
    return presence.lost(loss=is_loss(name))


def notes_of(log: Log, columns: Columns, settled: CleanLog) -> dict[str, str]:
    """Notes on an imported run: its source, and what was renamed or dropped."""
    notes = {"imported": f"{log.kind}, {log.source}"}
    if columns.renamed:
        notes["columns"] = ", ".join(f"{ours} is {tag}" for ours, tag in columns.renamed.items())
    if settled.repeated:
        notes["repeated"] = f"{settled.repeated} values, of which the last of a step stands"
    if settled.superseded:
        notes["resumed"] = f"{settled.superseded} values undone by what was logged after a restart"
    return notes


def digest(rows: Sequence[Mapping[str, Any]]) -> str:
    """A hash of the rows, which identifies the run."""
    return hashlib.sha256(repr(rows).encode()).hexdigest()
