"""``gandiag sweep``: its output on stdout and stderr, and its exit codes."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

import gandiag
from gandiag.cli.sweep import parse_duration
from gandiag.errors import UsageError
from gandiag.sweeping.execution import Stopped

Call = Callable[..., CompletedProcess[str]]
Words = Callable[..., list[str]]

FACTS = {
    *("run", "point", "seed", "backend", "status", "success", "verdict", "iteration"),
    *("iterations", "diverged_at", "stopped_at", "error", "wall_s", "device", "precision"),
    *("best_at", "best_value", "best_column"),
    *("width", "mode"),
    *("started", "finished", "directory"),
}
MEASURED = {"mean", "std", "skew", "kurtosis", "wasserstein", "ks", "energy"}
MEASURED |= {"lost_share", "misplaced_share", "unmatched_share", "total_variation"}


def only_json(text: str) -> Any:
    """A text that is one JSON document in strict JSON, without NaN."""

    def refuse(word: str) -> None:
        pytest.fail(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_the_result_goes_to_stdout_and_progress_to_stderr(
    sweeping: Words, run: Call, tmp_path: Path
) -> None:
    done = run(*sweeping())
    assert done.returncode == 0
    heading, *rows = [line.split() for line in done.stdout.splitlines() if line.strip()]
    assert heading[:4] == ["seed", "backend", "status", "success"]
    assert heading[4:] == ["verdict", "mean", "std", "wasserstein", "run"]
    assert [row[:3] for row in rows[1:4]] == [
        [str(seed), "scripted", "completed"] for seed in range(3)
    ]
    *_, rate, verdicts = done.stdout.splitlines()
    assert "of 3 seeds reached the target, 95 % interval" in rate
    why = f"evidence: gandiag analyze {tmp_path / 'store'}"
    assert verdicts == f"verdicts: 3 undecided; {why}"  # five log points are not enough
    told = done.stderr.splitlines()
    assert told[0].startswith("devnag-1d: 3 runs to train, 20 iterations each (scripted script")
    assert told[0].endswith(f"into {tmp_path / 'store'}")
    assert {f"scripted seed {seed} completed" for seed in range(3)} <= set(told)
    assert "\x1b" not in done.stdout + done.stderr
    assert "━" not in done.stderr
    assert done.stderr.count("\r") == 0


def test_the_same_command_again_has_nothing_to_train(sweeping: Words, call: Call) -> None:
    first, second = call(*sweeping()), call(*sweeping())
    assert second.returncode == 0
    assert second.stdout == first.stdout
    assert second.stderr.startswith("devnag-1d: 0 of 3 runs to train")


@pytest.mark.usefixtures("store")
def test_only_the_runs_that_were_asked_for_are_printed(sweeping: Words, call: Call) -> None:
    done = call(*sweeping("--json", seeds="1-1"))
    document = only_json(done.stdout)
    assert [run["seed"] for run in document["runs"]] == [1]
    assert document["summary"][0]["asked"] == 1


def test_json_is_one_document_with_a_schema(sweeping: Words, call: Call, tmp_path: Path) -> None:
    done = call(*sweeping("--json"))
    document = only_json(done.stdout)
    assert document["schema"] == "gandiag.sweep/1"
    assert document["store"] == str(tmp_path / "store")
    assert document["report"] is None
    assert document["nonfinite"] == []
    assert [set(run) for run in document["runs"]] == [FACTS | MEASURED] * 3
    found = gandiag.load(tmp_path / "store")
    assert [run["run"] for run in document["runs"]] == found.runs["run"].tolist()
    last = found.series[found.series["iteration"] == 20]
    assert [run["mean"] for run in document["runs"]] == last["mean"].tolist()
    (rate,) = document["summary"]
    assert (rate["backend"], rate["point"], rate["asked"], rate["n"]) == ("scripted", "", 3, 3)
    assert rate["successes"] == sum(run["success"] for run in document["runs"])
    assert rate["interval"][0] <= rate["rate"] <= rate["interval"][1]
    assert rate["statuses"] == {"completed": 3}


def test_only_nonfinite_numbers_are_null_and_listed(
    sweeping: Words, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = {"1": {"diverge": 3}, "2": {"hang": 15}, "delay_s": 0.0}
    monkeypatch.setenv("GANDIAG_SCRIPT", json.dumps(events))
    words = sweeping("--json", "--timeout=8s", "--jobs=1", seeds="0-2")
    done = call(*words)
    assert done.returncode == 1
    document = only_json(done.stdout)
    runs = document["runs"]
    assert [run["status"] for run in runs] == ["timed-out", "diverged", "timed-out"]
    assert [run["success"] for run in runs] == [False, False, False]
    assert [run["diverged_at"] for run in runs] == [None, 3, None]
    assert [run["error"] for run in runs] == ["took longer than 8 s", None, "took longer than 8 s"]
    assert [run["wall_s"] is None for run in runs] == [True, False, True]
    assert {name for name in MEASURED if runs[1][name] is None} == MEASURED
    assert sorted(document["nonfinite"]) == sorted(f"runs.1.{name}" for name in MEASURED)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_dry_run_prints_the_plan_and_writes_nothing(
    as_json: bool, sweeping: Words, call: Call, tmp_path: Path
) -> None:
    done = call(*sweeping("--dry-run", *(["--json"] if as_json else []), seeds="0-11"))
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []
    if as_json:
        document = only_json(done.stdout)
        assert document["schema"] == "gandiag.plan/1"
        assert (document["runs"], document["missing"]) == (12, 12)
        assert [len(group["runs"]) for group in document["groups"]] == [10, 2]
        assert {group["width"] for group in document["groups"]} == {10}
    else:
        assert done.stdout.startswith(f"12 of 12 runs would be trained into {tmp_path / 'store'}")
        assert done.stdout.count("scripted script on cpu, 10 lanes: scripted-00") == 2


def test_a_dry_run_counts_only_the_missing_runs(
    store: Path, quick: dict[str, Any], call: Call
) -> None:
    settings = [f"--set={key}={value}" for key, value in quick.items()]
    words = ["sweep", "--backend=scripted", "--seeds=6", f"--out={store}", *settings, "--dry-run"]
    before = sorted(store.rglob("*"))
    assert call(*words).stdout.startswith("2 of 6 runs would be trained")
    assert sorted(store.rglob("*")) == before
    done = call(*words[:2], "--seeds=4", *words[3:])
    assert (done.returncode, done.stdout) == (
        0, f"nothing to train: {store} already has 4 of 4 runs\n"
    )  # fmt: skip


def test_a_dry_run_uses_the_singular_for_one(sweeping: Words, call: Call) -> None:
    said = call(*sweeping("--dry-run", "--jobs=4", seeds="1")).stdout
    assert said.splitlines()[0].startswith("1 of 1 run would be trained into ")
    assert said.splitlines()[0].endswith(", 1 group at a time:")


@pytest.mark.parametrize("below", ["", "/below"])
def test_a_dry_run_refuses_a_file_in_the_place_of_the_store(
    below: str, call: Call, tmp_path: Path
) -> None:
    (tmp_path / "notes.md").write_text("mine", encoding="utf-8")
    done = call("sweep", "--backend=scripted", f"--out={tmp_path / 'notes.md'}{below}", "--dry-run")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"error: cannot write to {tmp_path / 'notes.md'}{below}: {tmp_path / 'notes.md'} is a "
        "file. Choose another place with --out\n"
    )


def test_a_grid_is_printed_with_its_points(sweeping: Words, call: Call) -> None:
    words = sweeping("--grid=schedule.iterations=10,15", seeds="2")
    done = call(*words)
    assert done.returncode == 0
    assert done.stdout.count("schedule.iterations=10") == 3
    assert [line.split(":")[0] for line in done.stdout.splitlines()[-3:-1]] == [
        "scripted schedule.iterations=10",
        "scripted schedule.iterations=15",
    ]
    document = only_json(call(*words, "--json").stdout)
    assert [row["point"] for row in document["summary"]] == [
        "schedule.iterations=10",
        "schedule.iterations=15",
    ]


def test_without_a_success_rule_no_rate_is_printed(sweeping: Words, call: Call) -> None:
    done = call(*sweeping("--set=success=[]"))
    assert done.stdout.splitlines()[-2] == "scripted: 3 runs, no success rule; 3 completed"
    (rate,) = only_json(call(*sweeping("--set=success=[]", "--json")).stdout)["summary"]
    assert (rate["n"], rate["rate"], rate["interval"]) == (0, None, None)


def test_the_iterations_option_overrides_the_schedule(
    sweeping: Words, call: Call, tmp_path: Path
) -> None:
    assert call(*sweeping("--iterations=10", seeds="1")).returncode == 0
    found = gandiag.load(tmp_path / "store")
    assert found.experiments[""].schedule.iterations == 10
    assert found.runs["iteration"].tolist() == [10]


def test_the_command_is_recorded_as_typed(sweeping: Words, call: Call, tmp_path: Path) -> None:
    words = sweeping("--set=title='two words'", seeds="1")
    call(*words)
    command = gandiag.load(tmp_path / "store").provenance["command"]
    assert shlex.split(command) == ["gandiag", *words]


def test_a_toml_file_is_an_experiment(sweeping: Words, call: Call, tmp_path: Path) -> None:
    text = call("presets", "devnag-1d").stdout
    (tmp_path / "mine.toml").write_text(text + '[variants.wide]\n"data.std" = 2.0\n', "utf-8")
    assert call(*sweeping(preset=str(tmp_path / "mine.toml:wide"), seeds="1")).returncode == 0
    assert gandiag.load(tmp_path / "store").experiments[""].name == "devnag-1d-wide"


@pytest.mark.usefixtures("store")
def test_the_report_is_rendered_in_its_own_process(
    sweeping: Words, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(
        "gandiag.sweeping.execution.subprocess.run",
        lambda command, **options: asked.append(command) or CompletedProcess(command, 0, "", ""),
    )
    words = [word for word in sweeping(seeds="1") if word != "--no-report"]
    done = call(*words)
    place = tmp_path / "store" / "report.html"
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == f"report: {place}"
    assert [command[2:] for command in asked] == [
        ["-m", "gandiag", "report", str(tmp_path / "store"), "-o", str(place)]
    ]
    assert only_json(call(*words, "--json").stdout)["report"] == str(place)


def test_a_failed_report_loses_no_runs(
    sweeping: Words, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "gandiag.sweeping.execution.subprocess.run",
        lambda command, **options: CompletedProcess(command, 1, "", "error: no ink\n"),
    )
    done = call(*[word for word in sweeping(seeds="1") if word != "--no-report"])
    assert done.returncode == 1
    assert "error: the report could not be written: error: no ink" in done.stderr
    assert gandiag.load(tmp_path / "store").runs["status"].tolist() == ["completed"]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(("stop", "code"), [(KeyboardInterrupt(), 130), (Stopped(143), 143)])
def test_a_sweep_stopped_during_its_report_says_how_to_resume(
    stop: BaseException,
    code: int,
    sweeping: Words,
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stopped(*_: Any) -> None:
        raise stop

    monkeypatch.setattr("gandiag.sweeping.execution.write_report", stopped)
    words = [word for word in sweeping(seeds="1") if word != "--no-report"]
    done = call(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.splitlines()[-1] == (
        f"stopped; run the same command to resume: {shlex.join(['gandiag', *words])}"
    )


def test_a_worker_without_a_job_exits_with_an_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "gandiag", "worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write("no order\n")
        worker.stdin.flush()
        said = json.loads(worker.stdout.readline())
        assert worker.wait(timeout=60) == 1
        assert (said["kind"], said["status"]) == ("failed", "crashed")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("0.5", 0.5),
        ("30m", 1800),
        ("1.5h", 5400),
        ("2 h", 7200),
        ("1d", 86400),
    ],
)
def test_a_duration_is_read_in_seconds(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0s", "-5", "5x", "m", "1h30m", "half", "1e3", "inf"])
def test_an_invalid_duration_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match=r"is not a duration; write e\.g\. 90s, 30m or 2h"):
        parse_duration(text)
