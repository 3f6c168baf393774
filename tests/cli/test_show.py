"""``gandiag show``: changed values, the best log point and the log of a crash."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

import gandiag
from gandiag.store.files import read_json, write_json

Call = Callable[..., CompletedProcess[str]]


def swept(out: Path, seeds: int | str, settings: dict[str, Any]) -> gandiag.Results:
    return gandiag.sweep("devnag-1d", seeds, backend="scripted", settings=settings, out=out)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, quick: dict[str, Any]) -> gandiag.Results:
    """Two runs whose best log point is known: the mean starts low and rises."""
    rule = {"column": "wasserstein", "goal": "high"}
    return swept(tmp_path_factory.mktemp("kept") / "store", 2, quick | {"stopping": rule})


def told(text: str, section: str) -> dict[str, str]:
    """A section of the output, by its names."""
    lines = text.splitlines()
    rest = lines[lines.index(section) + 1 :]
    end = next((k for k, line in enumerate(rest) if not line.startswith(" ")), len(rest))
    return {line.split()[0]: " ".join(line.split()[1:]) for line in rest[:end]}


def test_the_best_log_point_is_shown_with_its_value(kept: gandiag.Results, call: Call) -> None:
    row = kept.runs.iloc[0]
    series = kept.series[kept.series["run"] == row["run"]]
    where = series["wasserstein"].idxmax()
    value, at = series.loc[where, ["wasserstein", "iteration"]]
    words = ["show", row["run"], f"--store={kept.directory}"]
    untrained = "" if at else ", untrained"
    said = told(call(*words).stdout, "run")["best"]
    assert said == f"wasserstein {value:.3f} at {at:.0f}{untrained}"
    document = json.loads(call(*words, "--json").stdout)["run"]
    assert (document["best_at"], document["best_column"]) == (at, "wasserstein")
    assert document["best_value"] == value


def test_a_table_of_runs_has_the_best_log_points(kept: gandiag.Results, call: Call) -> None:
    said = call("ls", str(kept.directory)).stdout
    assert "best wasserstein" in said
    for row in kept.runs.to_dict("records"):
        assert f"{row['best_value']:.3f} at {row['best_at']}" in said


def test_without_a_stopping_rule_no_best_value_is_shown(finished: Path, call: Call) -> None:
    run = gandiag.load(finished).runs["run"][0]
    assert "best" not in call("ls", str(finished)).stdout
    assert "best" not in told(call("show", run, f"--store={finished}").stdout, "run")
    held = json.loads(call("show", run, f"--store={finished}", "--json").stdout)["run"]
    assert held["best_at"] is held["best_value"] is held["best_column"] is None


def test_changed_values_are_shown_with_the_preset_values(kept: gandiag.Results, call: Call) -> None:
    words = ["show", kept.runs["run"][0], f"--store={kept.directory}"]
    said = told(
        call(*words).stdout, "changed from the preset devnag-1d (preset's value in brackets)"
    )
    assert said["schedule.iterations"] == "20 (5,000)"
    assert said["stopping"] == "set (none)"
    document = json.loads(call(*words, "--json").stdout)
    assert (document["experiment"], document["preset"]) == ("devnag-1d", "devnag-1d")
    assert document["changed"]["schedule.iterations"] == {"preset": 5000, "value": 20}


def test_an_experiment_without_preset_shows_no_changes(
    quick: dict[str, Any], call: Call, tmp_path: Path
) -> None:
    found = swept(tmp_path / "store", 1, quick | {"name": "mine"})
    words = ["show", found.runs["run"][0], f"--store={found.directory}"]
    assert "changed" not in call(*words).stdout
    document = json.loads(call(*words, "--json").stdout)
    assert (document["experiment"], document["preset"], document["changed"]) == ("mine", None, {})


@pytest.mark.parametrize("seed", [0, 2])
def test_a_crashed_run_names_the_log_of_its_group(seed: int, store: Path, call: Call) -> None:
    (first,), (path,) = store.glob("scripted-0000-*"), store.glob(f"scripted-{seed:04d}-*")
    manifest = read_json(path / "manifest.json")
    write_json(path / "manifest.json", manifest | {"status": "crashed", "error": "it broke"})
    log = store / "logs" / f"{first.name}.log"
    assert log.exists()
    words = ["show", path.name, f"--store={store}"]
    assert told(call(*words).stdout, "run")["log"] == f"{log} (has the traceback)"
    assert json.loads(call(*words, "--json").stdout)["log"] == str(log)


def test_a_completed_run_names_no_log(finished: Path, call: Call) -> None:
    words = ["show", "scripted-0000", f"--store={finished}"]
    assert "log" not in told(call(*words).stdout, "run")
    assert json.loads(call(*words, "--json").stdout)["log"] is None


def test_a_run_is_shown_by_its_directory(finished: Path, call: Call) -> None:
    (path,) = finished.glob("scripted-0001-*")
    assert told(call("show", str(path)).stdout, "run")["directory"] == path.name


@pytest.mark.parametrize("command", ["show", "rm"])
def test_a_missing_path_is_refused(command: str, call: Call) -> None:
    done = call(command, "runs/nothere")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == ("error: there is no store or run runs/nothere; see gandiag ls runs\n")


def ids(store: Path) -> list[str]:
    return gandiag.load(store).runs["run"].tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("length", [12, 5])
def test_show_prints_a_run_by_an_id_prefix(length: int, finished: Path, call: Call) -> None:
    run = ids(finished)[1]
    done = call("show", run[:length], "--store", str(finished))
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["run", run] in lines
    assert ["status", "completed"] in lines
    assert ["iteration", "20"] in lines


def test_show_finds_a_run_by_its_directory_in_a_folder_of_stores(
    two_stores: Path, call: Call
) -> None:
    shutil.rmtree(two_stores / "b")
    assert call("show", "scripted-0002", "--store", str(two_stores)).returncode == 0


def test_show_json_tells_nonfinite_from_missing_values(finished: Path, call: Call) -> None:
    done = call("show", ids(finished)[3], "--store", str(finished), "--json")
    document = json.loads(done.stdout)
    assert document["schema"] == "gandiag.run/1"
    assert document["run"]["diverged_at"] == 7
    assert document["run"]["error"] is None
    assert document["last"]["iteration"] == 10
    assert document["last"]["mean"] is None
    assert "last.mean" in document["nonfinite"]
    assert not [path for path in document["nonfinite"] if path.startswith("run.")]


def test_show_of_a_pending_run_has_no_last_row(store: Path, call: Call) -> None:
    (path,) = store.glob("scripted-0001-*")
    for name in ("metrics.jsonl", "metrics.parquet"):
        (path / name).unlink()
    document = json.loads(call("show", "scripted-0001", "--store", str(store), "--json").stdout)
    assert document["last"] == {}
    assert document["run"]["iteration"] == 0


def test_a_verdict_names_its_kind_of_evidence_and_its_rate(
    finished: Path, call: Call, rates_of_kind: Callable[..., None]
) -> None:
    words = ["show", gandiag.load(finished).runs["run"][0], f"--store={finished}"]
    said = [line.strip() for line in call(*words).stdout.splitlines()]
    at = next(k for k, line in enumerate(said) if line.startswith("verdict"))
    verdict, rests = said[at].split()[1], said[at + 1]
    scope = json.loads(call(*words, "--json").stdout)["scope"]
    assert " ".join(rests.split()) == (
        "rests on known distribution, 40 samples a log point; "
        "no error rate is known for this kind of evidence"
    )
    assert (scope["evidence"], scope["samples"]) == ("known distribution", 40)
    rates_of_kind("known distribution", "below 100", verdict, (9, 10), (1, 8))
    assert verdict == "undecided"
    assert "it claims nothing, so it has no error rate" in call(*words).stdout
    assert json.loads(call(*words, "--json").stdout)["confidence"]["deserved"]["k"] == 9


def test_a_run_without_a_verdict_rests_on_nothing(store: Path, call: Call) -> None:
    run = gandiag.load(store).runs["run"][0]
    (path,) = [each for each in store.glob("*/manifest.json") if read_json(each)["run"] == run]
    write_json(path, read_json(path) | {"status": "pending", "verdict": None})
    words = ["show", run, f"--store={store}"]
    assert "rests on" not in call(*words).stdout
    document = json.loads(call(*words, "--json").stdout)
    assert document["scope"] is document["confidence"] is None
