"""MLflow's file store: a folder a run, a file a metric, a line ``timestamp value step`` a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gandiag.errors import UsageError
from gandiag.exchange.log import Log, Point

KIND = "mlflow"


def find(path: Path) -> list[Path]:
    """The runs at or below a place, oldest first; not those in the bin."""
    folders = [path, *(file.parent for file in path.rglob("meta.yaml"))] if path.is_dir() else []
    runs = {f for f in folders if (f / "meta.yaml").is_file() and (f / "metrics").is_dir()}
    return sorted((run for run in runs if ".trash" not in run.parts), key=_order)


def read(path: Path, step: str | None = None) -> list[Log]:
    """Reads the metrics of a run.

    Args:
        path: The run's folder.
        step: Not used: a value has one step.

    Raises:
        UsageError: There are none, or a line is not of that form.
    """
    files = sorted(file for file in (path / "metrics").rglob("*") if file.is_file())
    points = tuple(point for file in files for point in _points(file, path / "metrics"))
    if not points:
        raise UsageError(f"{path} holds no metrics")
    return [Log(str(path), KIND, points)]


def _points(file: Path, root: Path) -> Iterator[Point]:
    tag = file.relative_to(root).as_posix()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            time, value, *step = line.split()  # the oldest versions knew no step
            yield Point(
                int(step[0]) if step else 0, tag, float(value), int(time) / 1000, f"line {number}"
            )
        except ValueError:
            raise UsageError(
                f"{file}, line {number}: {line!r} is not 'timestamp value step', as MLflow writes"
            ) from None


def _order(run: Path) -> tuple[int, str]:
    text = (run / "meta.yaml").read_text(encoding="utf-8", errors="replace")
    started = re.search(r"^start_time:\s*(\d+)", text, re.MULTILINE)
    return (int(started[1]) if started else 0, run.name)
