"""A user's own function in a sweep: called once a seed, in a worker, and resumed like any other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from textwrap import dedent

import pytest

import gandiag
from gandiag.sweeping.functions import is_function

Call = Callable[..., CompletedProcess[str]]

SOURCE = """
import random
from pathlib import Path

import numpy as np

def train(seed, monitor, lr=1.0, iterations=40, crash=-1, lose=-1):
    Path("called.txt").open("a").write(f"{seed} ")
    rng = np.random.default_rng(seed)
    monitor.compare(real=rng.normal(0.0, 1.0, 500), every=10)
    for step in range(iterations):
        if seed == crash and step == 25:
            raise RuntimeError("out of patience")
        monitor.log(step, d_loss=float("nan") if seed == lose else lr, d_updates=1, g_updates=1)
        if monitor.wants_samples(step):
            monitor.log_samples(step, fake=rng.normal(0.0, lr, 200))
        if monitor.should_stop:
            break

def lonely(seed):
    pass

async def waits(seed, monitor):
    pass

def yields(seed, monitor, name="a"):
    yield name

def wanders(seed, monitor, name="a"):
    import os, tempfile
    os.chdir(tempfile.mkdtemp())
    monitor.compare(real=[1.0, 2.0], every=1)
    monitor.log(0, d_loss=float(len(name)))
    assert not __import__("sys").stdin.readline()
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with the user's module in it."""
    (tmp_path / "my_gan.py").write_text(dedent(SOURCE))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def called(here: Path) -> list[str]:
    path = here / "called.txt"
    return sorted(path.read_text().split()) if path.exists() else []


def test_it_is_called_once_a_seed(here: Path, call: Call) -> None:
    done = call("sweep", "my_gan:train", "--seeds=3")
    assert done.returncode == 0, done.stderr
    assert called(here) == ["0", "1", "2"]
    results = gandiag.load(here / "runs" / "my_gan-train")
    assert set(results.runs["status"]) == {"completed"}
    assert results.runs["backend"].tolist() == ["function"] * 3
    assert results.series["iteration"].tolist() == [0, 10, 20, 30, 39] * 3
    assert (here / "runs" / "my_gan-train" / "report.html").exists()


def test_the_same_command_trains_what_is_missing(here: Path, call: Call) -> None:
    words = ("sweep", "my_gan:train", "--no-report", "--set=crash=1")
    assert call(*words, "--seeds=2").returncode == 1
    assert call(*words, "--seeds=3").returncode == 1
    assert called(here) == ["0", "1", "2"]
    again = call(*words, "--seeds=3", "--retry-failed")
    assert again.returncode == 1
    assert called(here) == ["0", "1", "1", "2"]
    runs = gandiag.load(here / "runs" / "my_gan-train").runs
    assert runs["status"].tolist() == ["completed", "crashed", "completed"]
    assert "RuntimeError: out of patience" in runs["error"][1]
    assert len(gandiag.load(here / "runs" / "my_gan-train").series.query("seed == 1")) == 4


def test_options_and_grids_reach_it(here: Path, call: Call) -> None:
    done = call("sweep", "my_gan:train", "--seeds=2", "--grid=lr=0.5,2.0", "--iterations=20",
                "--no-report", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["runs"]) == 4
    series = gandiag.load(here / "runs" / "my_gan-train").series
    assert series.groupby("point")["d_loss"].first().to_dict() == {
        "lr=0.5": 0.5,
        "lr=2.0": 2.0,
    }
    assert series["iteration"].max() == 19


def test_a_training_that_diverges_is_an_outcome(here: Path, call: Call) -> None:
    done = call("sweep", "my_gan:train", "--seeds=2", "--set=lose=1", "--no-report")
    assert done.returncode == 0
    runs = gandiag.load(here / "runs" / "my_gan-train").runs
    assert runs["status"].tolist() == ["completed", "diverged"]
    assert runs["diverged_at"][1] == 0


def test_a_file_will_do_and_a_toml_with_rules_and_options(here: Path, call: Call) -> None:
    (here / "mine.toml").write_text(
        'kind = "recorded"\nname = "mine"\nfunction = "my_gan.py:train"\niterations = 30\n'
        '[options]\nlr = 3.0\n[[success]]\ncolumn = "std"\nlow = 0.5\nhigh = 1.5\n'
    )
    assert call("sweep", "mine.toml", "--seeds=1", "--no-report").returncode == 0
    results = gandiag.load(here / "runs" / "mine")
    assert results.runs["success"].tolist() == [False]
    assert results.runs["iterations"].tolist() == [30]
    assert call("sweep", "my_gan.py:train", "--seeds=1", "--no-report").returncode == 0


def test_another_version_of_the_source_is_another_sweep(here: Path, call: Call) -> None:
    words = ("sweep", "my_gan:train", "--seeds=1", "--no-report")
    assert call(*words).returncode == 0
    (here / "my_gan.py").write_text(dedent(SOURCE) + "\n# a change\n")
    done = call(*words)
    assert done.returncode == 2
    assert "versions.source" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["my_gan:trian"], "there is no function 'trian'; did you mean 'train'?"),
        (["my_gan:waits"], "waits is async"),
        (["my_gan:train", "--set=learning=1"], "there is no option of train 'learning'"),
        (["nowhere.py:train"], "cannot read the source of nowhere.py:train"),
        (["typo.toml"], "there is no kind 'recored'; did you mean 'recorded'?"),
        (["nowhere.toml"], "cannot read the source of nowhere:train"),
        (["my_gan:lonely"], "is called as lonely(seed, monitor, **options)"),
        (["no_such_gan:train"], "there is no preset 'no_such_gan'"),
        (["my_gan:train", "--backend=torch"], "--backend torch: a function of your own"),
        (["my_gan:train", "--device=cuda"], "--device cuda: a function of your own"),
    ],
)
def test_what_cannot_be_called_is_said_before_any_worker(
    here: Path, call: Call, words: list[str], message: str
) -> None:
    (here / "typo.toml").write_text('kind = "recored"\nname = "a"\nfunction = "my_gan:train"')
    (here / "nowhere.toml").write_text('kind = "recorded"\nname = "a"\nfunction = "nowhere:train"')
    done = call("sweep", *words, "--seeds=1")
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert called(here) == []


def test_an_option_may_bear_any_name_and_a_function_go_anywhere(here: Path, call: Call) -> None:
    done = call("sweep", "my_gan:wanders", "--seeds=1", "--grid=name=a,bcd", "--no-report")
    assert done.returncode == 0, done.stderr
    series = gandiag.load(here / "runs" / "my_gan-wanders").series
    assert series["d_loss"].tolist() == [1, 3]


def test_a_rule_of_success_may_be_set(here: Path, call: Call) -> None:
    rule = '--set=success=[{column="std", low=0.5, high=1.5}]'
    assert call("sweep", "my_gan:train", "--seeds=1", rule, "--no-report").returncode == 0
    assert gandiag.load(here / "runs" / "my_gan-train").runs["success"].tolist() == [True]


def test_a_generator_is_no_training(here: Path, call: Call) -> None:
    assert call("sweep", "my_gan:yields", "--seeds=1", "--no-report").returncode == 1
    runs = gandiag.load(here / "runs" / "my_gan-yields").runs
    assert "returned a generator, which has not run" in runs["error"][0]


def test_presets_and_their_variants_are_no_functions(here: Path) -> None:
    assert is_function("my_gan:train")
    assert is_function("my_gan.py:train")
    (here / "dirac.py").touch()
    assert not any(map(is_function, ["dirac:r1", "devnag-1d", "my.toml:wide", "json", "a b:c"]))
