"""One run on its way to the disk: begun, continued, ended."""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gandiag.experiment.loading import experiment_from
from gandiag.store.checkpoint import Checkpoint, read_checkpoint
from gandiag.store.journal import NAME as JOURNAL
from gandiag.store.journal import read_journal
from gandiag.store.manifest import Manifest, Status, read_manifest
from gandiag.store.run import RunWriter, mark_unfinished
from gandiag.store.weights import Weights, read_weights

Open = Callable[[], RunWriter]


def row(iteration: int, phase: str = "train", **more: Any) -> dict[str, Any]:
    return {"phase": phase, "iteration": iteration, "mean": 4.0, "std": 1.25} | more


def checkpoint(iteration: int, phase: str = "train") -> Checkpoint:
    return Checkpoint(phase, iteration, 0.5, {"w": np.zeros(3)}, {0: np.zeros((4, 1), np.float32)})


def kept(directory: Path) -> list[tuple[str, int]]:
    return [(held["phase"], held["iteration"]) for held in read_journal(directory)]


def test_a_run_that_is_opened_is_running(writer: Open) -> None:
    run = writer()
    told = read_manifest(run.directory)
    assert told is not None
    assert (told.status, told.error, told.finished) == ("running", None, None)
    assert told.started is not None
    run.stop("interrupted", "")


def test_a_run_that_came_to_its_end_is_a_series_samples_and_an_outcome(writer: Open) -> None:
    run = writer()
    for iteration in (0, 5):
        run.append(row(iteration))
        run.keep_frame(iteration, np.full((4, 1), iteration, np.float32))
    run.save(checkpoint(5))
    run.finish(run.close(), status="completed", success=True, verdict="undecided", wall_s=1.25)
    told = read_manifest(run.directory)
    assert told is not None
    assert (told.status, told.success, told.wall_s) == ("completed", True, 1.25)
    assert told.verdict == "undecided"
    assert told.finished is not None
    assert {*os.listdir(run.directory)} == {
        *("manifest.json", "metrics.jsonl", "metrics.parquet", "samples.npz")
    }
    assert pd.read_parquet(run.directory / "metrics.parquet")["iteration"].tolist() == [0, 5]
    with np.load(run.directory / "samples.npz") as samples:
        assert samples["iterations"].tolist() == [0, 5]
        assert samples["values"][:, 0, 0].tolist() == [0.0, 5.0]


def test_what_is_not_finite_stays_what_it_is_in_the_series(writer: Open) -> None:
    run = writer()
    run.append(row(0, mean=math.nan, std=math.inf))
    run.append(row(5, mean=-math.inf, std=1.0))
    run.finish(run.close(), status="diverged")
    series = pd.read_parquet(run.directory / "metrics.parquet")
    assert math.isnan(series["mean"][0])
    assert series["mean"][1] == -math.inf
    assert series["std"][0] == math.inf


@pytest.mark.parametrize(("status", "success"), [("crashed", False), ("interrupted", None)])
def test_a_run_that_was_stopped_keeps_its_checkpoint_and_says_why(
    status: Status, success: bool | None, writer: Open
) -> None:
    run = writer()
    run.append(row(0))
    run.save(checkpoint(0))
    run.stop(status, "RuntimeError: no", success)
    told = read_manifest(run.directory)
    assert told is not None
    assert (told.status, told.error, told.success) == (status, "RuntimeError: no", success)
    assert read_checkpoint(run.directory) is not None
    assert not (run.directory / "metrics.parquet").exists()


def test_whether_a_run_that_is_tried_again_succeeds_is_unknown(
    manifest: Manifest, tmp_path: Path
) -> None:
    experiment = experiment_from(manifest.identity.experiment, "here")
    failed = manifest.with_(status="crashed", success=False, error="no")
    run = RunWriter(tmp_path, failed, experiment)
    told = read_manifest(tmp_path)
    assert told is not None
    assert (told.status, told.error, told.success) == ("running", None, None)
    run.stop("interrupted", "")


def test_a_run_that_is_continued_keeps_what_its_checkpoint_knows(writer: Open) -> None:
    run = writer()
    started = run.manifest.started
    for iteration in (0, 5, 10):
        run.append(row(iteration))
    run.save(checkpoint(5))
    run.stop("interrupted", "the sweep was stopped")
    again = writer()
    assert again.checkpoint is not None
    assert again.checkpoint.iteration == 5
    assert list(again.frames) == [0]
    assert kept(again.directory) == [("train", 0), ("train", 5)]
    assert again.manifest.error is None
    again.append(row(10))
    assert kept(again.directory) == [("train", 0), ("train", 5), ("train", 10)]
    assert started is not None
    again.stop("interrupted", "")


@pytest.mark.parametrize(
    ("where", "left"),
    [
        (("pretrain", 25), [("pretrain", 0), ("pretrain", 25)]),
        (("train", 0), [("pretrain", 0), ("pretrain", 25), ("pretrain", 50), ("train", 0)]),
    ],
)
def test_the_phases_are_cut_one_after_the_other(
    where: tuple[str, int], left: list[tuple[str, int]], writer: Open
) -> None:
    run = writer()
    for phase, iteration in (("pretrain", 0), ("pretrain", 25), ("pretrain", 50)):
        run.append(row(iteration, phase))
    for iteration in (0, 5):
        run.append(row(iteration))
    run.save(checkpoint(where[1], where[0]))
    run.stop("interrupted", "")
    again = writer()
    assert kept(again.directory) == left
    again.stop("interrupted", "")


