"""Writes a store's series and runs as files that other tools read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gandiag.errors import StoreError, UsageError, must_be_one_of
from gandiag.exchange import tensorboard
from gandiag.store.journal import read_journal
from gandiag.store.loading import load

if TYPE_CHECKING:
    import pyarrow as pa

    from gandiag.store.results import Results

Progress = Callable[[str], None]
Row = Mapping[str, Any]


def export(
    directory: Path, kind: str, out: Path, progress: Progress = lambda message: None
) -> list[Path]:
    """Writes the runs of a store in another format: all of them, or nothing.

    Args:
        directory: The store.
        kind: ``"csv"`` or ``"parquet"``: the files ``series`` and ``runs``; ``"tensorboard"``:
            a folder with an event file for each run, with the columns as tags.
        out: The folder; it must not exist yet.
        progress: Called with a message at every run.

    Returns:
        The paths of the files within that folder.

    Raises:
        UsageError: There is no store or no such format, or the folder cannot be written.
    """
    if kind not in FORMATS:
        raise UsageError(must_be_one_of("format", kind, FORMATS))
    results = load(directory)
    try:
        with _complete_or_absent(out) as draft:
            FORMATS[kind](results, draft, progress)
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror or error}") from None
    return sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())


def _csv(results: Results, out: Path, progress: Progress) -> None:
    from pyarrow.csv import write_csv

    write_csv(_table(results, progress), out / "series.csv")
    results.runs.to_csv(out / "runs.csv", index=False)


def _parquet(results: Results, out: Path, progress: Progress) -> None:
    from pyarrow.parquet import write_table

    write_table(_table(results, progress), out / "series.parquet", compression="zstd")
    results.runs.to_parquet(out / "runs.parquet")


def _tensorboard(results: Results, out: Path, progress: Progress) -> None:
    runs: list[Any] = results.runs.to_dict("records")
    for number, run in enumerate(runs, 1):
        progress(f"writing run {run['run']} ({number} of {len(runs)})")
        began = datetime.fromisoformat(run["started"]).timestamp() if run["started"] else 0.0
        folder = out / run["directory"]
        folder.mkdir()
        tensorboard.write(folder, (_event(row, began) for row in _rows(results, run)))


FORMATS = {"csv": _csv, "parquet": _parquet, "tensorboard": _tensorboard}


def _event(row: Row, began: float) -> tuple[float, int, dict[str, float]]:
    """A row as an event of TensorBoard; outside the game, the tags begin with the phase."""
    prefix = "" if row["phase"] == "train" else f"{row['phase']}/"
    excluded = {"seed", "iteration", "wall_s"}
    values = {
        prefix + name: float(value)
        for name, value in row.items()
        if name not in excluded and isinstance(value, int | float) and not isinstance(value, bool)
    }
    return began + float(row.get("wall_s") or 0.0), int(row["iteration"]), values


def _table(results: Results, progress: Progress) -> pa.Table:
    """The series; null is what was not recorded, and NaN what was recorded as NaN."""
    import pyarrow as pa

    runs: list[Any] = results.runs.to_dict("records")
    rows: list[Row] = []
    for number, run in enumerate(runs, 1):
        progress(f"reading run {run['run']} ({number} of {len(runs)})")
        head = {"run": run["run"], "point": run["point"]}
        rows += [head | dict(row) for row in _rows(results, run)]
    names = [str(name) for name in results.series.columns]
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def _rows(results: Results, run: Row) -> list[Row]:
    """The rows of a run as they were written: a pandas table does not distinguish null from NaN."""
    try:
        rows: list[Row] = list(read_journal(results.directory / run["directory"]))
    except StoreError:
        rows = []
    if rows:
        return rows
    series = results.series[results.series["run"] == run["run"]].drop(columns=["run", "point"])
    records: list[Any] = series.to_dict("records")
    return [{n: v for n, v in row.items() if v is not None and v == v} for row in records]


@contextmanager
def _complete_or_absent(out: Path) -> Iterator[Path]:
    """A temporary folder to write in, renamed to ``out`` once everything is written.

    Raises:
        UsageError: ``out`` exists.
    """
    if out.exists():
        raise UsageError(f"{out} already exists; choose another folder with -o, or remove it")
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    draft.mkdir()
    try:
        yield draft
        draft.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
