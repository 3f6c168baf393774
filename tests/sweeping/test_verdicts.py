"""Live verdicts of a sweep: the journal tells the same, a resumed run too, and they may end one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pytest

import gandiag
from gandiag.analysis.record import Record
from gandiag.analysis.verdict import Verdict, undecided
from gandiag.diagnosis import live
from gandiag.diagnosis.live import LiveVerdict, judge
from gandiag.diagnosis.records import record_of
from gandiag.experiment.loading import experiment_from, read_experiment
from gandiag.running.training_loop import StartPoint
from gandiag.store.journal import read_journal
from gandiag.store.manifest import read_manifest
from gandiag.store.run import RunWriter
from gandiag.store.weights import read_weights
from gandiag.sweeping.execution import make_plan
from gandiag.sweeping.group_recorder import GroupRecorder
from gandiag.sweeping.request import Request
from gandiag.testing import RUNNER

Call = Callable[..., CompletedProcess[str]]
Words = Callable[..., list[str]]
Numbers = Callable[[Path], dict[str, Any]]

LONG = {"schedule.iterations": 100, "recording.every": 2, "recording.samples": 200}


def swept(out: Path, settings: dict[str, Any], seeds: str = "0-1") -> gandiag.Results:
    return gandiag.sweep("ring8", seeds, backend="scripted", settings=settings, out=out)


def events(run: Path) -> list[dict[str, Any]]:
    path = run / "events.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [{**json.loads(line), "time": None} for line in lines]


def verdicts(run: Path) -> list[dict[str, Any]]:
    return [event for event in events(run) if event["event"] == "verdict"]


def replayed(run: Path) -> list[dict[str, Any]]:
    """The verdicts on the prefixes of a journal, where one is another than before."""
    told = read_manifest(run)
    assert told is not None
    trained = experiment_from(told.identity.experiment, "here")
    rows = read_journal(run)
    whole = record_of(rows, trained)
    found, before = [], "undecided"
    steps = [row["iteration"] for row in rows]
    for part in range(1, 51):
        at = next((k for k in steps if k * 50 >= part * trained.iterations), steps[-1])
        prefix = whole.prefix(at)
        verdict = judge(lambda prefix=prefix: prefix)
        again = record_of([row for row in rows if row["iteration"] <= at], trained)
        assert repr(judge(lambda again=again: again)) == repr(verdict)
        if verdict.name != before:
            before = verdict.name
            found.append((at, verdict.name, verdict.onset, verdict.sentence))
    return [
        {"time": None, "event": "verdict", "phase": "train", "iteration": at, "verdict": name,
         "onset": onset, "sentence": sentence}
        for at, name, onset, sentence in found
    ]  # fmt: skip


@pytest.fixture(scope="module")
def settings(quick: dict[str, Any]) -> dict[str, Any]:
    return quick | LONG


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, settings: dict[str, Any]) -> Path:
    """Two runs whose modes come one after the other; only to be read."""
    out = tmp_path_factory.mktemp("verdicts") / "store"
    swept(out, settings)
    return out


def test_the_verdicts_that_were_noted_are_those_of_the_journal_at_their_prefixes(
    store: Path,
) -> None:
    names = set()
    for run in store.glob("scripted-*"):
        told = verdicts(run)
        names |= {event["verdict"] for event in told}
        assert told == replayed(run)
    assert len(names) >= 3, "the script tells too little"


def test_the_last_verdict_stands_in_the_manifest_and_the_results(store: Path) -> None:
    results = gandiag.load(store)
    for row in results.runs.to_dict("records"):
        run = store / row["directory"]
        rows = read_journal(run)
        experiment = results.experiments[""]
        assert row["verdict"] == judge(lambda r=rows, e=experiment: record_of(r, e)).name
        assert row["verdict"] == verdicts(run)[-1]["verdict"]


@pytest.mark.usefixtures("often")
def test_a_run_that_was_killed_and_resumed_tells_what_it_would_have(
    store: Path,
    settings: dict[str, Any],
    tmp_path: Path,
    numbers: Numbers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("GANDIAG_SCRIPT", json.dumps({"1": {"SIGKILL": 70}, "delay_s": 0.01}))
        found = swept(tmp_path / "store", settings)
    assert set(found.runs["status"]) == {"interrupted"}
    assert found.runs["verdict"].isna().all()
    swept(tmp_path / "store", settings)
    assert numbers(tmp_path / "store") == numbers(store)
    for run in store.glob("scripted-*"):
        assert events(tmp_path / "store" / run.name) == events(run)


@pytest.mark.usefixtures("often")
def test_a_verdict_ends_a_run_that_was_killed_where_it_would_have(
    store: Path, settings: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings | {"stopping.verdicts": ["collapsed"]}
    with monkeypatch.context() as patch:
        patch.setenv("GANDIAG_SCRIPT", json.dumps({"1": {"SIGKILL": 45}, "delay_s": 0.01}))
        swept(tmp_path / "store", settings)
    results = swept(tmp_path / "store", settings)
    assert results.runs["status"].tolist() == ["completed"] * 2
    assert set(results.runs["stopped_at"].isna()) == {False, True}, "the script says otherwise"
    for row in results.runs.to_dict("records"):
        (free,) = store.glob(f"scripted-{row['seed']:04d}-*")  # a rule makes it another run
        due = verdicts(free)
        ends = [event["iteration"] for event in due if event["verdict"] == "collapsed"]
        assert row["stopped_at"] == (ends[0] if ends else None)
        told = verdicts(results.directory / row["directory"])
        assert told == [each for each in due if not ends or each["iteration"] <= ends[0]]
        if ends:
            _stopped_at(results, row, ends[0])


def _stopped_at(results: gandiag.Results, row: dict[Any, Any], at: int) -> None:
    run = results.directory / row["directory"]
    said = events(run)[-1]
    assert (said["event"], said["iteration"], said["verdict"]) == ("stopped", at, "collapsed")
    assert row["verdict"] == "collapsed"
    assert read_journal(run)[-1]["iteration"] == at < 100
    assert results.samples(row["run"]).iterations[-1] == at
    assert read_weights(run).iteration == at


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('stopping.verdicts=["lost"]', "'lost'"),
        ('stopping.verdicts=["healthy"]', "'healthy'"),
        ("stopping.column=wasserstein", 'goal = "low" or "high"'),
        ("stopping.patience=5", "a column to watch, or verdicts"),
        ("stopping.keep_best=true", "a column to watch, or verdicts"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_one_clear_error(
    setting: str, said: str, sweeping: Words, call: Call, tmp_path: Path
) -> None:
    done = call(*sweeping(f"--set={setting}"))
    assert done.returncode == 2
    assert said in done.stderr.replace('"lost"', "'lost'").replace('"healthy"', "'healthy'")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3
    assert not (tmp_path / "store").exists()


Build = Callable[..., GroupRecorder]


@pytest.fixture
def build(quick: dict[str, Any], tmp_path: Path) -> Build:
    """Builds the recorder of a group in this process."""

    def make(**anew: Any) -> GroupRecorder:
        request = Request("devnag-1d", 2, "scripted", settings=quick | anew, out=tmp_path)
        plan, writers = make_plan(request), []
        for run in plan.runs:
            path = tmp_path / run.identity.directory
            path.mkdir(exist_ok=True)
            writers.append(RunWriter(path, run, experiment_from(run.identity.experiment, "x")))
        return GroupRecorder(writers, plan.jobs[0], lambda message: None)

    return make


def manifests(store: Path) -> list[Any]:
    return [read_manifest(path) for path in sorted(store.glob("scripted-*"))]


def test_a_bug_in_the_diagnosis_costs_a_sweep_nothing_but_its_verdicts(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(record: Record) -> Verdict:
        raise IndexError("a bug")

    monkeypatch.setattr(live, "decide", fail)
    build(**{"stopping.verdicts": ["diverging"]}).train(RUNNER, StartPoint("train"))
    for told, path in zip(manifests(tmp_path), sorted(tmp_path.glob("scripted-*")), strict=True):
        assert (told.status, told.verdict, told.stopped_at) == ("completed", "undecided", None)
        assert read_journal(path)[-1]["iteration"] == 20
        assert verdicts(path) == []


def test_a_bug_in_making_records_costs_a_sweep_nothing_either(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gandiag.diagnosis.records.expected_of", lambda *_: 1 / 0)
    build().train(RUNNER, StartPoint("train"))
    assert {told.status for told in manifests(tmp_path)} == {"completed"}
    assert {told.verdict for told in manifests(tmp_path)} == {"undecided"}


def diverging_from(points: int) -> Callable[[Record], Verdict]:
    """A diagnosis that finds a run lost as soon as it is so long."""

    def decide(record: Record) -> Verdict:
        if len(record) < points:
            return undecided("not enough data")
        return Verdict("diverging", 0, "from the start", ("d_loss became NaN",))

    return decide


@pytest.mark.parametrize(("after", "due"), [(0, 4), (3, 4), (4, 4), (9, 9), (99, None)])
def test_before_so_many_log_points_no_verdict_ends_a_run(
    after: int, due: int | None, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "decide", diverging_from(5))
    rule = {"stopping.verdicts": ["diverging"], "stopping.after": after}
    build(**rule, **{"recording.every": 1}).train(RUNNER, StartPoint("train"))
    assert [told.stopped_at for told in manifests(tmp_path)] == [due, due]
    assert {told.status for told in manifests(tmp_path)} == {"completed"}


def test_the_log_point_at_which_a_verdict_ends_a_run_may_be_its_best(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "decide", diverging_from(5))
    rule = {"column": "g_weight_norm", "goal": "low", "verdicts": ["diverging"]}
    anew = {f"stopping.{name}": value for name, value in rule.items()}
    build(**anew, **{"recording.every": 1}).train(RUNNER, StartPoint("train"))
    for path in tmp_path.glob("scripted-*"):
        norms = [row["g_weight_norm"] for row in read_journal(path)]
        assert read_weights(path, "best").iteration == int(np.argmin(norms)) == 4


def test_without_a_column_the_best_weights_are_those_nearest_to_the_data(
    build: Build, tmp_path: Path
) -> None:
    build(**{"stopping.verdicts": ["dead"], "recording.every": 1}).train(
        RUNNER, StartPoint("train")
    )
    for path in tmp_path.glob("scripted-*"):
        away = [row["wasserstein"] for row in read_journal(path)]
        assert read_weights(path, "best").iteration == int(np.argmin(away))


def test_a_live_verdict_of_a_published_preset_is_made_fifty_times_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    monkeypatch.setattr(live, "decide", lambda record: asked.append(len(record)) or live.NOTHING)
    experiment = read_experiment("devnag-1d")
    follower = LiveVerdict(experiment)
    for iteration in range(0, experiment.iterations + 1, experiment.recording.every):
        follower.take({"phase": "train", "iteration": iteration})
    assert len(asked) == 50
