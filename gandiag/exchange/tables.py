"""Tables of steps and values: of anyone, of W&B and of MLflow's export."""

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
"""What a column of steps is called, the best first; in large letters or small."""

RUNS = ("run id", "run_id", "run")
"""What a column is called that tells runs apart."""

SECONDS = ("_runtime", "_timestamp", "wall time", "wall_time", "wall_s", "relative time (process)")
LONG = {"metric", "step", "value"}
"""The columns of MLflow's export, which has a line a value."""


def find(path: Path) -> list[Path]:
    """The tables at or right below a place."""
    files = [path] if path.is_file() else sorted(path.iterdir()) if path.is_dir() else []
    return [file for file in files if file.suffix.lower() in READERS]


def read(path: Path, step: str | None = None) -> list[Log]:
    """Reads a table; one that tells runs apart in a column is as many logs.

    Args:
        path: The file.
        step: The column of the steps, where it is not clear.

    Raises:
        UsageError: It cannot be read, or has no column of steps.
    """
    kind, lines = READERS[path.suffix.lower()](path)
    if not lines:
        raise UsageError(f"{path} holds no values")
    columns = list(dict.fromkeys(name for line in lines for name in line.cells))
    runs = _named(columns, RUNS)
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
    if {name.lower() for name in columns} >= LONG and _named(columns, RUNS):
        return Log(source, "mlflow", tuple(_of_long(path, lines, columns)))
    steps = _steps(path, columns, step)
    points = tuple(_of_wide(path, lines, columns, steps))
    if not points:
        raise UsageError(f"{source} holds no numbers beside {steps!r}")
    return Log(source, kind, points)


def _of_wide(path: Path, lines: Sequence[Line], columns: list[str], steps: str) -> Iterator[Point]:
    """A column a tag. One whose first cell is no number holds none; no later cell may fail."""
    seconds = _named(columns, SECONDS)
    aside = {steps, seconds, _named(columns, RUNS), ""}
    numeric = {name: False for name in aside if name is not None}
    for number, cells in lines:
        place = f"line {number}"
        at = _step(path, place, steps, cells.get(steps))
        time = number_of(cells.get(seconds)) if seconds else None
        for name, cell in cells.items():
            if name.startswith("_") or _empty(cell) or not numeric.get(name, True):
                continue
            value = number_of(cell)
            if value is None and numeric.get(name):
                raise UsageError(f"{path}, {place}: {cell!r} in column {name!r} is no number")
            numeric[name] = value is not None
            if value is not None:
                yield Point(at, name, value, time, place)


def _of_long(path: Path, lines: Sequence[Line], columns: list[str]) -> Iterator[Point]:
    """A line a value, as MLflow's export of a chart has it."""
    own = {name.lower(): name for name in columns}
    for number, cells in lines:
        place = f"line {number}"
        value, time = (number_of(cells.get(own.get(n, n))) for n in ("value", "timestamp"))
        if value is None:
            raise UsageError(f"{path}, {place}: {cells.get(own['value'])!r} is no number")
        at = _step(path, place, own["step"], cells.get(own["step"]))
        yield Point(at, str(cells[own["metric"]]), value, time and time / 1000, place)


def _named(columns: Sequence[str], names: Sequence[str]) -> str | None:
    """The column that bears one of these names, the first name first."""
    small = {column.lower(): column for column in reversed(columns)}
    return next((small[name] for name in names if name in small), None)


def _steps(path: Path, columns: list[str], asked: str | None) -> str:
    if asked is not None and asked not in columns:
        raise UsageError(f"{path}: {must_be_one_of('column', asked, columns)}")
    found = asked or _named(columns, STEPS)
    if found is None:
        raise UsageError(
            f"{path} has no column called step, iteration or epoch; say which counts the steps "
            f"with --step. There are: {', '.join(columns)}"
        )
    return found


def _step(path: Path, place: str, name: str, cell: Any) -> int:
    number = number_of(cell)
    if number is None or number != number // 1 or number < 0:
        raise UsageError(f"{path}, {place}: {cell!r} in column {name!r} is no number of a step")
    return int(number)


def _empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
