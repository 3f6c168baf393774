"""Bad input: one clear message, exit code 2, no traceback, and nothing recorded is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Call = Callable[..., CompletedProcess[str]]

HIDE = """
import importlib.metadata as metadata
import sys

real = metadata.version

def version(name):
    if name.startswith(("torch", "tensorflow")):
        raise metadata.PackageNotFoundError(name)
    return real(name)

metadata.version = version
from gandiag.cli import main
main()
"""
"""The command line where neither framework is installed."""


def tree(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def refused(done: CompletedProcess[str]) -> str:
    """The one message of a command that was refused."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("error: ") == 1
    assert "Traceback" not in done.stderr
    return done.stderr.removeprefix("error: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["devnag-1"], "no preset 'devnag-1'; did you mean 'devnag-1d'?"),
        (["dirac:r2"], "no variant of dirac 'r2'"),
        (["absent.toml"], "cannot read the experiment absent.toml"),
        (["--backend=toch"], "no backend 'toch'; did you mean 'torch'? Available: auto, both, "),
        (["--seeds=ten"], "--seeds ten: 'ten' is not a seed; write a count"),
        (["--seeds=5-1"], "--seeds 5-1: the range 5-1 ends before it begins"),
        (["--seeds=1,1"], "--seeds 1,1 names [1] twice"),
        (["--seeds=0"], "--seeds 0 contains no seed"),
        (["--seeds=-1"], "'-1' is not a seed"),
        (["--seeds="], "'' is not a seed"),
        (["--jobs=0"], "--jobs 0: at least one worker is needed"),
        (["--jobs=-1"], "--jobs -1: at least one worker is needed"),
        (["--iterations=0"], "schedule.iterations: Input should be greater than or equal to 1"),
        (["--iterations=-5"], "(got -5)"),
        (["--set=schedule.batch=0"], "schedule.batch: Input should be greater than"),
        (["--set=schedule.bach=5"], "no key 'bach'; did you mean 'batch'?"),
        (["--set=schedule.batch"], "'schedule.batch' is not an assignment; write key=VALUE"),
        (["--set=schedule.batch='5'"], "valid integer (got '5')"),
        (["--set=data.kind=norml"], "no kind 'norml'; did you mean 'normal'?"),
        (["--set=generator.layers.7.units=5"], "3 items, counted from 0"),
        (["--set=schedule.chunk=5000"], "at most 32; set it to"),
        (["--set=success.0.column=men"], "no column 'men'; did you mean 'mean'?"),
        (["--grid=schedule.batch"], "is not an assignment"),
        (["--grid=schedule.batch=5,5"], "names a value or key twice"),
        (["--grid=schedule.batch=5,0"], "schedule.batch: Input should be greater than"),
        (["--timeout=soon"], "--timeout 'soon' is not a duration; write e.g. 90s, 30m or 2h"),
        (["--timeout=0"], "--timeout '0' is not a duration"),
        (["--mode=egaer"], "no mode of scripted 'egaer'"),
        (["--device=cdua"], "no device 'cdua'; did you mean 'cuda'?"),
        (["--device=cuda"], "no device 'cuda' for scripted, which finds cpu"),
    ],
)
def test_an_invalid_sweep_is_refused(
    words: list[str], said: str, call: Call, tmp_path: Path
) -> None:
    preset = [] if not words[0].startswith("--") else ["devnag-1d"]
    usual = ["--backend=scripted", f"--out={tmp_path / 'store'}"]
    assert said in refused(call("sweep", *preset, *usual, *words))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_store_path_that_is_not_writable_is_refused(
    place: str, call: Call, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    done = call("sweep", "--backend=scripted", f"--out={tmp_path / place}")
    message = done.stderr.splitlines()[-1]
    assert (done.returncode, done.stdout) == (2, "")
    assert message.startswith(f"error: cannot write to {tmp_path / place}: ")
    assert message.endswith("Choose another place with --out")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("file", ["sweep.json", "manifest.json"])
@pytest.mark.parametrize("command", ["sweep", "ls", "show", "report"])
def test_a_store_of_a_newer_version_is_refused_and_left_alone(
    command: str, file: str, store: Path, call: Call
) -> None:
    for path in store.rglob(file):
        newer = json.loads(path.read_text(encoding="utf-8")) | {"schema_version": 2}
        path.write_text(json.dumps(newer), encoding="utf-8")
    before = tree(store)
    words = {
        "sweep": ["--backend=scripted", "--seeds=40", f"--out={store}"],
        "show": ["97", f"--store={store}"],
    }.get(command, [str(store)])
    done = call(command, *words)
    assert done.returncode == 2
    assert "was written by a newer gandiag (format 2; this one reads up to 1)" in done.stderr
    assert "pip install --upgrade gandiag" in done.stderr
    after = tree(store)
    assert {name: after[name] for name in before if name != ".owner.json"} == {
        name: before[name] for name in before if name != ".owner.json"
    }


def test_a_changed_configuration_is_refused_with_the_difference(
    store: Path, quick: dict[str, object], call: Call
) -> None:
    before = tree(store)
    settings = [f"--set={key}={value}" for key, value in quick.items()]
    words = ["--backend=scripted", "--seeds=4", f"--out={store}", *settings]
    message = refused(call("sweep", "devnag-1d", *words, "--iterations=21"))
    assert "schedule.iterations: stored 20, asked 21" in message
    assert f"gandiag rm {store}" in message
    assert tree(store) == before


@pytest.mark.parametrize("words", [["ls"], ["report"], ["show", "feed", "--store"]])
def test_a_missing_store_is_refused(words: list[str], call: Call, tmp_path: Path) -> None:
    message = refused(call(*words, str(tmp_path / "nowhere")))
    assert str(tmp_path / "nowhere") in message
    assert "gandiag sweep" in message


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "feed"], "no run in {store} begins with 'feed'; see gandiag ls {store}"),
        (["show", ""], "4 runs in {store} begin with ''"),
        (["rm", "feed", "--yes"], "no run in {store} begins with 'feed'"),
        (["rm", "scripted-0", "--yes"], "4 runs in {store} begin with 'scripted-0'"),
    ],
)
def test_an_ambiguous_or_unknown_run_is_refused(
    words: list[str], said: str, store: Path, call: Call
) -> None:
    before = tree(store)
    assert said.format(store=store) in refused(call(*words, f"--store={store}"))
    assert tree(store) == before


