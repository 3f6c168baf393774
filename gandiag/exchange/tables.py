"""Tables of steps and values: of any tool, of W&B, and of MLflow's export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gandiag.errors import UsageError, must_be_one_of
from gandiag.exchange.log import Log, Point
from gandiag.exchange.table_files import READERS, Line, number_of

STEPS = (
    "step", "_step", "global_step", "iteration", "iterations", "iter", "it", "batch", "epoch",
)  # fmt: skip
"""Names of a column of steps, the best first, in upper or lower case."""

RUNS = ("run id", "run_id", "run")
"""Names of a column that identifies the run."""

SECONDS = ("_runtime", "_timestamp", "wall time", "wall_time", "wall_s", "relative time (process)")
LONG = {"metric", "step", "value"}
"""The columns of MLflow's export, which has a line for each value."""


def locate(path: Path) -> list[Path]:
    """Locates the tables at a path, or directly in a folder."""
    files = [path] if path.is_file() else sorted(path.iterdir()) if path.is_dir() else []
    return [file for file in files if file.suffix.lower() in READERS]


def read(path: Path, step: str | None = None) -> list[Log]:
    """Reads a table as one log, or as one for each run if a column identifies the runs.

    Args:
        path: The file.
        step: The column of the steps, if the user has named one.

    Raises:
        UsageError: It cannot be read, or has no column of steps.
    """
    kind, lines = READERS[path.suffix.lower()](path)
    if not lines:
        raise UsageError(f"{path} contains no values")
    columns = list(dict.fromkeys(name for line in lines for name in line.cells))
    runs = _first_column(columns, RUNS)
    logs: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        logs[str(line.cells.get(runs, "")) if runs else ""].append(line)
    if len(logs) == 1:
        return [_log(path, str(path), kind, lines, columns, step)]
    return [
        _log(path, f"{path}, run {run}", kind, part, columns, step) for run, part in logs.items()
    ]


def _log(
    path: Path, source: str, kind: str, lines: Sequence[Line], columns: list[str], step: str | None
) -> Log:
    if {name.lower() for name in columns} >= LONG and _first_column(columns, RUNS):
        return Log(source, "mlflow", tuple(_long_points(path, lines, columns)))
    steps = _step_column(path, columns, step)
    points = tuple(_wide_points(path, lines, columns, steps))
    if not points:
        raise UsageError(f"{source} contains no numbers besides {steps!r}")
    return Log(source, kind, points)


def _wide_points(
    path: Path, lines: Sequence[Line], columns: list[str], steps: str
) -> Iterator[Point]:
    """A column for each tag. If its first cell is a number, every cell must be one."""
    seconds = _first_column(columns, SECONDS)
    excluded = {steps, seconds, _first_column(columns, RUNS), ""}
    numeric = {name: False for name in excluded if name is not None}
    for number, cells in lines:
        place = f"line {number}"
        at = _step(path, place, steps, cells.get(steps))
        time = number_of(cells.get(seconds)) if seconds else None
        for name, cell in cells.items():
            if name.startswith("_") or _empty(cell) or not numeric.get(name, True):
                continue
            value = number_of(cell)
            if value is None and numeric.get(name):
                raise UsageError(f"{path}, {place}: {cell!r} in column {name!r} is not a number")
            numeric[name] = value is not None
            if value is not None:
                yield Point(at, name, value, time, place)


def _long_points(path: Path, lines: Sequence[Line], columns: list[str]) -> Iterator[Point]:
    """A line for each value, as in MLflow's export of a chart."""
    own = {name.lower(): name for name in columns}
    for number, cells in lines:
        place = f"line {number}"
        value, time = (number_of(cells.get(own.get(n, n))) for n in ("value", "timestamp"))
        if value is None:
            raise UsageError(f"{path}, {place}: {cells.get(own['value'])!r} is not a number")
        at = _step(path, place, own["step"], cells.get(own["step"]))
        yield Point(at, str(cells[own["metric"]]), value, time and time / 1000, place)


def _first_column(columns: Sequence[str], names: Sequence[str]) -> str | None:
    """The column with the first of these names that there is, whatever its case."""
    by_name = {column.lower(): column for column in reversed(columns)}
    return next((by_name[name] for name in names if name in by_name), None)


def _step_column(path: Path, columns: list[str], asked: str | None) -> str:
    if asked is not None and asked not in columns:
        raise UsageError(f"{path}: {must_be_one_of('column', asked, columns)}")
    name = asked or _first_column(columns, STEPS)
    if name is None:
        raise UsageError(
            f"{path} has no column called step, iteration or epoch; name the one that counts the "
            f"steps with --step. Available: {', '.join(columns)}"
        )
    return name


def _step(path: Path, place: str, name: str, cell: Any) -> int:
    number = number_of(cell)
    if number is None or number != number // 1 or number < 0:
        raise UsageError(
            f"{path}, {place}: {cell!r} in column {name!r} is not the number of a step"
        )
    return int(number)


def _empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
