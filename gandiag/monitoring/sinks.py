"""Where a monitor writes a run: to its directory in a store, or to memory."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from gandiag._version import __version__
from gandiag.data.samples import Samples
from gandiag.diagnosis.outcome import finish, success_if_unfinished
from gandiag.errors import StoreError
from gandiag.experiment.recorded import Recorded
from gandiag.monitoring.windows import Row
from gandiag.store.journal import read_journal
from gandiag.store.locking import lock_directory
from gandiag.store.manifest import FINISHED, Identity, Manifest, Status
from gandiag.store.run import RunWriter
from gandiag.store.store import Store

BACKEND = "loop"
"""Recorded in place of the runner when a user's own loop trains."""

ASIDE = "aside"
"""The folder in a store for runs that a new run of their seed has replaced."""

FRAMEWORKS = ("torch", "tensorflow", "keras", "jax", "lightning", "accelerate")

STORE_WAIT_S = 10.0
"""How long to wait for others that begin their runs in a store, in seconds."""

RUN_WAIT_S = 1.0
"""How long to wait for a process that only checks whether a run is live, in seconds."""

Existing = Literal["refuse", "replace", "continue"]


class Sink(Protocol):
    """Where a run is written."""

    def append(self, row: Row) -> None:
        """Adds a row."""

    def event(self, **fields: Any) -> None:
        """Writes an event with its fields."""

    def note(self, **notes: str) -> None:
        """Adds notes for the reader of the run."""

    def keep_frames(self, frames: Mapping[int, NDArray[np.float32]]) -> None:
        """Keeps these frames in place of the ones before."""

    def keep_real(self, real: Samples) -> None:
        """Keeps real samples."""

    def finish(self, status: Any, wall_s: float, **changes: Any) -> None:
        """Ends the run."""


class MemorySink:
    """Keeps a run in memory.

    Attributes:
        rows: Its rows.
        frames: The latest frames, by step.
        notes: Notes for the reader.
        status: How the run ended.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.frames: dict[int, NDArray[np.float32]] = {}
        self.notes: dict[str, str] = {}
        self.status: Status = "running"

    def append(self, row: Row) -> None:
        """Adds a row."""
        self.rows.append(row)

    def event(self, **fields: Any) -> None:
        """Writes nothing: the rows show it."""

    def note(self, **notes: str) -> None:
        """Adds notes."""
        self.notes |= notes

    def keep_frames(self, frames: Mapping[int, NDArray[np.float32]]) -> None:
        """Keeps these frames in place of the ones before."""
        self.frames = dict(frames)

    def keep_real(self, real: Samples) -> None:
        """Keeps nothing: the program has the data in memory anyway."""

    def finish(self, status: Any, wall_s: float, **changes: Any) -> None:
        """Ends the run."""
        self.status = status


class RunSink:
    """Writes one run of a store, which is locked for this process until the run ends.

    Args:
        writer: Writes the run.
        locks: Closed when the run ends.
    """

    def __init__(self, writer: RunWriter, locks: ExitStack) -> None:
        self._writer = writer
        self._locks = locks

    @property
    def directory(self) -> Path:
        """The run's directory."""
        return self._writer.directory

    @property
    def trained(self) -> Recorded | None:
        """The description of the training, where it is a user's own."""
        trained = self._writer.experiment
        return trained if isinstance(trained, Recorded) else None

    def earlier(self) -> tuple[list[Row], dict[int, NDArray[np.float32]]]:
        """The rows and the frames of a run that is continued."""
        return read_journal(self.directory), self._writer.frames

    def append(self, row: Row) -> None:
        """Adds a row; once this returns, the row survives a crash of the process."""
        identity = self._writer.manifest.identity
        self._writer.append({"seed": identity.seed, "backend": identity.backend} | row)

    def event(self, **fields: Any) -> None:
        """Writes an event with its fields."""
        self._writer.event(**fields)

    def note(self, **notes: str) -> None:
        """Adds notes to the manifest."""
        self._writer.note(**notes)

    def keep_frames(self, frames: Mapping[int, NDArray[np.float32]]) -> None:
        """Writes these frames in place of the ones before."""
        self._writer.frames = dict(frames)
        self._writer.write_frames()

    def keep_real(self, real: Samples) -> None:
        """Keeps real samples."""
        self._writer.keep_real(real.subset())

    def finish(self, status: Status, wall_s: float, **changes: Any) -> None:
        """Ends the run and unlocks it."""
        with self._locks:
            if status in FINISHED:
                versions = self._writer.manifest.platform | frameworks()
                finish(self._writer, status, wall_s, platform=versions, **changes)
            else:
                success = success_if_unfinished(self._writer.manifest, status)
                self._writer.stop(status, str(changes.get("error") or status), success)


