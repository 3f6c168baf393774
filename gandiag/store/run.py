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

from gandiag.analysis.record import SAMPLED
from gandiag.analysis.success import succeeded
from gandiag.data.samples import Samples
from gandiag.diagnosing import record_of
from gandiag.errors import StoreError, must_be_one_of
from gandiag.experiment import Experiment
from gandiag.live import judge
from gandiag.recorded import Trained
from gandiag.store import checkpoint as checkpoints
from gandiag.store import frames
from gandiag.store.checkpoint import Checkpoint, read_checkpoint
from gandiag.store.files import remove_drafts, write_arrays, write_bytes
from gandiag.store.frames import Beside
from gandiag.store.images import images_of
from gandiag.store.journal import Journal, Row, keep_rows, read_journal
from gandiag.store.manifest import FAILED, FINISHED, Manifest, Status
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
        goes_on: Whether the rows that are there stay although no checkpoint accounts for them.
    """

    def __init__(
        self, directory: Path, manifest: Manifest, experiment: Trained, goes_on: bool = False
    ) -> None:
        self.directory = directory
        self.manifest = manifest
        self.experiment = experiment
        remove_drafts(directory)
        earlier = _earlier_frames(directory) if goes_on else {}
        # What our own trainings note as an event ends them, and is noted anew.
        for name in OF_THE_END if goes_on else (*OF_THE_END, EVENTS):
            (directory / name).unlink(missing_ok=True)
        if goes_on:
            keep_rows(directory, lambda row: True)
        found = self.checkpoint = None if goes_on else self._continued()
        self.frames: dict[int, NDArray[Any]] = dict(found.frames) if found else earlier
        self.beside: dict[int, Beside] = dict(found.beside) if found else {}
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
        self.beside[iteration] = beside

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

    def finish(
        self, status: Status, wall_s: float, *, at_leisure: bool = True, **changes: Any
    ) -> None:
        """Ends the run: its series as Parquet, its samples, and its outcome.

        Args:
            status: How it ended.
            wall_s: For how long it trained, in seconds.
            at_leisure: Whether a library may still be imported; at the exit of an interpreter
                it may not, and then the journal stays the only series.
            **changes: What else the manifest is to say.
        """
        self._journal.close()
        rows = read_journal(self.directory)
        if not sys.is_finalizing() and (at_leisure or "pandas" in sys.modules):
            _write_series(self.directory / SERIES, rows)
        self.write_frames()
        game = [row for row in rows if row["phase"] == "train"]
        columns = [bound.column for bound in self.experiment.success]
        series = {
            c: np.array([row.get(c) for row in game], np.float64) for c in (*columns, SAMPLED)
        }
        success = succeeded(self.experiment.success, series, status == "completed")
        unknown = sorted(c for c in columns if game and not any(c in row for row in game))
        if unknown and status == "completed" and self.experiment.success:
            success = None
            self.note(**{"monitor: success": _never_recorded(unknown, game)})
        at = changes.get("diverged_at")
        verdict = judge(lambda: record_of(game, self.experiment, at).ended())
        outcome = {"status": status, "success": success, "verdict": verdict.name}
        self._set(**outcome, finished=now(), wall_s=wall_s, **changes)
        (self.directory / checkpoints.NAME).unlink(missing_ok=True)

    def stop(self, status: Status, error: str) -> None:
        """Ends the writing of a run that did not come to its end; it keeps its checkpoint."""
        self._journal.close()
        success = without_end(self.manifest, status)
        self._set(status=status, success=success, finished=now(), error=error)

    def _continued(self) -> Checkpoint | None:
        """The checkpoint to go on from; the journal is cut to what it knows."""
        found = read_checkpoint(self.directory)
        try:
            keep_rows(self.directory, lambda row: found is not None and _known(row, found))
        except StoreError:
            found = None
            keep_rows_of_nothing(self.directory)
        return found

    def write_frames(self) -> None:
        """Writes the samples that are kept so far."""
        trained = self.experiment
        images = images_of(trained.data) if isinstance(trained, Experiment) else None
        frames.write_frames(self.directory, self.frames, self.beside, images)

    def _set(self, **changes: Any) -> None:
        self.manifest = self.manifest.with_(**changes)
        self.manifest.write(self.directory)


def mark(directory: Path, manifest: Manifest, status: Status, error: str | None) -> None:
    """Says how a run stands whose process is gone."""
    if manifest.status not in FINISHED:
        success = without_end(manifest, status)
        manifest.with_(status=status, success=success, error=error, finished=now()).write(directory)


def without_end(manifest: Manifest, status: Status) -> bool | None:
    """The success of a run that did not come to its end: a failed one stays in the denominator."""
    return False if status in FAILED and manifest.identity.experiment.get("success") else None


def keep_rows_of_nothing(directory: Path) -> None:
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


def _never_recorded(columns: list[str], rows: list[Row]) -> str:
    """What is said of a rule that bounds what was not recorded."""
    known = sorted({name for row in rows for name in row})
    complaints = (must_be_one_of("recorded column", column, known) for column in columns)
    return f"the success rule cannot be applied: {'; '.join(complaints)}"


def _earlier_frames(directory: Path) -> dict[int, NDArray[Any]]:
    try:
        held = frames.read_frames(directory)
    except StoreError:
        return {}
    return dict(zip(held.iterations.tolist(), held.values, strict=True))


def _write_series(path: Path, rows: list[Row]) -> None:
    import pandas as pd

    write_bytes(path, pd.DataFrame(rows).to_parquet(compression="zstd"))
