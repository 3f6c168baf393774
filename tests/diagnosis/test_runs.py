"""The diagnosis of a store: every run that has begun, whatever became of it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import gandiag
from gandiag.analysis.diagnosis import diagnose
from gandiag.analysis.names import ALARMS
from gandiag.analysis.record import Expected, Record
from gandiag.diagnosis.runs import RATES, DiagnosedRun, configurations, diagnose_runs, rates
from gandiag.store.manifest import read_manifest

STATUSES = ("completed", "diverged", "crashed", "timed-out", "interrupted", "running", "pending")


def of(store: Path) -> dict[int, DiagnosedRun]:
    return {run.row["seed"]: run for run in diagnose_runs(gandiag.load(store))}


def change(store: Path, seed: int, **changes: Any) -> Path:
    """Rewrites the manifest of a run."""
    (run,) = store.glob(f"*-{seed:04d}-*")
    path = run / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(told | changes), encoding="utf-8")
    return run


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory, quick: dict[str, Any]) -> Path:
    """Six runs of 41 log points, of which seed 4 diverged; only to be read."""
    out = tmp_path_factory.mktemp("long") / "store"
    anew = {"schedule.iterations": 80, "recording.every": 2, "recording.samples": 100}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANDIAG_SCRIPT", '{"4": {"diverge": 41}}')
        gandiag.sweep("devnag-1d", 6, backend="scripted", settings=quick | anew, out=out)
    return out


def test_the_verdicts_are_those_that_the_runs_ended_with(long: Path) -> None:
    runs = of(long)
    assert {run.diagnosis.verdict.name for run in runs.values()} == {"healthy", "diverging"}
    for run in runs.values():
        assert run.diagnosis.verdict.name == run.row["verdict"]
        assert len(run.record) in (41, 22)
    assert runs[4].diagnosis.verdict.onset == 41
    assert runs[4].record.diverged_at == 41
    assert [each.kind for each in runs[4].diagnosis.episodes][-1] == "non-finite"


def test_a_run_of_a_store_is_the_run_of_its_journal(long: Path) -> None:
    """Parquet and frames of all runs change no number and lose no column that says something."""
    from gandiag.diagnosis.records import record_of
    from gandiag.store.journal import read_journal

    results = gandiag.load(long)
    for run in diagnose_runs(results):
        told = read_journal(long / run.row["directory"])
        other = record_of(told, results.experiments[""], run.record.diverged_at)
        assert run.record.iteration.tolist() == other.iteration.tolist()
        for name, values in other.columns.items():
            if name in run.record.columns:
                np.testing.assert_array_equal(run.record.columns[name], values)
            else:
                assert np.isnan(values).all()


@pytest.mark.parametrize("status", STATUSES)
def test_every_run_that_has_begun_is_diagnosed_whatever_became_of_it(
    status: str, store: Path
) -> None:
    for seed in range(4):
        change(store, seed, status=status, diverged_at=None, verdict=None, success=None)
    found = of(store)
    assert set(found) == (set() if status == "pending" else {0, 1, 2, 3})
    for run in found.values():
        assert run.diagnosis.verdict.name in ("undecided", "diverging", "healthy")


def test_a_run_without_rows_is_undecided(store: Path) -> None:
    run = change(store, 0, status="crashed")
    (run / "metrics.parquet").unlink()
    (run / "metrics.jsonl").write_text("", encoding="utf-8")
    verdict = of(store)[0].diagnosis.verdict
    assert verdict.missing == "not enough data: 0 of the 8 log points that a verdict needs"
    for seed in range(4):
        run = change(store, seed, status="crashed", diverged_at=None)
        (run / "metrics.parquet").unlink(missing_ok=True)
        (run / "metrics.jsonl").unlink(missing_ok=True)
    assert {run.diagnosis.verdict.name for run in of(store).values()} == {"undecided"}


def test_columns_of_words_are_no_series(store: Path) -> None:
    (run,) = store.glob("*-0000-*")
    path = run / "metrics.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for k, row in enumerate(rows):
        row |= {"note": "a word", "mixed": "a word" if k % 2 else 1.0, "none": None, "flag": True}
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (run / "metrics.parquet").unlink()
    columns = of(store)[0].record.columns
    assert not {"note", "mixed", "none"} & columns.keys()
    assert "mean" in columns


def test_a_pretraining_that_diverged_is_a_run_that_is_lost(
    quick: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANDIAG_SCRIPT", '{"0": {"diverge": 5}}')
    anew = {"pretraining.iterations": 20, "recording.pretrain_every": 5}
    found = gandiag.sweep(
        "aylien-1d", 2, backend="scripted", settings=quick | anew, out=tmp_path / "store"
    )
    lost, other = diagnose_runs(found)
    assert read_manifest(found.directory / lost.row["directory"]).diverged_in == "pretrain"
    assert lost.diagnosis.verdict.name == lost.row["verdict"] == "diverging"
    assert len(lost.record) == 0
    assert other.diagnosis.verdict.name == other.row["verdict"]


def test_a_loop_of_ones_own_is_diagnosed_as_any_other(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    real = rng.normal(4, 0.5, 2000)
    for seed in range(2):
        with gandiag.Monitor(tmp_path / "gan", real=real, every=1, seed=seed) as monitor:
            for step in range(60):
                monitor.log(step, d_loss=1.4 + 0.1 * rng.normal(), g_loss=0.7 + 0.1 * rng.normal())
                monitor.log_samples(step, fake=rng.normal(4 + 0.7 * seed, 0.5, 300))
    well, off = of(tmp_path / "gan").values()
    assert (well.diagnosis.verdict.name, off.diagnosis.verdict.name) == ("healthy", "off-target")
    assert well.record.planned == 59  # nobody planned it, and at the end it is known
    assert well.row["verdict"] == "healthy"


def test_all_runs_that_have_begun_are_in_the_denominator(long: Path) -> None:
    found = rates(diagnose_runs(gandiag.load(long)))
    assert found["healthy_rate"] == pytest.approx(5 / 6)
    assert found["divergence_rate"] == found["failure_rate"] == pytest.approx(1 / 6)
    assert found["collapse_rate"] == found["dead_rate"] == 0
    apart = [rate for rate in RATES if rate != "failure_rate"]
    assert sum(found[rate] for rate in apart) == pytest.approx(1)
    assert rates([]) == {}


def test_the_rates_count_every_verdict_once_and_failures_are_the_alarms() -> None:
    from typing import get_args

    from gandiag.analysis.names import Name

    apart = [name for rate, names in RATES.items() if rate != "failure_rate" for name in names]
    assert sorted(apart) == sorted(get_args(Name))
    assert RATES["failure_rate"] == ALARMS


def test_every_backend_and_point_is_a_family(long: Path) -> None:
    runs = diagnose_runs(gandiag.load(long))
    (one,) = configurations(runs)
    assert (one.point, one.backend) == ("", "scripted")
    assert math.isnan(one.term_ranking.value)
    assert one.term_ranking.sentence.startswith("not enough data: ")
    others = [
        DiagnosedRun({**run.row, "backend": "torch"}, run.record, run.diagnosis) for run in runs
    ]
    assert [each.backend for each in configurations([*runs, *others])] == ["scripted", "torch"]
    assert configurations([]) == []


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1e308])
def test_families_of_runs_that_are_not_finite_raise_nothing(value: float) -> None:
    line = Expected(np.array([4.0]), np.array([0.5]))
    runs = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        columns = {
            name: np.where(rng.random(60) < 0.05, value, rng.normal(size=60))
            for name in ("g_loss", "wasserstein", "wasserstein_floor", "g_l2", "g_cross_entropy")
        }
        record = Record(np.arange(60), columns, line)
        with np.errstate(all="ignore"):
            said = diagnose(record)
        runs.append(DiagnosedRun({"point": "", "backend": "x"}, record, said))
    assert len(configurations(runs)) == 1


def test_a_grid_is_diagnosed_point_by_point(quick: dict[str, Any], tmp_path: Path) -> None:
    results = gandiag.sweep(
        "devnag-1d", 1, backend="scripted", settings=quick, out=tmp_path / "store",
        grid={"schedule.iterations": [10, 40]},
    )  # fmt: skip
    runs = diagnose_runs(results)
    assert sorted(run.record.planned for run in runs) == [10, 40]
    assert len(configurations(runs)) == 2


def test_a_store_without_runs_has_no_diagnosis() -> None:
    import pandas as pd

    nothing = SimpleNamespace(
        series=pd.DataFrame(columns=["run", "phase"]),
        runs=pd.DataFrame(columns=["run", "status", "point"]),
        experiments={},
    )
    assert diagnose_runs(nothing) == []  # type: ignore[arg-type]
