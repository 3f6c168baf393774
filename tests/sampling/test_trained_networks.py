"""A run's directory, and what is said of one that cannot be sampled."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import gandiag
from gandiag.errors import StoreError
from gandiag.sampling import read_trained_networks

from .kept import keep, small


def alter(run: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Changes a manifest."""
    path = run / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_the_weights_read_are_those_written(tmp_path: Path) -> None:
    experiment = small(discriminator__layers=[{"kind": "dense", "units": 1}])
    trained = read_trained_networks(keep(tmp_path / "run", experiment, seed=6))
    assert (trained.seed, trained.experiment) == (6, experiment)
    assert (trained.generator.inputs, trained.discriminator.inputs) == (3, 2)


def test_a_snapshot_is_not_the_end(tmp_path: Path) -> None:
    run = keep(tmp_path / "run", small())
    keep(run, small(), which="weights-200.npz", seed=1)
    assert not np.array_equal(
        read_trained_networks(run, 200).weights.g, read_trained_networks(run).weights.g
    )


@pytest.mark.parametrize(
    ("which", "said"),
    [
        (300, "no weights of iteration 300 .* It has: last, 200"),
        ("best", "no weights called 'best'"),
        ("beast", "no kind of weights 'beast'; did you mean 'best'?"),
    ],
)
def test_weights_that_are_not_there_are_refused_with_what_there_is(
    which: int, said: str, tmp_path: Path
) -> None:
    run = keep(tmp_path / "run", small())
    keep(run, small(), which="weights-200.npz")
    with pytest.raises(StoreError, match=said):
        read_trained_networks(run, which)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"status": "running"}, r"has not come to its end \(running\)"),
        ({"status": "interrupted"}, "the same sweep again goes on with it"),
        ({"status": "diverged", "diverged_in": "pretrain"}, "diverged before the game"),
        ({"status": "completed"}, "an older gandiag trained it"),
    ],
)
def test_a_run_without_weights_says_why(facts: dict[str, str], said: str, tmp_path: Path) -> None:
    run = keep(tmp_path / "run", small(), **facts)
    (run / "weights.npz").unlink()
    with pytest.raises(StoreError, match=said):
        read_trained_networks(run)


def test_a_run_of_a_user_s_own_loop_has_no_networks(tmp_path: Path) -> None:
    with gandiag.Monitor(tmp_path / "store") as monitor:
        monitor.log(1, d_loss=1.0, g_loss=1.0)
    (run,) = (path.parent for path in (tmp_path / "store").glob("*/manifest.json"))
    with pytest.raises(StoreError, match="recorded in a loop of its own"):
        read_trained_networks(run)


def test_a_store_is_no_run_and_its_runs_are_named(finished: Path) -> None:
    with pytest.raises(StoreError, match=r"is a store; name one of its 4 runs, e\.g\. .*-0000-"):
        read_trained_networks(finished)


@pytest.mark.parametrize("content", [None, "{"])
def test_a_directory_without_a_run_is_refused(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(StoreError, match="no run's directory"):
        read_trained_networks(tmp_path)


def test_an_experiment_that_is_no_longer_understood_names_the_version(tmp_path: Path) -> None:
    run = keep(tmp_path / "run", small())
    alter(run, lambda held: held["identity"]["experiment"].update(old=1))  # type: ignore[index]
    alter(run, lambda held: held["identity"]["versions"].update(gandiag="0.1"))  # type: ignore[index]
    with pytest.raises(StoreError, match=r"(?s)no key 'old'.*trained by gandiag 0\.1"):
        read_trained_networks(run)


def test_damaged_weights_are_reported(tmp_path: Path) -> None:
    run = keep(tmp_path / "run", small())
    (run / "weights.npz").write_bytes(b"PK")
    with pytest.raises(StoreError, match="is damaged"):
        read_trained_networks(run)


def test_a_run_is_read_wherever_it_was_moved(tmp_path: Path) -> None:
    run = keep(tmp_path / "run", small())
    moved = shutil.move(run, tmp_path / "elsewhere")
    assert read_trained_networks(moved).experiment == small()
