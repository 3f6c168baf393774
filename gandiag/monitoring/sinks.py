"""Where a monitor writes: a run's directory in a store, or memory."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gandiag._version import __version__
from gandiag.data.samples import Samples
from gandiag.diagnosis.outcome import finish, success_if_unfinished
from gandiag.errors import StoreError
from gandiag.experiment.recorded import Recorded
from gandiag.monitoring.windows import Row
from gandiag.store.claim import claim
from gandiag.store.journal import read_journal
from gandiag.store.manifest import FINISHED, Identity, Manifest, Status
from gandiag.store.run import RunWriter
from gandiag.store.store import Store

BACKEND = "loop"
"""What stands for the runner where a user's own loop trains."""

ASIDE = "aside"
"""Where in a store runs are moved that another attempt at their seed replaces."""

FRAMEWORKS = ("torch", "tensorflow", "keras", "jax", "lightning", "accelerate")

PATIENCE_S = 10.0
"""How long to wait for others that begin their runs in a store, in seconds."""

A_MOMENT_S = 1.0
"""How long to wait for who only looks whether a run is live, in seconds."""

Existing = Literal["refuse", "replace", "continue"]


class Memory:
    """Keeps a run in memory.

    Attributes:
        rows: Its rows.
        frames: The samples kept so far.
        notes: What a reader has to know.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.frames: dict[int, NDArray[np.float32]] = {}
        self.notes: dict[str, str] = {}
        self.status: Status = "running"

    def append(self, row: Row) -> None:
        """Adds a row."""
        self.rows.append(row)

    def event(self, **words: Any) -> None:
        """Notes nothing: the rows show it."""

    def note(self, **notes: str) -> None:
        """Says what a reader has to know."""
        self.notes |= notes

    def keep(self, frames: Mapping[int, NDArray[np.float32]]) -> None:
        """Keeps samples."""
        self.frames = dict(frames)

    def keep_real(self, real: Samples) -> None:
        """Keeps nothing: whoever holds the memory holds the data."""

    def finish(self, status: Any, wall_s: float, **changes: Any) -> None:
        """Ends the run."""
        self.status = status


class RunSink:
    """Writes one run of a store, which is held for this process until the end.

    Args:
        writer: Writes it.
        held: What is let go at the end.
    """

    def __init__(self, writer: RunWriter, held: ExitStack) -> None:
        self._writer = writer
        self._held = held

    @property
    def directory(self) -> Path:
        """The run's directory."""
        return self._writer.directory

    def earlier(self) -> tuple[list[Row], dict[int, NDArray[np.float32]]]:
        """The rows and the samples of a run that goes on."""
        return read_journal(self.directory), self._writer.frames

    def append(self, row: Row) -> None:
        """Adds a row; when this returns it survives the end of the process."""
        identity = self._writer.manifest.identity
        self._writer.append({"seed": identity.seed, "backend": identity.backend} | row)

    def event(self, **words: Any) -> None:
        """Notes something that happened."""
        self._writer.event(**words)

    def note(self, **notes: str) -> None:
        """Says what a reader has to know."""
        self._writer.note(**notes)

    def keep(self, frames: Mapping[int, NDArray[np.float32]]) -> None:
        """Writes the samples kept so far."""
        self._writer.frames = dict(frames)
        self._writer.write_frames()

    def keep_real(self, real: Samples) -> None:
        """Keeps real samples."""
        self._writer.keep_real(real.few())

    def finish(self, status: Status, wall_s: float, **changes: Any) -> None:
        """Ends the run and lets it go."""
        with self._held:
            if status in FINISHED:
                found = self._writer.manifest.platform | frameworks()
                finish(self._writer, status, wall_s, platform=found, **changes)
            else:
                success = success_if_unfinished(self._writer.manifest, status)
                self._writer.stop(status, str(changes.get("error") or status), success)


def enter_store(directory: Path, trained: Recorded) -> None:
    """Makes a store, or checks that it holds this training.

    Raises:
        StoreBusyError: A sweep holds it.
        StoreError: It is another's, or cannot be written.
    """
    store = Store(directory)
    store.prepare()
    with claim(directory, PATIENCE_S):
        store.enter(trained, {"": {}})


def open_run(directory: Path, trained: Recorded, seed: int, existing: Existing) -> RunSink:
    """Begins a run in a store, or goes on with it.

    Args:
        directory: The store.
        trained: What is trained.
        seed: The seed.
        existing: What becomes of a run of that seed that has ended; one that did not come to an
            end is set aside, unless it is continued.

    Raises:
        StoreBusyError: Another live process records that run.
        StoreError: The store is another's, cannot be written, or has that seed.
    """
    store = Store(directory)
    with claim(directory, PATIENCE_S):
        known = [item for item in store.runs() if item[1].identity.seed == seed]
        for path, manifest in known:
            if existing != "continue":
                _set_aside(path, manifest, existing)
        manifest = _manifest(trained, seed)
        if known and existing == "continue":
            manifest = known[0][1].with_(diverged_at=None, diverged_in=None)
        path = directory / manifest.identity.directory
        path.mkdir(exist_ok=True)
        return write_run(path, manifest, trained, goes_on=existing == "continue")


def write_run(path: Path, manifest: Manifest, trained: Recorded, goes_on: bool = False) -> RunSink:
    """Writes a run whose directory is there.

    Raises:
        StoreBusyError: Another live process records it.
    """
    with ExitStack() as held:
        held.enter_context(claim(path, A_MOMENT_S))
        writer = RunWriter(path, manifest, trained, goes_on)
        return RunSink(writer, held.pop_all())


def frameworks() -> dict[str, str]:
    """The versions of the frameworks that this process has imported."""
    found = {name: sys.modules[name] for name in FRAMEWORKS if name in sys.modules}
    return {name: str(getattr(module, "__version__", "?")) for name, module in found.items()}


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
        StoreError: It has ended, and is not to be replaced.
    """
    with claim(path, A_MOMENT_S):
        pass  # a live one is not touched
    seed, store = manifest.identity.seed, path.parent
    if manifest.status in FINISHED and existing == "refuse":
        raise StoreError(
            f"{store} has a run of seed {seed} already, {manifest.status} "
            f"{manifest.finished}. Choose another seed= or directory, or say "
            'existing="replace" to set that one aside'
        )
    aside = store / ASIDE
    aside.mkdir(exist_ok=True)
    free = (aside / f"{path.name}.{k}" for k in count(1))
    path.rename(next(place for place in free if not place.exists()))