def test_without_a_checkpoint_a_run_starts_over(writer: Open) -> None:
    run = writer()
    run.append(row(0))
    run.stop("interrupted", "")
    again = writer()
    assert again.checkpoint is None
    assert kept(again.directory) == []
    again.stop("interrupted", "")


def test_what_a_lost_end_has_left_is_gone_when_the_run_goes_on(writer: Open) -> None:
    run = writer()
    run.append(row(0))
    run.save(checkpoint(0))
    for which in ("last", "best", 0):
        run.keep_weights(which, Weights(0, np.zeros(2), np.zeros(2)))  # type: ignore[arg-type]
    run.write_frames()
    run.event(event="stopped", iteration=5)
    run.stop("interrupted", "")
    again = writer()
    left = {*os.listdir(again.directory)} - {"manifest.json", "metrics.jsonl"}
    assert left == {"checkpoint.npz", "weights-0.npz"}
    assert read_weights(again.directory, 0).iteration == 0
    again.stop("interrupted", "")


def test_a_column_is_read_from_the_journal_of_the_game_alone(writer: Open) -> None:
    run = writer()
    run.append(row(0, "pretrain", mean=9.0))
    for iteration, mean in ((0, None), (5, 3.0), (10, math.nan)):
        run.append(row(iteration, mean=mean))
    assert run.recorded("mean")[:2] == [None, 3.0]
    assert math.isnan(run.recorded("mean")[2] or 0.0)
    assert run.recorded("else") == [None] * 3
    run.save(checkpoint(5))
    run.stop("interrupted", "")
    again = writer()
    assert again.recorded("mean") == [None, 3.0]
    again.stop("interrupted", "")


def test_a_run_that_is_redone_forgets_how_it_ended(manifest: Manifest, tmp_path: Path) -> None:
    experiment = experiment_from(manifest.identity.experiment, "here")
    ended = manifest.with_(status="completed", stopped_at=40, diverged_at=7, diverged_in="train")
    run = RunWriter(tmp_path, ended, experiment)
    told = read_manifest(tmp_path)
    assert told is not None
    assert (told.stopped_at, told.diverged_at, told.diverged_in) == (None, None, None)
    run.stop("interrupted", "")


def test_what_was_seen_beside_the_samples_is_written_with_them(writer: Open) -> None:
    run = writer()
    run.append(row(0))
    run.keep_frame(0, np.zeros((4, 1), np.float32), fake_answers=np.ones(50, np.int32))
    run.finish(run.close(), status="completed")
    with np.load(run.directory / "samples.npz") as samples:
        assert {*samples.files} == {"iterations", "values", "fake_answers"}
        assert samples["fake_answers"].shape == (1, 50)


def test_with_an_unreadable_checkpoint_a_run_starts_over(writer: Open) -> None:
    run = writer()
    run.append(row(0))
    run.stop("interrupted", "")
    (run.directory / "checkpoint.npz").write_bytes(b"PK\x03\x04")
    again = writer()
    assert again.checkpoint is None
    assert kept(again.directory) == []
    again.stop("interrupted", "")


def test_a_truncated_line_is_cut_off_before_the_run_resumes(writer: Open) -> None:
    run = writer()
    run.append(row(0))
    run.save(checkpoint(0))
    run.stop("interrupted", "")
    with open(run.directory / JOURNAL, "a", encoding="utf-8") as file:
        file.write('{"phase": "train", "itera')
    again = writer()
    again.append(row(5))
    assert kept(again.directory) == [("train", 0), ("train", 5)]
    again.stop("interrupted", "")


def test_damage_before_the_end_makes_a_run_start_over_despite_its_checkpoint(
    writer: Open,
) -> None:
    run = writer()
    run.append(row(0))
    run.append(row(5))
    run.save(checkpoint(5))
    run.stop("interrupted", "")
    path = run.directory / JOURNAL
    path.write_bytes(b"\xff" + path.read_bytes()[1:])
    again = writer()
    assert again.checkpoint is None
    assert again.frames == {}
    assert kept(again.directory) == []
    again.stop("interrupted", "")


def test_drafts_of_a_process_that_was_killed_are_cleared_away(writer: Open) -> None:
    run = writer()
    run.stop("interrupted", "")
    draft = run.directory / ".checkpoint.npz.4711"
    draft.write_bytes(b"half of it")
    (run.directory / ".owner.json").write_text("{}", encoding="utf-8")
    writer().stop("interrupted", "")
    assert not draft.exists()
    assert (run.directory / ".owner.json").exists()


def test_a_full_disk_at_the_end_leaves_no_draft_and_a_run_that_is_not_finished(
    writer: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = writer()
    run.append(row(0))

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            run.finish(run.close(), status="completed")
    assert {*os.listdir(run.directory)} == {"manifest.json", "metrics.jsonl"}
    told = read_manifest(run.directory)
    assert told is not None
    assert told.status == "running"


@pytest.mark.parametrize("status", ["completed", "diverged"])
def test_a_run_that_is_finished_is_not_marked_otherwise(status: Status, writer: Open) -> None:
    run = writer()
    run.append(row(0))
    run.finish(run.close(), status=status)
    mark_unfinished(run.directory, run.manifest, "crashed", "no")
    told = read_manifest(run.directory)
    assert told is not None
    assert (told.status, told.error) == (status, None)


def test_events_are_noted_in_order_with_their_time(writer: Open) -> None:
    run = writer()
    run.event(event="diverged", iteration=7)
    run.event(event="else")
    run.stop("interrupted", "")
    events = pd.read_json(run.directory / "events.jsonl", lines=True)
    assert events["event"].tolist() == ["diverged", "else"]
    assert events["iteration"][0] == 7
    assert events["time"].notna().all()
