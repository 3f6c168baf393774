"""A checkpoint of one run: enough to continue it as if nothing had happened."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.store.files import write_bytes

NAME = "checkpoint.npz"


@dataclass(frozen=True)
class Checkpoint:
    """Where a run stood at a log point.

    Attributes:
        phase: The phase.
        iteration: How many of its iterations were made.
        wall_s: For how long it had trained, in seconds.
        state: The engine's state of this lane, by dotted name, without the lane axis.
        frames: The samples kept so far, by iteration.
    """

    phase: str
    iteration: int
    wall_s: float
    state: dict[str, NDArray[Any]]
    frames: dict[int, NDArray[np.float32]]

    def write(self, directory: Path) -> None:
        """Writes it into a run's directory, whole or not at all."""
        arrays: dict[str, Any] = {f"state/{name}": value for name, value in self.state.items()}
        arrays |= {f"frame/{iteration}": value for iteration, value in self.frames.items()}
        arrays |= {"phase": self.phase, "iteration": self.iteration, "wall_s": self.wall_s}
        write_bytes(directory / NAME, packed(arrays))


def read_checkpoint(directory: Path) -> Checkpoint | None:
    """The checkpoint of a run; None where there is none, or none that can be read."""
    try:
        content = io.BytesIO((directory / NAME).read_bytes())
        with np.load(content, allow_pickle=False) as held:
            return Checkpoint(
                str(held["phase"]),
                int(held["iteration"]),
                float(held["wall_s"]),
                _under(held, "state/"),
                {int(key): value for key, value in _under(held, "frame/").items()},
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def packed(arrays: dict[str, Any]) -> bytes:
    """Arrays as the bytes of an ``.npz`` file."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def _under(held: Any, prefix: str) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): held[name] for name in held.files if name.startswith(prefix)}
