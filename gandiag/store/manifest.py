"""The manifest of a run: its identity and its status."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from gandiag.errors import StoreError
from gandiag.store.files import read_json, write_json

SCHEMA = 1
"""The version of the store's format; a newer one is refused."""

NAME = "manifest.json"

Status = Literal[
    "pending", "running", "completed", "diverged", "crashed", "timed-out", "interrupted"
]

FINISHED: tuple[Status, ...] = ("completed", "diverged")
"""The run has ended regularly; it is never repeated."""

FAILED: tuple[Status, ...] = ("crashed", "timed-out")
"""The run would fail again; it is repeated only on request."""


class Identity(BaseModel):
    """Everything that a run's numbers depend on; its id is a hash of it.

    Attributes:
        experiment: Every value of the experiment.
        seed: The seed.
        backend: The name of the runner.
        device_kind: The device without its number.
        precision: The type of its arithmetic.
        width: The number of lanes.
        mode: How the engine runs an update.
        versions: The versions of gandiag, NumPy and the framework.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    experiment: dict[str, Any]
    seed: int
    backend: str
    device_kind: str
    precision: str
    width: int
    mode: str
    versions: dict[str, str]

    @property
    def run(self) -> str:
        """The run's id: a hash of the identity."""
        text = json.dumps(self.model_dump(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def directory(self) -> str:
        """The name of its directory in the store."""
        return f"{self.backend}-{self.seed:04d}-{self.run[:8]}"


class Manifest(BaseModel):
    """A run's identity and its state.

    Attributes:
        schema_version: The version of the format.
        run: The run's id.
        identity: Everything that its numbers depend on.
        point: The label of its point in a grid, or ``""``.
        device: The device that was used.
        status: Its status.
        success: Whether it met its experiment's success rule; None without one or before the end.
        verdict: The verdict of the diagnosis; None until there is one.
        diverged_at: The iteration after which something was not finite.
        diverged_in: The phase in which that happened.
        stopped_at: The iteration at which the experiment's stopping rule ended it, if it did.
        error: What went wrong, for a person.
        started: When it began, UTC.
        finished: When it ended, UTC.
        wall_s: The training time of its group, in seconds.
        command: The command that asked for it.
        platform: The machine.
        notes: Remarks on its columns.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    schema_version: int = SCHEMA
    run: str
    identity: Identity
    point: str = ""
    device: str
    status: Status = "pending"
    success: bool | None = None
    verdict: str | None = None
    diverged_at: int | None = None
    diverged_in: str | None = None
    stopped_at: int | None = None
    error: str | None = None
    started: str | None = None
    finished: str | None = None
    wall_s: float | None = None
    command: str = ""
    platform: dict[str, str] = {}
    notes: dict[str, str] = {}

    def with_(self, **changes: Any) -> Manifest:
        """A copy with some values changed."""
        return self.model_copy(update=changes)

    def write(self, directory: Path) -> None:
        """Writes it into a run's directory, atomically."""
        write_json(directory / NAME, self.model_dump(mode="json"))


def read_manifest(directory: Path) -> Manifest | None:
    """Reads a run's manifest; None if there is none, or none that can be read.

    Raises:
        StoreError: It was written by a newer version.
    """
    try:
        content = read_json(directory / NAME)
        refuse_newer(content, directory)
        return Manifest.model_validate(content)
    except (OSError, ValueError, ValidationError):
        return None


def refuse_newer(content: Any, where: Path) -> None:
    """Refuses a format that is newer than this program.

    Raises:
        StoreError: It is.
    """
    version = content.get("schema_version") if isinstance(content, dict) else None
    if isinstance(version, int) and version > SCHEMA:
        raise StoreError(
            f"{where} was written by a newer gandiag (format {version}; this one reads up to "
            f"{SCHEMA}). Upgrade: pip install --upgrade gandiag"
        )
