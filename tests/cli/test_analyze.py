"""``gandiag analyze``: verdicts, one document, and exit codes that a script can go by."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pytest

import gandiag
from gandiag.analysis.scope import Scope
from gandiag.cli.analyze_output import print_all
from gandiag.diagnosis.runs import RATES, configurations, diagnose_runs
from gandiag.selftest.trust import ground

Call = Callable[..., CompletedProcess[str]]
Words = Callable[..., list[str]]


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory, quick: dict[str, Any]) -> Path:
    """Five runs of 41 log points, of which seed 3 diverged; only to be read."""
    out = tmp_path_factory.mktemp("analyze") / "store"
    anew = {"schedule.iterations": 80, "recording.every": 2, "recording.samples": 100}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANDIAG_SCRIPT", '{"3": {"diverge": 41}}')
        gandiag.sweep("devnag-1d", 5, backend="scripted", settings=quick | anew, out=out)
    return out


def strict(text: str) -> dict[str, Any]:
    """A document that holds neither NaN nor Infinity, which are no JSON."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    found: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return found


def test_every_run_gets_a_line_with_its_verdict(long: Path, call: Call) -> None:
    done = call("analyze", str(long))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    for seed in range(5):
        (line,) = [line for line in lines if line.startswith(f"seed {seed}  ")]
        name = "diverging" if seed == 3 else "healthy"
        assert line.startswith(f"seed {seed}  {name} ")
        assert line.count(name) == 1
    assert "seed 3  diverging since iteration 41\n        " in done.stdout
    assert "4 healthy" in lines
    assert "1 diverging" in lines
    assert not any(line.endswith(" ") for line in lines)


KNOWN = Scope("known distribution", 100, (), ())
"""What the verdicts on the five runs rest on, but for what they see."""


def below(printed: str, seed: int) -> list[str]:
    """The lines below the verdict on a run."""
    lines = printed.splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith(f"seed {seed}  "))
    return [line.strip() for line in takewhile(lambda x: x[:1] == " ", lines[start + 1 :])]


def test_a_verdict_has_the_rate_of_its_own_kind_of_evidence(
    long: Path, call: Call, rates_of_kind: Callable[..., None]
) -> None:
    rates_of_kind("known distribution", "100 to 999", "healthy", (1176, 1200), (3, 1000))
    rates_of_kind("losses only", "1,000 and more", "diverging", (5, 5), (0, 5), (0, 9))
    printed = call("analyze", str(long)).stdout
    *_, rests, blind = below(printed, 0)
    assert rests == f"rests on: {ground('healthy', KNOWN)}"
    assert "right in 1,176 of 1,200 drawn runs of this kind" in rests
    assert blind.startswith("cannot see: parts of the data")
    diverged = below(printed, 3)
    assert diverged[-1].endswith(
        "; no error rate is known for this verdict on this kind of evidence"
    )
    assert printed.count("1,176") == 4  # once with every healthy run, and not in the summary
    assert "4 healthy" in printed.splitlines()


def test_where_no_error_rate_is_known_it_is_said(long: Path, call: Call, no_rates: None) -> None:
    printed = call("analyze", str(long)).stdout
    said = "samples a log point; no error rate is known for this kind of evidence"
    assert printed.count(said) == 5
    assert "right in" not in printed


def test_the_scope_and_its_rate_are_in_the_document(
    long: Path, call: Call, rates_of_kind: Callable[..., None]
) -> None:
    rates_of_kind("known distribution", "100 to 999", "healthy", (9, 10), (1, 8))
    runs = strict(call("analyze", str(long), "--json").stdout)["runs"]
    for run, known in zip(runs, diagnose_runs(gandiag.load(long)), strict=True):
        scope = known.diagnosis.verdict.scope
        assert scope is not None
        assert run["scope"] == {
            "evidence": "known distribution",
            "samples": 100,
            "band": "100 to 999",
            "sees": [*scope.sees],
            "cannot_see": [*scope.cannot_see],
        }
    assert runs[3]["confidence"] is None
    confidence = runs[0]["confidence"]
    assert (confidence["deserved"]["k"], confidence["deserved"]["n"]) == (9, 10)
    assert (confidence["missed"]["k"], confidence["false_alarms"]) == (1, None)


