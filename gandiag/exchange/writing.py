"""Writes imported runs into a store: all of them, or none."""

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
from gandiag.store.claim import NAME as LOCK
from gandiag.store.claim import OWNER, claim
from gandiag.store.manifest import Identity, Manifest
from gandiag.store.run import RunWriter
from gandiag.store.store import NAME, Store

BACKEND = "import"
"""What stands for the runner where somebody else's log is all there is."""


@dataclass(frozen=True)
class ImportedRun:
    """A run that is to be written.

    Attributes:
        seed: Its seed.
        kind: The tool that logged it.
        digest: Of its rows; with it, two logs of the same seed are two runs.
        rows: Its rows.
        status: How it ended, as far as the log tells.
        diverged_at: Since which step its numbers are not finite.
        wall_s: From its first row to its last, in seconds; NaN if the log does not say.
        notes: What a reader has to know.
        command: What was typed.
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
        """Its manifest in a store of what was trained."""
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
    directory: Path, trained: Recorded, runs: Sequence[ImportedRun], tell: Callable[[str], None]
) -> None:
    """Writes runs.

    Args:
        directory: The store; it may hold other seeds of the same.
        trained: What was trained.
        runs: The runs.
        tell: Is told how far it is.

    Raises:
        StoreError: It cannot be written, or holds something else or one of the seeds.
    """
    store = Store(directory)
    _refuse_taken(store, runs)
    with _all_or_nothing(directory) as begun:
        store.prepare()
        with claim(directory, patience_s=10.0):
            store.enter(trained, {"": {}})
            for number, made in enumerate(runs, 1):
                manifest = made.manifest(trained)
                path = directory / f"{BACKEND}-{made.seed:04d}-{manifest.run[:8]}"
                tell(f"writing {path} ({number} of {len(runs)})")
                path.mkdir()
                begun.append(path)
                _write_run(path, manifest, trained, made)


def _write_run(path: Path, manifest: Manifest, trained: Recorded, made: ImportedRun) -> None:
    with claim(path):
        writer = RunWriter(path, manifest, trained)
        for row in made.rows:
            writer.append({"seed": made.seed, "backend": BACKEND} | dict(row))
        lost: dict[str, Any] = {"diverged_at": made.diverged_at, "diverged_in": "train"}
        wall_s = round(made.wall_s, 3) if math.isfinite(made.wall_s) else math.nan
        finish(writer, made.status, wall_s, **(lost if made.diverged_at is not None else {}))


def _refuse_taken(store: Store, runs: Sequence[ImportedRun]) -> None:
    if not store.exists():
        return
    held = {manifest.identity.seed for _, manifest in store.runs()}
    taken = sorted(held & {made.seed for made in runs})
    if taken:
        raise StoreError(
            f"{store.directory} has runs of seed {', '.join(map(str, taken))} already. Begin at "
            f"another with --seed {max(held) + 1}, or choose another store with --out"
        )


@contextmanager
def _all_or_nothing(directory: Path) -> Iterator[list[Path]]:
    """Takes back what was written, if not all of it could be."""
    missing = [p for p in (directory, *directory.parents) if not p.exists()]
    fresh = not Store(directory).exists()
    begun: list[Path] = []
    try:
        yield begun
    except BaseException:
        for path in begun:
            shutil.rmtree(path, ignore_errors=True)
        if fresh:
            for name in (NAME, LOCK, OWNER):
                (directory / name).unlink(missing_ok=True)
        for path in missing:  # the innermost first
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()
        raise
