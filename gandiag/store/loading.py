"""Reads a store into pandas tables; needs no framework, and writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gandiag.analysis.stopping import best
from gandiag.columns import current_names
from gandiag.data import Data
from gandiag.data.samples import Samples
from gandiag.errors import StoreError
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.recorded import Trained
from gandiag.store.files import read_arrays
from gandiag.store.journal import read_journal
from gandiag.store.locking import is_locked
from gandiag.store.manifest import Manifest
from gandiag.store.results import Results
from gandiag.store.run import REAL, SERIES
from gandiag.store.store import Store

if TYPE_CHECKING:
    import pandas as pd

FIRST_COLUMNS = ("run", "point", "seed", "backend", "phase", "iteration", "d_updates", "g_updates")

RUN_COLUMNS = {
    **dict.fromkeys(("run", "point"), "str"),
    "seed": "int64",
    **dict.fromkeys(("backend", "status"), "str"),
    "success": "boolean",  # nullable: "unknown" is neither NaN nor False
    "verdict": "object",
    "iteration": "int64",
    "iterations": "Int64",  # unknown for some loops of your own
    "diverged_at": "Int64",
    "stopped_at": "Int64",
    "best_at": "Int64",
    "best_value": "float64",
    "best_column": "object",
    "error": "object",
    "wall_s": "float64",
    **dict.fromkeys(("device", "precision"), "str"),
    "width": "int64",
    "mode": "str",
    **dict.fromkeys(("started", "finished"), "object"),
    "directory": "str",
}
"""The columns of the runs and their types; text that can be missing is an object."""


def load(directory: str | Path) -> Results:
    """Reads the runs of a store.

    Args:
        directory: Where ``gandiag sweep`` put them, e.g. ``"runs/devnag-1d"``.

    Returns:
        The runs and their series, finished or not. A run whose process has ended too early is
        ``"interrupted"``; one whose journal is damaged has no series.

    Raises:
        StoreError: There is no store, or it was written by a newer version.
    """
    store = Store(Path(directory))
    experiments = store.experiments()
    stored = [item for item in store.runs() if item[1].point in experiments]
    runs = sorted(stored, key=lambda item: _order(item[1]))
    series = [_series(path, manifest) for path, manifest in runs]
    rows = [
        _run_row(path, manifest, table, experiments)
        for (path, manifest), table in zip(runs, series, strict=True)
    ]
    return Results(
        directory=store.directory,
        experiments=experiments,
        runs=_runs_table(rows),
        series=_concatenated(series),
        provenance=_provenance([manifest for _, manifest in runs]),
        data={point: _data(point, trained, runs) for point, trained in experiments.items()},
    )


def _data(point: str, trained: Trained, runs: list[tuple[Path, Manifest]]) -> Data | Samples:
    """The data that the samples of a grid point are compared with."""
    if isinstance(trained, Experiment):
        return trained.data
    for path, manifest in runs:
        if manifest.point == point and (path / REAL).exists():
            try:
                real = read_arrays(path / REAL, "values", "shape")
            except StoreError:  # the report can do without
                continue
            return Samples(real["values"], tuple(int(k) for k in real["shape"]))
    return Samples(np.empty((0, 0), np.float32))


def _order(manifest: Manifest) -> tuple[str, str, int]:
    return (manifest.point, manifest.identity.backend, manifest.identity.seed)


def read_series(directory: Path) -> pd.DataFrame:
    """The series of a run, one row per log point; empty if nothing of it can be read."""
    import pandas as pd

    try:
        series = pd.read_parquet(directory / SERIES)
        return series.rename(columns=current_names(map(str, series.columns)))
    except (OSError, ValueError):  # not there yet, or damaged
        return _journal(directory)


def _series(path: Path, manifest: Manifest) -> pd.DataFrame:
    table = read_series(path)
    if not table.empty:
        table.insert(0, "run", manifest.run)
        table.insert(1, "point", manifest.point)
    return table


def _journal(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.DataFrame(read_journal(path))
    except (StoreError, OSError):
        return pd.DataFrame()


def _concatenated(tables: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    filled = [table.dropna(axis="columns", how="all") for table in tables if not table.empty]
    if not filled:
        return pd.DataFrame(columns=list(FIRST_COLUMNS))
    columns = list(dict.fromkeys(c for table in tables for c in table.columns))
    return pd.concat(filled, ignore_index=True).reindex(columns=columns)


def _run_row(
    path: Path, manifest: Manifest, series: pd.DataFrame, experiments: dict[str, Trained]
) -> dict[str, Any]:
    identity = manifest.identity
    interrupted = manifest.status == "running" and not is_locked(path)
    training = series[series["phase"] == "train"] if len(series) else series
    return {
        "run": manifest.run,
        "point": manifest.point,
        "seed": identity.seed,
        "backend": identity.backend,
        "status": "interrupted" if interrupted else manifest.status,
        "success": manifest.success,
        "verdict": manifest.verdict,
        "iteration": int(training["iteration"].max()) if len(training) else 0,
        "iterations": experiments[manifest.point].iterations,
        "diverged_at": manifest.diverged_at,
        "stopped_at": manifest.stopped_at,
        **_best(experiments[manifest.point], training, manifest.diverged_at),
        "error": manifest.error,
        "wall_s": manifest.wall_s,
        "device": manifest.device,
        "precision": identity.precision,
        "width": identity.width,
        "mode": identity.mode,
        "started": manifest.started,
        "finished": manifest.finished,
        "directory": path.name,
    }


def _best(trained: Trained, training: pd.DataFrame, diverged_at: int | None) -> dict[str, Any]:
    """The best log point by the stopping rule, whose weights are kept; none after a divergence."""
    stopping = trained.stopping if isinstance(trained, Experiment) else None
    rule = stopping.watching(list(training.columns)) if stopping else None
    if rule is None or rule.column is None:
        return {}
    finite = training if diverged_at is None else training[training["iteration"] < diverged_at]
    values = finite[rule.column].to_numpy(np.float64, na_value=np.nan)
    at = best(values, rule)
    if at is None:
        return {}
    iteration = int(finite["iteration"].iloc[at])
    return {"best_at": iteration, "best_value": float(values[at]), "best_column": rule.column}


def _runs_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(RUN_COLUMNS), dtype=object).astype(RUN_COLUMNS)


def _provenance(manifests: list[Manifest]) -> dict[str, Any]:
    """What is needed to repeat the runs."""
    versions: dict[str, str] = {}
    notes: dict[str, str] = {}
    for manifest in manifests:
        versions |= manifest.identity.versions
        notes |= manifest.notes
    latest = max(manifests, key=lambda m: m.started or "", default=None)
    return {
        "versions": versions,
        "platform": latest.platform if latest else {},
        "command": latest.command if latest else "",
        "notes": notes,
    }
