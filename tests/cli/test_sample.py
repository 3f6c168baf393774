"""``gandiag sample``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest
from PIL import Image

from gandiag.experiment.loading import read_experiment
from gandiag.sampling import sample
from gandiag.store.weights import read_weights

from ..sampling.kept import keep  # noqa: TID252

Call = Callable[..., CompletedProcess[str]]


@pytest.fixture(autouse=True)
def _temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default output goes to a temporary folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def conditional(tmp_path: Path) -> Path:
    """A run of a published conditional net."""
    return keep(tmp_path / "digits", read_experiment("dcgan-mnist-small"), kind="float32")


def test_sample_writes_an_image_and_prints_its_name(run_directory: Path, call: Call) -> None:
    done = call("sample", str(run_directory))
    assert (done.returncode, done.stdout) == (0, "sample.png\n")
    assert (
        done.stderr
        == f"64 samples of devnag-1d, seed 1, run {run_directory.name[-8:]}, iteration 20\n"
    )
    with Image.open("sample.png") as picture:
        assert picture.format == "PNG"


def test_sample_writes_the_samples_of_the_function(run_directory: Path, call: Call) -> None:
    assert call("sample", str(run_directory), "-n", "9", "--seed=5", "-o", "x.npy").returncode == 0
    assert np.array_equal(np.load("x.npy"), sample(run_directory, 9, seed=5))


def test_sample_writes_latent_points_and_labels_too(conditional: Path, call: Call) -> None:
    assert call("sample", str(conditional), "-n", "12", "-o", "x.npz").returncode == 0
    held = np.load("x.npz", allow_pickle=False)
    assert held["labels"].tolist() == [*range(10), 0, 1]
    assert (held["latent"].shape, held["samples"].shape) == ((12, 100), (12, 1, 28, 28))


def test_a_label_applies_to_all_samples(conditional: Path, call: Call) -> None:
    done = call("sample", str(conditional), "-n", "4", "--label=7", "-o", "x.npy", "--json")
    assert json.loads(done.stdout)["labels"] == [7] * 4
    assert np.array_equal(np.load("x.npy"), sample(conditional, 4, labels=7))


def test_an_image_has_one_column_per_label(conditional: Path, call: Call) -> None:
    assert call("sample", str(conditional), "-n", "20").returncode == 0
    with Image.open("sample.png") as picture:
        width, height = picture.size
    assert (width - 2) * 2 == (height - 2) * 10


def test_sample_json_is_one_document(run_directory: Path, call: Call) -> None:
    document = json.loads(
        call("sample", str(run_directory), "-n", "5", "-o", "x.npz", "--json").stdout
    )
    assert document["schema"] == "gandiag.sample/1"
    facts = {name: document[name] for name in ("experiment", "seed", "iteration", "n", "shape")}
    assert facts == {
        "experiment": "devnag-1d", "seed": 1, "iteration": 20, "n": 5, "shape": [1]
    }  # fmt: skip
    assert (document["finite"], document["labels"], document["out"]) == (5, None, "x.npz")


def test_a_run_is_found_by_a_prefix_of_its_name_or_id(
    run_directory: Path, finished: Path, call: Call
) -> None:
    short = json.loads((run_directory / "manifest.json").read_text(encoding="utf-8"))["run"][:7]
    for store in (finished, finished.parent):
        for words in ("scripted-0001", short):
            done = call("sample", words, f"--store={store}", "-o", "x.npy", "--json")
            assert json.loads(done.stdout)["seed"] == 1


def test_a_diverged_run_has_samples_but_no_image(finished: Path, call: Call) -> None:
    (lost,) = finished.glob("scripted-0003-*")
    done = call("sample", str(lost), "-n", "3", "-o", "x.npy", "--json")
    assert (done.returncode, json.loads(done.stdout)["finite"]) == (0, 0)
    refused = call("sample", str(lost))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "no sample is finite" in refused.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-n", "0"], "n = 0: at least one sample is needed"),
        (["-n", "-4"], "n = -4: at least one sample is needed"),
        (["--which=best"], "has no weights called 'best' (best.npz). It has: last"),
        (["--which=7"], "has no weights of iteration 7"),
        (["--which=bset"], "there is no kind of weights 'bset'; did you mean 'best'?"),
        (["--label=1"], "the generator of devnag-1d takes no labels"),
        (["-o", "x.jpg"], "cannot write x.jpg: its name has to end with .png, .npy or .npz"),
        (["-o", "absent/x.png"], "cannot write absent/x.png: No such file"),
    ],
)
def test_an_invalid_sample_request_is_refused(
    words: list[str], said: str, run_directory: Path, call: Call, tmp_path: Path
) -> None:
    done = call("sample", str(run_directory), *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert (done.stderr.count("\n"), said in done.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["sample", "weights"])
def test_an_unknown_run_is_refused(command: str, finished: Path, call: Call) -> None:
    for words, said in (
        ([str(finished)], "is a store; name one of its 4 runs"),
        (["nothing"], "there is no run 'nothing'"),
        (["scripted", f"--store={finished}"], "4 runs in"),
        (["."], "no run's directory"),
    ):
        done = call(command, *words)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert said in done.stderr


def test_a_best_generator_at_iteration_0_is_called_untrained(
    run_directory: Path, call: Call, tmp_path: Path
) -> None:
    held = read_weights(run_directory)
    copy = tmp_path / "run"
    shutil.copytree(run_directory, copy)
    replace(held, iteration=0).write(copy / "best.npz")
    done = call("sample", str(copy), "--which=best", "-o", "x.npy")
    assert done.stderr.endswith(", iteration 0, untrained\n")
