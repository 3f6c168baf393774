"""Reads a store into pandas frames; needs no framework, and writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gandiag.analysis.stopping import best
from gandiag.columns import current
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
    "success": "boolean",  # unknown has to stay apart from no: neither NaN nor False says it
    "verdict": "object",
    "iteration": "int64",
    "iterations": "Int64",  # of a loop that is not ours, nobody may know
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
"""The columns of the runs; text that can be missing is an object or None."""


def load(directory: str | Path) -> Results:
    """Reads the runs of a store.

    Args:
        directory: Where ``gandiag sweep`` put them, e.g. ``"runs/devnag-1d"``.

    Returns:
        The runs and their series, finished or not. A run whose process is gone is
        ``"interrupted"``; one whose journal is damaged is there without a series.

    Raises:
        StoreError: There is no store, or it was written by a newer version.
    """
    store = Store(Path(directory))
    experiments = store.experiments()
    known = [item for item in store.runs() if item[1].point in experiments]
    held = sorted(known, key=lambda item: _order(item[1]))
    series = [_series(path, manifest) for path, manifest in held]
    rows = [
        _run_row(path, manifest, frame, experiments)
        for (path, manifest), frame in zip(held, series, strict=True)
    ]
    return Results(
        directory=store.directory,
        experiments=experiments,
        runs=_runs_frame(rows),
        series=_joined(series),
        provenance=_provenance([manifest for _, manifest in held]),
        data={point: _data(point, trained, held) for point, trained in experiments.items()},
    )


def _data(point: str, trained: Trained, held: list[tuple[Path, Manifest]]) -> Data | Samples:
    """What the runs of a point are compared with."""
    if isinstance(trained, Experiment):
        return trained.data
    for path, manifest in held:
        if manifest.point == point and (path / REAL).exists():
            try:
                kept = read_arrays(path / REAL, "values", "shape")
            except StoreError:  # the report can do without
                continue
            return Samples(kept["values"], tuple(int(k) for k in kept["shape"]))
    return Samples(np.empty((0, 0), np.float32))


def _order(manifest: Manifest) -> tuple[str, str, int]:
    return (manifest.point, manifest.identity.backend, manifest.identity.seed)


def read_series(directory: Path) -> pd.DataFrame:
    """What was recorded of a run, a row a log point; empty where nothing of it can be read."""
    import pandas as pd

    try:
        return pd.read_parquet(directory / SERIES).rename(columns=current)
    except (OSError, ValueError):  # not there yet, or damaged
        return _journal(directory)


def _series(path: Path, manifest: Manifest) -> pd.DataFrame:
    frame = read_series(path)
    if not frame.empty:
        frame.insert(0, "run", manifest.run)
        frame.insert(1, "point", manifest.point)
    return frame


def _journal(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.DataFrame(read_journal(path))
    except (StoreError, OSError):
        return pd.DataFrame()


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    filled = [frame.dropna(axis="columns", how="all") for frame in frames if not frame.empty]
    if not filled:
        return pd.DataFrame(columns=list(FIRST_COLUMNS))
    columns = list(dict.fromkeys(c for frame in frames for c in frame.columns))
    return pd.concat(filled, ignore_index=True).reindex(columns=columns)


def _run_row(
    path: Path, manifest: Manifest, series: pd.DataFrame, experiments: dict[str, Trained]
) -> dict[str, Any]:
    identity = manifest.identity
    gone = manifest.status == "running" and not is_locked(path)
    playing = series[series["phase"] == "train"] if len(series) else series
    return {
        "run": manifest.run,
        "point": manifest.point,
        "seed": identity.seed,
        "backend": identity.backend,
        "status": "interrupted" if gone else manifest.status,
        "success": manifest.success,
        "verdict": manifest.verdict,
        "iteration": int(playing["iteration"].max()) if len(playing) else 0,
        "iterations": experiments[manifest.point].iterations,
        "diverged_at": manifest.diverged_at,
        "stopped_at": manifest.stopped_at,
        **_best(experiments[manifest.point], playing, manifest.diverged_at),
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


def _best(trained: Trained, playing: pd.DataFrame, diverged_at: int | None) -> dict[str, Any]:
    """The best log point by the stopping rule, whose weights it keeps: none after a divergence."""
    wanted = trained.stopping if isinstance(trained, Experiment) else None
    rule = wanted.watching(list(playing.columns)) if wanted else None
    if rule is None or rule.column is None:
        return {}
    alive = playing if diverged_at is None else playing[playing["iteration"] < diverged_at]
    values = alive[rule.column].to_numpy(np.float64, na_value=np.nan)
    at = best(values, rule)
    if at is None:
        return {}
    iteration = int(alive["iteration"].iloc[at])
    return {"best_at": iteration, "best_value": float(values[at]), "best_column": rule.column}


def _runs_frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(RUN_COLUMNS), dtype=object).astype(RUN_COLUMNS)


def _provenance(manifests: list[Manifest]) -> dict[str, Any]:
    """What is needed to repeat it, of all runs together."""
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