def test_json_is_one_document_of_runs_episodes_and_divergence(long: Path, call: Call) -> None:
    done = call("analyze", str(long), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = strict(done.stdout)
    assert document["schema"] == "gandiag.analysis/1"
    assert document["store"] == str(long)
    assert document["failed_on"] == []
    assert [run["seed"] for run in document["runs"]] == [0, 1, 2, 3, 4]
    for run, known in zip(document["runs"], diagnose_runs(gandiag.load(long)), strict=True):
        verdict = known.diagnosis.verdict
        assert run["backend"] == "scripted"
        assert (run["verdict"], run["onset"], run["sentence"]) == (
            verdict.name, verdict.onset, verdict.sentence,
        )  # fmt: skip
        assert [each["sentence"] for each in run["evidence"]] == [
            each.sentence for each in verdict.evidence
        ]
    assert document["runs"][3]["onset"] == 41
    assert document["runs"][0]["onset"] == 0  # healthy from the start


def test_episodes_and_divergences_name_their_run(long: Path, call: Call) -> None:
    document = strict(call("analyze", str(long), "--json").stdout)
    runs = {run["run"]: run["seed"] for run in document["runs"]}
    for each in document["episodes"] + document["divergence"]:
        assert runs[each["run"]] == each["seed"]
    (lost,) = [each for each in document["episodes"] if each["kind"] == "non-finite"]
    assert (lost["seed"], lost["start"], lost["recovered"]) == (3, 41, False)
    assert {each["loss"] for each in document["divergence"]} == {"g_loss"}
    assert all(each["start"] <= each["peak"] <= each["end"] for each in document["episodes"])


def test_what_is_not_finite_is_null_and_listed(long: Path, call: Call) -> None:
    document = strict(call("analyze", str(long), "--json").stdout)
    assert document["nonfinite"]
    for path in document["nonfinite"]:
        value: Any = document
        for step in path.split("."):
            value = value[int(step)] if isinstance(value, list) else value[step]
        assert value is None


def test_the_rates_are_parts_of_the_runs_that_have_begun(long: Path, call: Call) -> None:
    found = strict(call("analyze", str(long), "--json").stdout)["rates"]
    assert found.keys() == RATES.keys()
    assert (found["healthy_rate"], found["divergence_rate"]) == (0.8, 0.2)


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("divergence_rate>0.1", 3),
        ("divergence_rate >= 0.2", 3),
        ("divergence_rate>0.2", 0),
        ("healthy_rate<0.9", 3),
        ("healthy_rate<=0.8", 3),
        ("healthy_rate<.8", 0),
        ("collapse_rate>0", 0),
        ("failure_rate>1e-3", 3),
        ("failure_rate>-1", 3),
    ],
)
def test_a_condition_that_holds_is_exit_code_three(
    condition: str, code: int, long: Path, call: Call
) -> None:
    done = call("analyze", str(long), "--fail-on", condition)
    assert done.returncode == code
    rate = "0.8" if condition.startswith("healthy") else "0.2"
    name = condition.partition("_rate")[0] + "_rate"
    assert done.stderr == (f"failed: {condition} ({name} is {rate})\n" if code else "")
    assert "seed 0  healthy" in done.stdout


def test_of_several_conditions_those_that_hold_are_told(long: Path, call: Call) -> None:
    asked = ("collapse_rate>0.3", "divergence_rate>0", "healthy_rate<1")
    words = [word for each in asked for word in ("--fail-on", each)]
    done = call("analyze", str(long), "--json", *words)
    assert done.returncode == 3
    assert strict(done.stdout)["failed_on"] == [*asked[1:]]
    found = "(divergence_rate is 0.2, healthy_rate is 0.8)"
    assert done.stderr == f"failed: divergence_rate>0; healthy_rate<1 {found}\n"


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("collapse_rate", "a rate, a comparison and a number"),
        ("collapse_rate=0.3", "a rate, a comparison and a number"),
        ("collapse_rate>", "a rate, a comparison and a number"),
        ("collapse_rate>much", "a rate, a comparison and a number"),
        ("collapse_rate>1e", "a rate, a comparison and a number"),
        ("collapse_rate>nan", "a rate, a comparison and a number"),
        ("0.3<collapse_rate", "a rate, a comparison and a number"),
        ("", "a rate, a comparison and a number"),
        ("colapse_rate>0.3", "collapse_rate"),
        ("success_rate<1", "'success_rate'"),
    ],
)
def test_a_condition_that_is_none_is_one_clear_error(
    condition: str, said: str, long: Path, call: Call
) -> None:
    done = call("analyze", str(long), "--fail-on", condition)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--fail-on" in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_what_is_no_store_is_one_clear_error(call: Call, tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nothing"):
        done = call("analyze", str(place))
        assert (done.returncode, done.stdout) == (2, "")
        assert str(place) in done.stderr
        assert "Traceback" not in done.stderr