def prepare_store(directory: Path, trained: Recorded) -> None:
    """Makes a store, or checks that an existing one belongs to this training.

    Raises:
        StoreBusyError: A sweep is writing to it.
        StoreError: It belongs to another training, or cannot be written.
    """
    store = Store(directory)
    store.prepare()
    with lock_directory(directory, STORE_WAIT_S):
        store.register(trained, {"": {}})


def open_run(directory: Path, trained: Recorded, seed: int, existing: Existing) -> RunSink:
    """Begins a run in a store, or continues it.

    Args:
        directory: The store.
        trained: What is trained.
        seed: The seed.
        existing: What happens to a finished run of that seed; one that was not finished is set
            aside, unless it is continued.

    Raises:
        StoreBusyError: Another live process records that run.
        StoreError: The store belongs to another training, cannot be written, or has that seed.
    """
    store = Store(directory)
    with lock_directory(directory, STORE_WAIT_S):
        earlier = [item for item in store.runs() if item[1].identity.seed == seed]
        for path, manifest in earlier:
            if existing != "continue":
                _set_aside(path, manifest, existing)
        manifest = _manifest(trained, seed)
        if earlier and existing == "continue":
            manifest = earlier[0][1].with_(diverged_at=None, diverged_in=None)
        path = directory / manifest.identity.directory
        path.mkdir(exist_ok=True)
        return write_run(path, manifest, trained, resume=existing == "continue")


def write_run(path: Path, manifest: Manifest, trained: Recorded, resume: bool = False) -> RunSink:
    """Opens a run whose directory exists, for writing.

    Raises:
        StoreBusyError: Another live process records it.
    """
    with ExitStack() as locks:
        locks.enter_context(lock_directory(path, RUN_WAIT_S))
        writer = RunWriter(path, manifest, trained, resume)
        return RunSink(writer, locks.pop_all())


def frameworks() -> dict[str, str]:
    """The versions of the frameworks that this process has imported."""
    imported = {name: sys.modules[name] for name in FRAMEWORKS if name in sys.modules}
    return {name: str(getattr(module, "__version__", "?")) for name, module in imported.items()}


def _manifest(trained: Recorded, seed: int) -> Manifest:
    versions = {"gandiag": __version__, "numpy": np.__version__} | frameworks()
    identity = Identity(
        experiment=trained.resolved(), seed=seed, backend=BACKEND, device_kind="", precision="",
        width=1, mode="", versions=versions,
    )  # fmt: skip
    return Manifest(
        run=identity.run,
        identity=identity,
        device="",
        command=" ".join(sys.argv),
        platform={"system": platform.platform(), "python": platform.python_version()},
    )


def _set_aside(path: Path, manifest: Manifest, existing: Existing) -> None:
    """Moves a run out of the way; nothing that was recorded is lost.

    Raises:
        StoreBusyError: Another live process records it.
        StoreError: It has ended and must not be replaced.
    """
    with lock_directory(path, RUN_WAIT_S):
        pass  # fails where the run is live
    seed, store = manifest.identity.seed, path.parent
    if manifest.status in FINISHED and existing == "refuse":
        raise StoreError(
            f"{store} already has a run of seed {seed}, {manifest.status} {manifest.finished}. "
            'Choose another seed= or directory, or pass existing="replace" to set that run aside'
        )
    aside = store / ASIDE
    aside.mkdir(exist_ok=True)
    names = (aside / f"{path.name}.{k}" for k in count(1))
    path.rename(next(name for name in names if not name.exists()))
