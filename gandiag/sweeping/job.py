"""The order to a worker and the messages from it: JSON, one object per line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from gandiag.running.runner import Setting
from gandiag.store.manifest import Status


class Job(BaseModel):
    """An order: the runs of a group.

    Attributes:
        store: The store's directory.
        runs: The names of the runs' directories in it.
        backend: The name of the runner.
        device: The device.
        mode: How the engine runs an update.
        width: The number of lanes.
        checkpoint_every_s: The time between two checkpoints of a run, in seconds.
    """

    model_config = ConfigDict(frozen=True)

    store: Path
    runs: tuple[str, ...]
    backend: str
    device: str
    mode: str
    width: int
    checkpoint_every_s: float = 10.0

    @property
    def setting(self) -> Setting:
        """Device, mode and width."""
        return Setting(self.device, self.mode, self.width)


class Message(BaseModel):
    """A message from a worker.

    Attributes:
        kind: ``"progress"`` at a log point, ``"ended"`` when a run has ended, ``"failed"`` when
            the group has failed.
        phase: The phase.
        iteration: The iteration in it.
        latest: For each seed the headline columns, e.g. mean and std.
        seed: The seed of the run that ended.
        status: The status with which the run, or the group, ended.
        error: What went wrong.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["progress", "ended", "failed"]
    phase: str = ""
    iteration: int = 0
    latest: dict[int, dict[str, float | None]] = {}
    seed: int = -1
    status: Status | Literal[""] = ""
    error: str = ""

    def line(self) -> str:
        """The message as a line of JSON; not-a-number is Python's ``NaN``."""
        return json.dumps(self.model_dump(exclude_defaults=True)) + "\n"


def read_message(line: str) -> Message:
    """Reads a worker's line.

    Raises:
        ValueError: It is not a message.
    """
    content: Any = json.loads(line)
    return Message.model_validate(content)