def statuses(store: Path, status: str) -> None:
    for path in store.glob("*/manifest.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        told |= {"status": status, "diverged_at": None, "verdict": None, "success": None}
        path.write_text(json.dumps(told), encoding="utf-8")


def test_of_runs_that_wait_nothing_is_said_and_no_condition_can_hold(
    store: Path, call: Call
) -> None:
    statuses(store, "pending")
    done = call("analyze", str(store))
    assert (done.returncode, done.stdout.strip()) == (0, "no run has begun")
    document = strict(call("analyze", str(store), "--json").stdout)
    assert (document["runs"], document["rates"], document["families"]) == ([], {}, [])
    done = call("analyze", str(store), "--fail-on", "collapse_rate>0.3")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no run of" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("rows", [True, False])
def test_runs_that_crashed_are_told_too(rows: bool, store: Path, call: Call) -> None:
    statuses(store, "crashed")
    if not rows:
        for path in [*store.glob("*/metrics.parquet"), *store.glob("*/metrics.jsonl")]:
            path.unlink()
    done = call("analyze", str(store))
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 undecided" in done.stdout
    assert "not enough data" in done.stdout
    found = strict(call("analyze", str(store), "--json").stdout)
    assert found["rates"]["undecided_rate"] == 1
    assert all(run["missing"] and run["status"] == "crashed" for run in found["runs"])


def test_a_loop_of_ones_own_is_analyzed(tmp_path: Path, call: Call) -> None:
    rng, home = np.random.default_rng(0), tmp_path / "my gan"
    with gandiag.Monitor(home, real=rng.normal(4, 0.5, 1000), every=1) as monitor:
        for step in range(60):
            monitor.log(step, d_loss=1.4 + 0.1 * rng.normal(), g_loss=0.7 + 0.1 * rng.normal())
            monitor.log_samples(step, fake=rng.normal(4, 0.02, 200))
    done = call("analyze", str(home), "--fail-on=collapse_rate>0.3")
    assert done.returncode == 3
    assert done.stdout.startswith("seed 0  collapsed from the start\n        the spread of the ")
    assert " % of the data's" in done.stdout
    (run,) = strict(call("analyze", str(home), "--json").stdout)["runs"]
    assert (run["backend"], run["verdict"], run["onset"]) == ("loop", "collapsed", 0)


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A loop whose samples collapse at step 3,000 of 5,900, after a swing at 1,000."""
    rng, home = np.random.default_rng(0), tmp_path_factory.mktemp("late") / "gan"
    with gandiag.Monitor(home, real=rng.normal(4, 0.5, 1000), every=100) as monitor:
        for step in range(0, 6000, 100):
            monitor.log(step, d_loss=1.4 + 0.1 * rng.normal(), g_loss=0.7 + 0.1 * rng.normal())
            width = 0.02 if step >= 3000 else 0.5
            far = 6 if 1000 <= step < 2000 else 4
            monitor.log_samples(step, fake=rng.normal(far, width, 200))
    return home


def test_an_interval_beyond_iteration_999_is_printed_once(late: Path, call: Call) -> None:
    printed = call("analyze", str(late)).stdout
    (run,) = strict(call("analyze", str(late), "--json").stdout)["runs"]
    assert run["verdict"] == "collapsed"
    assert printed.count(f"{run['onset']:,}") == 1
    episodes = strict(call("analyze", str(late), "--json").stdout)["episodes"]
    assert any(each["start"] > 999 for each in episodes)
    for each in episodes:
        interval = f"from iteration {each['start']:,} to {each['end']:,}"
        assert each["sentence"] == f"{each['description']}, {interval}"
        assert "from iteration" not in each["description"]


def test_what_is_printed_is_selected_without_reading_a_text(
    late: Path, capsys: pytest.CaptureFixture[str], without_text: Callable[[], None]
) -> None:
    def printed() -> list[str]:
        runs = diagnose_runs(gandiag.load(late))
        print_all(runs, configurations(runs))
        return capsys.readouterr().out.splitlines()

    before = printed()
    without_text()
    after = printed()
    kept = ("also now: ", "earlier: ")
    assert [line for line in after if line.strip().startswith(kept)] == [
        line for line in before if line.strip().startswith(kept)
    ]
    assert [line.strip().startswith(kept) for line in after] == [
        line.strip().startswith(kept) for line in before
    ]
    assert "seed 0  collapsed x" in after
    assert any(line.strip().startswith("earlier: ") for line in after)


def test_a_pretraining_that_diverged_is_told(
    sweeping: Words, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANDIAG_SCRIPT", '{"0": {"diverge": 5}}')
    anew: dict[str, Any] = {"pretraining.iterations": 20, "recording.pretrain_every": 5}
    call(*sweeping(seeds="2", preset="aylien-1d", **anew))
    done = call("analyze", str(tmp_path / "store"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "seed 0  diverging since iteration 5\n" in done.stdout
    assert "seed 1  undecided\n        not enough data" in done.stdout


def test_points_of_a_grid_and_their_runs_are_told_apart(
    sweeping: Words, call: Call, tmp_path: Path
) -> None:
    call(*sweeping("--grid=schedule.iterations=10,40", seeds="1"))
    done = call("analyze", str(tmp_path / "store"))
    assert done.returncode == 0
    for point in ("10", "40"):
        assert f"scripted schedule.iterations={point}" in done.stdout
    document = strict(call("analyze", str(tmp_path / "store"), "--json").stdout)
    assert len({run["point"] for run in document["runs"]}) == len(document["families"]) == 2


def test_a_store_is_only_read(long: Path, call: Call, tmp_path: Path) -> None:
    store = Path(shutil.copytree(long, tmp_path / "store"))
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    call("analyze", str(store))
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before
