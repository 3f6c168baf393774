"""A checkpoint of one run: enough to continue it as if nothing had happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from gandiag.errors import StoreError
from gandiag.store.files import read_arrays, write_arrays
from gandiag.store.frames import Answers
from gandiag.store.weights import Weights

NAME = "checkpoint.npz"


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run at a log point.

    Attributes:
        phase: The phase.
        iteration: How many iterations of the phase are done.
        wall_s: The training time so far, in seconds.
        state: The engine's state of this lane, by dotted name, without the lane axis.
        frames: The samples kept so far, by iteration.
        answers: D's answers kept with them, by iteration.
        best: The weights of the best log point so far, under a stopping rule that keeps them.
    """

    phase: str
    iteration: int
    wall_s: float
    state: Mapping[str, NDArray[Any]]
    frames: Mapping[int, NDArray[Any]]
    answers: Mapping[int, Answers] = field(default_factory=dict)
    best: Weights | None = None

    def write(self, directory: Path) -> None:
        """Writes it into a run's directory, atomically."""
        arrays: dict[str, Any] = {f"state/{name}": value for name, value in self.state.items()}
        arrays |= {f"frame/{iteration}": value for iteration, value in self.frames.items()}
        for iteration, answers in self.answers.items():
            arrays |= {f"beside/{iteration}/{name}": value for name, value in answers.items()}
        if self.best is not None:
            arrays |= {f"best/{name}": value for name, value in self.best.arrays().items()}
        arrays |= {"phase": self.phase, "iteration": self.iteration, "wall_s": self.wall_s}
        write_arrays(directory / NAME, arrays)


def read_checkpoint(directory: Path) -> Checkpoint | None:
    """The checkpoint of a run; None if there is none, or none that can be read."""
    try:
        arrays = read_arrays(directory / NAME)
        return Checkpoint(
            str(arrays["phase"]),
            int(arrays["iteration"]),
            float(arrays["wall_s"]),
            _with_prefix(arrays, "state/"),
            {int(key): value for key, value in _with_prefix(arrays, "frame/").items()},
            _by_iteration(_with_prefix(arrays, "beside/")),
            Weights.from_arrays(best) if (best := _with_prefix(arrays, "best/")) else None,
        )
    except (StoreError, KeyError, TypeError, ValueError):
        return None


def _by_iteration(arrays: Mapping[str, NDArray[Any]]) -> dict[int, Answers]:
    """Arrays named ``iteration/name``, by iteration and name."""
    answers: dict[int, dict[str, NDArray[Any]]] = {}
    for key, value in arrays.items():
        iteration, _, name = key.partition("/")
        answers.setdefault(int(iteration), {})[name] = value
    return dict(answers)


def _with_prefix(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {k.removeprefix(prefix): value for k, value in arrays.items() if k.startswith(prefix)}