def test_an_unknown_preset_is_refused_by_presets_too(call: Call) -> None:
    assert "did you mean 'dirac'?" in refused(call("presets", "dirak"))
    assert "did you mean 'nsgan'?" in refused(call("presets", "dirac:nsgn"))


def test_an_unknown_report_is_refused(store: Path, call: Call) -> None:
    assert "no report 'htm'; did you mean 'html'?" in refused(
        call("report", str(store), "--kind=htm")
    )


def test_a_report_that_cannot_be_written_is_refused(
    store: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gandiag.plugins.report", lambda kind: lambda results: "<p>")
    place = store / "sweep.json" / "report.html"
    assert f"cannot write {place}: " in refused(call("report", str(store), "-o", str(place)))


def test_nothing_is_removed_without_confirmation(store: Path, call: Call) -> None:
    assert "add --yes" in refused(call("rm", str(store)))
    assert store.exists()


def test_a_traceback_is_shown_only_with_debug(call: Call, run: Call) -> None:
    assert "Traceback" not in call("presets", "nope").stderr
    done = run("--debug", "presets", "nope")
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "ExperimentError: there is no preset 'nope'" in done.stderr


@pytest.mark.parametrize(
    ("backend", "hints"),
    [
        ("auto", ["gandiag[torch]", "gandiag[tensorflow-cpu]", "(tensorflow, torch), and none"]),
        ("torch", ["pip install 'gandiag[torch]'", "'torch' needs a framework"]),
        ("tensorflow", ["pip install 'gandiag[tensorflow-cpu]'", "'tensorflow' needs a framework"]),
        ("both", ["pip install 'gandiag[torch]'"]),
    ],
)
def test_without_a_framework_a_sweep_says_what_to_install(
    backend: str, hints: list[str], run: Call, tmp_path: Path
) -> None:
    place = f"--out={tmp_path / 'store'}"
    message = refused(run("-c", HIDE, "sweep", f"--backend={backend}", place, module=False))
    assert all(hint in message for hint in hints), message
    assert not (tmp_path / "store").exists()


def test_without_a_framework_the_doctor_says_what_to_install(run: Call) -> None:
    done = run("-c", HIDE, "doctor", module=False)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "torch        not installed; run: pip install 'gandiag[torch]'" in done.stdout
    assert "tensorflow   not installed; run: pip install 'gandiag[" in done.stdout
    document = json.loads(run("-c", HIDE, "doctor", "--json", module=False).stdout)
    assert document["schema"] == "gandiag.doctor/1"
    assert {found["name"]: found["version"] for found in document["backends"]} == {
        "tensorflow": None,
        "torch": None,
    }
    assert document["warnings"] == []


def test_without_a_framework_a_store_can_be_listed(run: Call, finished: Path) -> None:
    done = run("-c", HIDE, "ls", str(finished), module=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "diverged at 7" in done.stdout
