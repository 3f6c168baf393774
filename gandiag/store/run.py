"""The directory of one run while it is being made."""

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
from gandiag.store.journal import Journal, Row, filter_journal, read_journal
from gandiag.store.manifest import FINISHED, Manifest, Status
from gandiag.store.weights import NAMES, Weights, Which, file_of

SERIES = "metrics.parquet"
REAL = "real.npz"
EVENTS = "events.jsonl"

OF_THE_END = (SERIES, frames.NAME, *NAMES.values())
"""What an attempt may have left whose end was lost."""


class RunWriter:
    """Writes one run: begun, continued, or ended.

    Args:
        directory: The run's directory, claimed by the caller.
        manifest: Its manifest.
        experiment: What is trained.
        continues: Whether the rows that are there stay although no checkpoint accounts for them.
    """

    def __init__(
        self, directory: Path, manifest: Manifest, experiment: Trained, continues: bool = False
    ) -> None:
        self.directory = directory
        self.manifest = manifest
        self.experiment = experiment
        remove_temporary_files(directory)
        earlier = _earlier_frames(directory) if continues else {}
        # What our own trainings note as an event ends them, and is noted anew.
        for name in OF_THE_END if continues else (*OF_THE_END, EVENTS):
            (directory / name).unlink(missing_ok=True)
        if continues:
            filter_journal(directory, lambda row: True)
        found = self.checkpoint = None if continues else self._continued()
        self.frames: dict[int, NDArray[Any]] = dict(found.frames) if found else earlier
        self.answers: dict[int, Answers] = dict(found.answers) if found else {}
        self._journal = Journal(directory)
        started = manifest.started or now()
        anew = dict.fromkeys(
            ("success", "verdict", "finished", "error", "diverged_at", "diverged_in")
        )
        self._set(status="running", started=started, stopped_at=None, **anew)

    @property
    def seed(self) -> int:
        """The run's seed."""
        return self.manifest.identity.seed

    def append(self, row: Row) -> None:
        """Adds a row to the journal."""
        self._journal.append(row)

    def rows(self) -> list[Row]:
        """What the journal has of the game, a row a log point."""
        return [row for row in read_journal(self.directory) if row["phase"] == "train"]

    def recorded(self, column: str) -> list[float | None]:
        """What the journal has of a column, a value a log point of the game."""
        return [row.get(column) for row in self.rows()]

    def keep_frame(self, iteration: int, samples: NDArray[Any], **beside: NDArray[Any]) -> None:
        """Keeps samples [n, coordinate], and what was seen beside them, for the end."""
        self.frames[iteration] = samples
        self.answers[iteration] = beside

    def keep_weights(self, which: Which, weights: Weights) -> None:
        """Writes weights: the last, the best, or those of an iteration."""
        weights.write(self.directory / file_of(which))

    def keep_real(self, real: Samples) -> None:
        """Keeps real samples, for the report of a run whose data are known by them alone."""
        arrays = {"values": real.values, "shape": np.array(real.shape, dtype=np.int64)}
        write_arrays(self.directory / REAL, arrays)

    def note(self, **notes: str) -> None:
        """Adds to what a reader of the columns has to know."""
        self._set(notes=self.manifest.notes | notes)

    def save(self, checkpoint: Checkpoint) -> None:
        """Writes a checkpoint."""
        checkpoint.write(self.directory)

    def event(self, **words: Any) -> None:
        """Notes something that happened."""
        with open(self.directory / EVENTS, "a", encoding="utf-8") as file:
            file.write(json.dumps({"time": now()} | words) + "\n")

    def close(self) -> list[Row]:
        """Closes the journal; returns its rows, of all phases."""
        self._journal.close()
        return read_journal(self.directory)

    def finish(self, rows: list[Row], *, may_import: bool = True, **outcome: Any) -> None:
        """Ends the run: its series as Parquet, its samples, and its outcome.

        Args:
            rows: All rows of the journal, which `close` returned.
            may_import: Whether a library may still be imported; at the exit of an interpreter
                it may not, and then the journal stays the only series.
            **outcome: What the manifest is to say: ``status``, ``success``, ``verdict``,
                ``wall_s`` and whatever else there is.
        """
        if not sys.is_finalizing() and (may_import or "pandas" in sys.modules):
            _write_series(self.directory / SERIES, rows)
        self.write_frames()
        self._set(**outcome, finished=now())
        (self.directory / checkpoints.NAME).unlink(missing_ok=True)

    def stop(self, status: Status, error: str, success: bool | None = None) -> None:
        """Ends the writing of a run that did not come to its end; it keeps its checkpoint."""
        self._journal.close()
        self._set(status=status, success=success, finished=now(), error=error)

    def _continued(self) -> Checkpoint | None:
        """The checkpoint to go on from; the journal is cut to what it knows."""
        found = read_checkpoint(self.directory)
        try:
            filter_journal(self.directory, lambda row: found is not None and _known(row, found))
        except StoreError:
            found = None
            clear_journal(self.directory)
        return found

    def write_frames(self) -> None:
        """Writes the samples that are kept so far."""
        trained = self.experiment
        images = images_of(trained.data) if isinstance(trained, Experiment) else None
        frames.write_frames(self.directory, self.frames, self.answers, images)

    def _set(self, **changes: Any) -> None:
        self.manifest = self.manifest.with_(**changes)
        self.manifest.write(self.directory)


def mark(
    directory: Path,
    manifest: Manifest,
    status: Status,
    error: str | None,
    success: bool | None = None,
) -> None:
    """Says how a run stands whose process is gone."""
    if manifest.status not in FINISHED:
        manifest.with_(status=status, success=success, error=error, finished=now()).write(directory)


def clear_journal(directory: Path) -> None:
    """Empties a journal that is damaged."""
    write_bytes(directory / "metrics.jsonl", b"")


def now() -> str:
    """The time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _known(row: Mapping[str, Any], found: Checkpoint) -> bool:
    """Whether a row is not after the checkpoint."""
    if row["phase"] != found.phase:
        return bool(row["phase"] == "pretrain")
    return bool(row["iteration"] <= found.iteration)


def _earlier_frames(directory: Path) -> dict[int, NDArray[Any]]:
    try:
        held = frames.read_frames(directory)
    except StoreError:
        return {}
    return dict(zip(held.iterations.tolist(), held.values, strict=True))


def _write_series(path: Path, rows: list[Row]) -> None:
    import pandas as pd

    write_bytes(path, pd.DataFrame(rows).to_parquet(compression="zstd"))
