"""Writes the directory of one run: its journal, frames, weights, checkpoint and manifest."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.data.samples import Samples
from gandiag.errors import StoreError
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.recorded import Trained
from gandiag.store import checkpoint as checkpoints
from gandiag.store import frames
from gandiag.store.checkpoint import Checkpoint, read_checkpoint
from gandiag.store.files import remove_temporary_files, write_arrays, write_bytes
from gandiag.store.frames import Answers
from gandiag.store.images import images_of
from gandiag.store.journal import Journal, Row, clear_journal, filter_journal, read_journal
from gandiag.store.manifest import FINISHED, Manifest, Status
from gandiag.store.weights import NAMES, Weights, Which, file_of

SERIES = "metrics.parquet"
REAL = "real.npz"
EVENTS = "events.jsonl"

FINAL_FILES = (SERIES, frames.NAME, *NAMES.values())
"""Files that are written at the end; an attempt that was cut off may have left them."""


class RunWriter:
    """Writes one run: begins, resumes or ends it.

    Args:
        directory: The run's directory, which the caller has locked.
        manifest: Its manifest.
        experiment: What is trained.
        continues: Whether to keep all existing rows, without a checkpoint.
    """

    def __init__(
        self, directory: Path, manifest: Manifest, experiment: Trained, continues: bool = False
    ) -> None:
        self.directory = directory
        self.manifest = manifest
        self.experiment = experiment
        remove_temporary_files(directory)
        earlier = _earlier_frames(directory) if continues else {}
        # A sweep repeats its events when it resumes a run.
        for name in FINAL_FILES if continues else (*FINAL_FILES, EVENTS):
            (directory / name).unlink(missing_ok=True)
        if continues:
            filter_journal(directory, lambda row: True)
        checkpoint = self.checkpoint = None if continues else self._resume()
        self.frames: dict[int, NDArray[Any]] = dict(checkpoint.frames) if checkpoint else earlier
        self.answers: dict[int, Answers] = dict(checkpoint.answers) if checkpoint else {}
        self._journal = Journal(directory)
        started = manifest.started or now()
        cleared = dict.fromkeys(
            ("success", "verdict", "finished", "error", "diverged_at", "diverged_in")
        )
        self._update(status="running", started=started, stopped_at=None, **cleared)

    @property
    def seed(self) -> int:
        """The run's seed."""
        return self.manifest.identity.seed

    def append(self, row: Row) -> None:
        """Adds a row to the journal."""
        self._journal.append(row)

    def rows(self) -> list[Row]:
        """The rows of the game in the journal, one per log point."""
        return [row for row in read_journal(self.directory) if row["phase"] == "train"]

    def recorded(self, column: str) -> list[float | None]:
        """A column of the journal, one value per log point of the game."""
        return [row.get(column) for row in self.rows()]

    def keep_frame(self, iteration: int, samples: NDArray[Any], **answers: NDArray[Any]) -> None:
        """Keeps samples [n, coordinate] and D's answers; they are written at the end."""
        self.frames[iteration] = samples
        self.answers[iteration] = answers

    def keep_weights(self, which: Which, weights: Weights) -> None:
        """Writes weights: the last, the best, or those of an iteration."""
        weights.write(self.directory / file_of(which))

    def keep_real(self, real: Samples) -> None:
        """Writes real samples, for the report of a run whose data are known only from samples."""
        arrays = {"values": real.values, "shape": np.array(real.shape, dtype=np.int64)}
        write_arrays(self.directory / REAL, arrays)

    def note(self, **notes: str) -> None:
        """Adds remarks on the columns."""
        self._update(notes=self.manifest.notes | notes)

    def save(self, checkpoint: Checkpoint) -> None:
        """Writes a checkpoint."""
        checkpoint.write(self.directory)

    def event(self, **fields: Any) -> None:
        """Appends an event to the run's events."""
        with open(self.directory / EVENTS, "a", encoding="utf-8") as file:
            file.write(json.dumps({"time": now()} | fields) + "\n")

    def close(self) -> list[Row]:
        """Closes the journal; returns its rows, of all phases."""
        self._journal.close()
        return read_journal(self.directory)

    def finish(self, rows: list[Row], *, may_import: bool = True, **outcome: Any) -> None:
        """Ends the run: its series as Parquet, its samples, and its outcome.

        Args:
            rows: All rows of the journal, which `close` returned.
            may_import: Whether libraries may still be imported. When the interpreter exits they may
                not, and then the series stays in the journal only.
            **outcome: Values for the manifest: ``status``, ``success``, ``verdict``, ``wall_s`` and
                others.
        """
        if not sys.is_finalizing() and (may_import or "pandas" in sys.modules):
            _write_series(self.directory / SERIES, rows)
        self.write_frames()
        self._update(**outcome, finished=now())
        (self.directory / checkpoints.NAME).unlink(missing_ok=True)

    def stop(self, status: Status, error: str, success: bool | None = None) -> None:
        """Closes a run that has not finished; its checkpoint stays."""
        self._journal.close()
        self._update(status=status, success=success, finished=now(), error=error)

    def _resume(self) -> Checkpoint | None:
        """The checkpoint to resume from; journal rows after it are removed."""
        checkpoint = read_checkpoint(self.directory)
        try:
            filter_journal(self.directory, lambda row: _is_before(row, checkpoint))
        except StoreError:
            checkpoint = None
            clear_journal(self.directory)
        return checkpoint

    def write_frames(self) -> None:
        """Writes the frames kept so far."""
        trained = self.experiment
        images = images_of(trained.data) if isinstance(trained, Experiment) else None
        frames.write_frames(self.directory, self.frames, self.answers, images)

    def _update(self, **changes: Any) -> None:
        self.manifest = self.manifest.with_(**changes)
        self.manifest.write(self.directory)


def mark_unfinished(
    directory: Path,
    manifest: Manifest,
    status: Status,
    error: str | None,
    success: bool | None = None,
) -> None:
    """Writes the status of a run whose process has ended without writing it."""
    if manifest.status not in FINISHED:
        manifest.with_(status=status, success=success, error=error, finished=now()).write(directory)


def now() -> str:
    """The time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _is_before(row: Mapping[str, Any], checkpoint: Checkpoint | None) -> bool:
    """Whether a row is at or before the checkpoint; no row is before None."""
    if checkpoint is None:
        return False
    if row["phase"] != checkpoint.phase:
        return bool(row["phase"] == "pretrain")
    return bool(row["iteration"] <= checkpoint.iteration)


def _earlier_frames(directory: Path) -> dict[int, NDArray[Any]]:
    try:
        kept = frames.read_frames(directory)
    except StoreError:
        return {}
    return dict(zip(kept.iterations.tolist(), kept.values, strict=True))


def _write_series(path: Path, rows: list[Row]) -> None:
    import pandas as pd

    write_bytes(path, pd.DataFrame(rows).to_parquet(compression="zstd"))
