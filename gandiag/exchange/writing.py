"""Writes imported runs to a store: all of them, or none."""

from __future__ import annotations

import hashlib
import json
import math
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gandiag._version import __version__
from gandiag.diagnosis.outcome import finish
from gandiag.errors import StoreError
from gandiag.experiment.recorded import Recorded
from gandiag.store.locking import NAME as LOCK
from gandiag.store.locking import OWNER, lock_directory
from gandiag.store.manifest import Identity, Manifest
from gandiag.store.run import RunWriter
from gandiag.store.store import NAME, Store

BACKEND = "import"
"""Recorded in place of the runner when a run was imported."""


@dataclass(frozen=True)
class ImportedRun:
    """An imported run, ready to be written.

    Attributes:
        seed: Its seed.
        kind: The tool that logged it.
        digest: The digest of its rows, so that two logs of the same seed are two runs.
        rows: Its rows.
        status: How it ended, as far as the log shows.
        diverged_at: The step since which its numbers are not finite.
        wall_s: The time from its first row to its last, in seconds; NaN if the log does not say.
        notes: Notes for the reader, by key.
        command: The command line of the import.
    """

    seed: int
    kind: str
    digest: str
    rows: Sequence[Mapping[str, Any]]
    status: Any
    diverged_at: int | None
    wall_s: float
    notes: Mapping[str, str]
    command: str

    def manifest(self, trained: Recorded) -> Manifest:
        """The manifest of the run in a store of what was trained."""
        identity = Identity(
            experiment=trained.resolved(), seed=self.seed, backend=BACKEND, device_kind="",
            precision="", width=1, mode=self.kind, versions={"gandiag": __version__},
        )  # fmt: skip
        text = json.dumps([identity.model_dump(), self.digest], sort_keys=True)
        return Manifest(
            run=hashlib.sha256(text.encode()).hexdigest()[:12],
            identity=identity,
            device="",
            command=self.command,
            platform={"system": platform.platform(), "python": platform.python_version()},
            notes=dict(self.notes),
        )


def write(
    directory: Path, trained: Recorded, runs: Sequence[ImportedRun], progress: Callable[[str], None]
) -> None:
    """Writes runs.

    Args:
        directory: The store; it may contain other seeds of the same training.
        trained: What was trained.
        runs: The runs.
        progress: Called with a message at every run.

    Raises:
        StoreError: It cannot be written, or contains something else or one of the seeds.
    """
    store = Store(directory)
    _refuse_taken(store, runs)
    with _all_or_nothing(directory) as written:
        store.prepare()
        with lock_directory(directory, wait_s=10.0):
            store.register(trained, {"": {}})
            for number, run in enumerate(runs, 1):
                manifest = run.manifest(trained)
                path = directory / f"{BACKEND}-{run.seed:04d}-{manifest.run[:8]}"
                progress(f"writing {path} ({number} of {len(runs)})")
                path.mkdir()
                written.append(path)
                _write_run(path, manifest, trained, run)


def _write_run(path: Path, manifest: Manifest, trained: Recorded, run: ImportedRun) -> None:
    with lock_directory(path):
        writer = RunWriter(path, manifest, trained)
        for row in run.rows:
            writer.append({"seed": run.seed, "backend": BACKEND} | dict(row))
        diverged: dict[str, Any] = {"diverged_at": run.diverged_at, "diverged_in": "train"}
        wall_s = round(run.wall_s, 3) if math.isfinite(run.wall_s) else math.nan
        finish(writer, run.status, wall_s, **(diverged if run.diverged_at is not None else {}))


def _refuse_taken(store: Store, runs: Sequence[ImportedRun]) -> None:
    if not store.exists():
        return
    existing = {manifest.identity.seed for _, manifest in store.runs()}
    taken = sorted(existing & {run.seed for run in runs})
    if taken:
        raise StoreError(
            f"{store.directory} already has runs of seed {', '.join(map(str, taken))}. Start at "
            f"another with --seed {max(existing) + 1}, or choose another store with --out"
        )


@contextmanager
def _all_or_nothing(directory: Path) -> Iterator[list[Path]]:
    """Removes what was written if an error occurs before everything is."""
    missing = [p for p in (directory, *directory.parents) if not p.exists()]
    new = not Store(directory).exists()
    written: list[Path] = []
    try:
        yield written
    except BaseException:
        for path in written:
            shutil.rmtree(path, ignore_errors=True)
        if new:
            for name in (NAME, LOCK, OWNER):
                (directory / name).unlink(missing_ok=True)
        for path in missing:  # the innermost first
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()
        raise
