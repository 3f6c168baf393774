"""Which values did each run end with?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gandiag.columns import current
from gandiag_html.column_selection import MOST_COLUMNS, metric_columns
from gandiag_html.configurations import Configuration
from gandiag_html.formatting import NOTHING, capitalized, duration, listing, measured, number
from gandiag_html.outcomes import Kind, Outcome, cell
from gandiag_html.panels.panel import Panel
from gandiag_html.privacy import redact

if TYPE_CHECKING:
    from gandiag.store.results import Results

WORDS = {"se": "standard error"}
HASH = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{20,}\b")
EVALUATOR, CLASSIFIER, MONITOR = "evaluator", "digit classifier", "monitor"
"""Keys of notes: the feature extractors of the samples, and problems of the monitor."""

IMPORTED = {
    "imported": "Imported from",
    "columns": "Renamed",
    "repeated": "Repeated steps",
    "resumed": "Resumed",
}
"""The keys of notes of an imported run, and how they are introduced."""


@dataclass(frozen=True)
class Measured:
    """A measured value with its standard error and its floor."""

    value: str
    se: str = ""
    floor: str = ""


@dataclass(frozen=True)
class Row:
    """A run in the table."""

    seed: int
    backend: str
    point: str
    kind: Kind
    status: str
    success: str
    best: str
    cells: Sequence[Measured]
    verdict: str
    wall: str
    run: str


def runs(configurations: Sequence[Configuration], results: Results) -> Panel:
    """The table of all runs, with notes on how its values were measured."""
    outcomes = [one for configuration in configurations for one in configuration.outcomes]
    notes = dict(results.provenance.get("notes") or {})
    columns = list(
        dict.fromkeys(name for configuration in configurations for name in _columns(configuration))
    )
    rows = [_row(one, columns) for one in outcomes]
    context = {
        "rows": rows,
        "columns": columns,
        "missing": NOTHING,
        "notes": _notes(notes),
        "problems": [
            _monitor_problem(key, str(text))
            for key, text in notes.items()
            if _is_monitor_problem(key)
        ],
        "through": measured_through(results),
        "points": any(row.point for row in rows),
        "best": any(row.best for row in rows),
        "verdicts": any(row.verdict for row in rows),
        "errors": any(cell.se for row in rows for cell in row.cells),
        "floors": any(cell.floor for row in rows for cell in row.cells),
    }
    return Panel("runs", "All runs", "Runs", context)


def _notes(notes: Mapping[str, str]) -> list[str]:
    """How the runs were imported, and why something is not in the table, by reason."""
    imported = [f"{IMPORTED[key]}: {redact(str(notes[key]))}." for key in IMPORTED if key in notes]
    missing: dict[str, list[str]] = {}
    for name, reason in notes.items():
        if _is_monitor_problem(name) or name in (EVALUATOR, CLASSIFIER, *IMPORTED):
            continue
        missing.setdefault(str(reason), []).append(f"no {WORDS.get(name, name)}")
    return imported + [
        f"{capitalized(listing(what))}: {reason}." for reason, what in missing.items()
    ]


def _is_monitor_problem(key: str) -> bool:
    """Whether a note describes something that the monitor could not record."""
    return key == MONITOR or key.startswith(f"{MONITOR}: ")


def _monitor_problem(key: str, text: str) -> str:
    return redact(f"it {text}" if key == MONITOR else text)


def measured_through(results: Results) -> str:
    """The feature extractor that the samples were measured through; empty without one."""
    notes = results.provenance.get("notes") or {}
    if EVALUATOR in notes:
        return redact(f"the features of {notes[EVALUATOR]}")
    if CLASSIFIER not in notes:
        return ""
    short = HASH.sub(r"\1…", str(notes[CLASSIFIER]))
    return f"gandiag's classifier of digits ({short})"


def _columns(configuration: Configuration) -> list[str]:
    """The columns to show: metrics of the samples, and the columns of the success rules."""
    return [
        *metric_columns(configuration)[:MOST_COLUMNS],
        *(current(rule.column) for rule in configuration.experiment.success),
    ]


def _row(one: Outcome, columns: Sequence[str]) -> Row:
    wall, ruled = cell(one.row, "wall_s"), bool(one.experiment.success)
    return Row(
        seed=one.seed,
        backend=str(one.row["backend"]),
        point=str(one.row["point"]),
        kind=one.kind,
        status=_status(one),
        success={"reached": "yes", "failed": "no"}.get(one.kind, "") if ruled else "",
        best=_best(one),
        cells=[_measured(one, name) for name in columns],
        verdict=str(cell(one.row, "verdict") or ""),
        wall=NOTHING if wall is None else duration(float(wall)),
        run=one.run,
    )


def _status(one: Outcome) -> str:
    at = cell(one.row, "diverged_at")
    if one.status == "diverged" and at is not None:
        return f"diverged at {int(at):,}"
    if one.stopped_at is not None:
        return f"stopped at {one.stopped_at:,}"
    return one.status.replace("-", " ")


def _best(one: Outcome) -> str:
    """The best value by the stopping rule and its iteration; empty without a stopping rule."""
    if one.best_at is None:
        return ""
    value, column = number(float(one.row["best_value"])), one.row["best_column"]
    where = f"at {one.best_at:,}" if one.best_at else "at 0, untrained"
    return f"{column} {value} {where}"


def _measured(one: Outcome, name: str) -> Measured:
    value = one.final(name)
    if not len(one.series) or not np.isfinite(value):
        return Measured(number(value) if len(one.series) else NOTHING)
    error, floor = one.final(f"{name}_se"), one.final(f"{name}_floor")
    shown, se = measured(value, error if np.isfinite(error) else None)
    return Measured(shown, se, number(floor, 2) if np.isfinite(floor) else "")
