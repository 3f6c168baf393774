"""MLflow's file store: a folder for each run, a file for each metric, a line for each value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gandiag.errors import UsageError
from gandiag.exchange.log import Log, Point

KIND = "mlflow"


def locate(path: Path) -> list[Path]:
    """Locates the runs at or below a path, oldest first; not those that were deleted."""
    folders = [path, *(file.parent for file in path.rglob("meta.yaml"))] if path.is_dir() else []
    runs = {f for f in folders if (f / "meta.yaml").is_file() and (f / "metrics").is_dir()}
    return sorted((run for run in runs if ".trash" not in run.parts), key=_start)


def read(path: Path, step: str | None = None) -> list[Log]:
    """Reads the metrics of a run.

    Args:
        path: The run's folder.
        step: Not used: every value has one step.

    Raises:
        UsageError: There are none, or a line is not ``timestamp value step``.
    """
    files = sorted(file for file in (path / "metrics").rglob("*") if file.is_file())
    points = tuple(point for file in files for point in _points(file, path / "metrics"))
    if not points:
        raise UsageError(f"{path} contains no metrics")
    return [Log(str(path), KIND, points)]


def _points(file: Path, root: Path) -> Iterator[Point]:
    tag = file.relative_to(root).as_posix()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            time, value, *step = line.split()  # the oldest versions wrote no step
            yield Point(
                int(step[0]) if step else 0, tag, float(value), int(time) / 1000, f"line {number}"
            )
        except ValueError:
            raise UsageError(
                f"{file}, line {number}: {line!r} is not 'timestamp value step', as MLflow writes"
            ) from None


def _start(run: Path) -> tuple[int, str]:
    text = (run / "meta.yaml").read_text(encoding="utf-8", errors="replace")
    started = re.search(r"^start_time:\s*(\d+)", text, re.MULTILINE)
    return (int(started[1]) if started else 0, run.name)
