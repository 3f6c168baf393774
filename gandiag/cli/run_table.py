"""Runs as rows: the table that ``sweep`` and ``ls`` print, and the same rows as plain data."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gandiag.analysis.success import settled
from gandiag.cli.columns import json_columns, table_columns
from gandiag.cli.json_output import native
from gandiag.columns import SAMPLED

if TYPE_CHECKING:
    import pandas as pd

    from gandiag.store.results import Results

PIPE_WIDTH = 200
"""Characters per line of a table that is not printed to a terminal."""

SUCCESS = {True: "yes", False: "no", None: "–"}


def print_runs(results: Results, runs: pd.DataFrame) -> None:
    """Prints a table of runs."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    rows = records(results, runs)
    metrics = table_columns(results, rows, {str(name) for name in runs.columns})
    cells = _cells(rows) | {name: [_number(row.get(name)) for row in rows] for name in metrics}
    cells["run"] = [row["run"][:8] for row in rows]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in cells:
        numeric = heading in ("seed", *metrics)
        table.add_column(
            escape(heading), justify="right" if numeric else "left", no_wrap="point" not in cells
        )
    for row_cells in zip(*cells.values(), strict=True):
        table.add_row(*row_cells)
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH).print(table)


def records(results: Results, runs: pd.DataFrame) -> list[dict[str, Any]]:
    """The runs as plain data, with the final values of their metrics.

    A final value is the mean over the last tenth of the log points, as in the success rule.
    """
    series = results.series
    training = series[series["phase"] == "train"]
    names = json_columns(results)
    by_run = dict(list(training.groupby("run"))) if len(training) else {}
    rows = []
    for run in runs.to_dict("records"):
        row = facts(run)
        if run["run"] in by_run:
            row |= {name: _final_value(by_run[run["run"]], name) for name in names}
        rows.append(row)
    return rows


def facts(run: Mapping[Any, Any]) -> dict[str, Any]:
    """A row of the table of runs as plain data; nothing in it is measured, so NaN means missing."""
    row = {name: native(value) for name, value in run.items()}
    return {name: None if value != value else value for name, value in row.items()}


def best(row: Mapping[str, Any]) -> str:
    """The best value by the stopping rule, and its iteration; empty without such a rule."""
    at = native(row.get("best_at"))
    if at is None:
        return ""
    return f"{_number(row['best_value'])} at {at:,}" + ("" if at else ", untrained")


def _cells(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The text of the columns that are not measured, by heading."""
    cells = {
        "seed": [str(row["seed"]) for row in rows],
        "backend": [row["backend"] for row in rows],
        "point": [row["point"] for row in rows],
        "status": [_status(row) for row in rows],
        "success": [SUCCESS[row["success"]] for row in rows],
        "verdict": [row["verdict"] or "–" for row in rows],
    }
    for name in ("point", "verdict"):
        if not any(row[name] for row in rows):
            del cells[name]
    for name in dict.fromkeys(row["best_column"] for row in rows if best(row)):
        cells[f"best {name}"] = [best(row) if row["best_column"] == name else "–" for row in rows]
    return cells


def _final_value(series: pd.DataFrame, name: str) -> float:
    values = series[name].to_numpy(float)
    known = values[values == values]
    if 0 < 2 * len(known) < len(values):  # costly metrics are measured only at some log points
        return settled(known)
    return settled(values, series[SAMPLED].to_numpy(float) if SAMPLED in series else None)


def _status(row: Mapping[str, Any]) -> str:
    for how in ("diverged", "stopped"):
        if row.get(f"{how}_at") is not None:
            return f"{how} at {row[f'{how}_at']:,}"
    return str(row["status"])


def _number(value: Any, digits: int = 3) -> str:
    if value is None:
        return "–"
    if 0 < abs(value) < 0.5 * 10**-digits:
        return f"{value:.2g}"
    return f"{value:.{digits}f}" if math.isfinite(value) else str(value)
