"""The diagnosis of the runs of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gandiag.analysis.coupling import coupling
from gandiag.analysis.decomposition import rank_terms
from gandiag.analysis.diagnosis import Diagnosis, diagnose
from gandiag.analysis.finding import Finding
from gandiag.analysis.names import ALARMS, Name
from gandiag.analysis.record import Record
from gandiag.diagnosis.records import NO_SERIES, made
from gandiag.store.manifest import FINISHED

if TYPE_CHECKING:
    import pandas as pd

    from gandiag.experiment.recorded import Trained
    from gandiag.store.results import Results

RATES: Mapping[str, tuple[Name, ...]] = {
    "healthy_rate": ("healthy",),
    "collapse_rate": ("collapsed", "partially-collapsed"),
    "oscillation_rate": ("oscillating",),
    "divergence_rate": ("diverging",),
    "dead_rate": ("dead",),
    "off_target_rate": ("off-target",),
    "unconverged_rate": ("unconverged",),
    "undecided_rate": ("undecided",),
    "failure_rate": ALARMS,
}
"""The rates over runs by their names, and the verdicts that each counts."""


@dataclass(frozen=True, eq=False, repr=False)
class DiagnosedRun:
    """A run and its diagnosis.

    Attributes:
        row: Its row among the runs of the store.
        record: What was recorded of it.
        diagnosis: Its verdict, its episodes and its findings.
    """

    row: Mapping[str, Any]
    record: Record
    diagnosis: Diagnosis

    def __repr__(self) -> str:
        """The run and its verdict, for a list of runs."""
        who = " ".join(str(self.row[key]) for key in ("point", "backend") if self.row[key])
        return f"<DiagnosedRun {who} seed {self.row['seed']}: {self.diagnosis.verdict}>"


@dataclass(frozen=True)
class Configuration:
    """The findings over the seeds of one grid point on one backend.

    Attributes:
        point: The label of its point of a grid, or ``""``.
        backend: The backend.
        coupling: Whether G's loss moves with the quality of the samples, over runs.
        term_ranking: Which term of G's loss ranks the runs by their distance from the data.
    """

    point: str
    backend: str
    coupling: Finding
    term_ranking: Finding


def analyze(store: str | Path | Results) -> list[DiagnosedRun]:
    """Diagnoses the runs of a store, as ``gandiag analyze`` does.

    Args:
        store: Where ``gandiag sweep`` or a `Monitor` put them, e.g. ``"runs/devnag-1d"``, or what
            `gandiag.load` gave.

    Returns:
        Every run that has begun, with its row among the runs of the store, its record and its
        diagnosis; ``run.diagnosis.verdict`` holds name, onset, sentence and evidence.

    Raises:
        StoreError: There is no store, or it was written by a newer version.
    """
    from gandiag.store.loading import load
    from gandiag.store.results import Results

    return diagnose_runs(store if isinstance(store, Results) else load(store))


def diagnose_runs(results: Results) -> list[DiagnosedRun]:
    """The diagnosis of every run of a store that has begun."""
    series = results.series
    game = series[series["phase"] == "train"] if len(series) else series
    found = dict(list(game.groupby("run"))) if len(game) else {}
    runs = results.runs[results.runs["status"] != "pending"]
    return [
        _diagnose_run(row, found.get(row["run"]), results.experiments[row["point"]])
        for row in runs.to_dict("records")
    ]


def configurations(runs: Sequence[DiagnosedRun]) -> list[Configuration]:
    """The findings over the runs of each grid point and backend."""
    keys = dict.fromkeys((run.row["point"], run.row["backend"]) for run in runs)
    return [_configuration(key, runs) for key in keys]


def rates(runs: Sequence[DiagnosedRun]) -> dict[str, float]:
    """The part of the runs with each kind of verdict, by the names of `RATES`.

    Every run that has begun is in the denominator, whichever way it ended. Empty without runs.
    """
    names = [run.diagnosis.verdict.name for run in runs]
    if not names:
        return {}
    return {
        rate: sum(name in counted for name in names) / len(names) for rate, counted in RATES.items()
    }


def _configuration(key: tuple[str, str], runs: Sequence[DiagnosedRun]) -> Configuration:
    records = [run.record for run in runs if (run.row["point"], run.row["backend"]) == key]
    with np.errstate(all="ignore"):
        return Configuration(*key, coupling(records), rank_terms(records))


def record_of(row: Mapping[Any, Any], results: Results) -> Record:
    """What was recorded of one run, which may have no log points."""
    series = results.series
    own = series[(series["run"] == row["run"]) & (series["phase"] == "train")]
    return _record_of(row, own if len(own) else None, results.experiments[row["point"]])


def _diagnose_run(
    row: Mapping[Any, Any], series: pd.DataFrame | None, trained: Trained
) -> DiagnosedRun:
    record = _record_of(row, series, trained)
    with np.errstate(all="ignore"):
        return DiagnosedRun(row, record, diagnose(record))


def _record_of(row: Mapping[Any, Any], series: pd.DataFrame | None, trained: Trained) -> Record:
    at = row["diverged_at"]
    diverged = None if at is None or at != at else int(at)
    if series is None:
        record = made(np.empty(0, dtype=np.int64), {}, trained, diverged)
    else:
        record = _record(series, trained, diverged)
    return record.ended() if row["status"] in FINISHED else record


def _record(series: pd.DataFrame, trained: Trained, diverged_at: int | None) -> Record:
    names = [name for name in series.columns if name not in NO_SERIES]
    columns = {
        str(name): series[name].to_numpy(np.float64, na_value=np.nan)
        for name in names
        if series[name].dtype.kind in "fiub"
    }
    held = {name: values for name, values in columns.items() if not np.isnan(values).all()}
    return made(series["iteration"].to_numpy(np.int64), held, trained, diverged_at)
