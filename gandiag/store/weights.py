"""The weights of a run: at its end, at its best log point, or in a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gandiag.errors import StoreError, must_be_one_of
from gandiag.store.files import read_arrays, write_arrays

Which = Literal["last", "best"] | int
"""Which weights: of the end, of the best log point, or of the snapshot of an iteration."""

NAMES = {"last": "weights.npz", "best": "best.npz"}


@dataclass(frozen=True, eq=False)
class Weights:
    """The weights of both players at a log point, each flat, in the training's precision.

    Attributes:
        iteration: How many iterations of the game are done.
        g: The generator's weights [parameters].
        d: The discriminator's.
        g_memory: What the generator's layers remember of the batches that passed (averages of a
            batch norm, vectors of a spectral norm), [numbers]; None where nothing does.
        d_memory: The same of the discriminator's.
        g_average: The moving average of the generator's weights [parameters], from which the
            samples come where it is kept; else None.

    Raises:
        ValueError: An array is not flat.
    """

    iteration: int
    g: NDArray[np.floating]
    d: NDArray[np.floating]
    g_memory: NDArray[np.floating] | None = None
    d_memory: NDArray[np.floating] | None = None
    g_average: NDArray[np.floating] | None = None

    def __post_init__(self) -> None:
        """Refuses what is not flat."""
        for name, value in self.arrays().items():
            if name != "iteration" and np.ndim(value) != 1:
                raise ValueError(f"{name} has the shape {np.shape(value)}; it has to be flat")

    @classmethod
    def of_lane(cls, state: Mapping[str, Any], lane: int, iteration: int) -> Weights:
        """A copy of one lane's, from an engine's state of the game [lane, ...]."""
        g, d = state["g"], state["d"]
        found = {"g": g["weights"], "d": d["weights"], "g_memory": g.get("memory")}
        found |= {"d_memory": d.get("memory"), "g_average": g.get("average")}
        return cls(iteration, **{k: np.array(v[lane]) for k, v in found.items() if v is not None})

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> Weights:
        """From arrays by the names of the attributes; `arrays` turned round."""
        own = {field.name: arrays[field.name] for field in fields(cls) if field.name in arrays}
        return cls(**own | {"iteration": int(arrays["iteration"])})

    def arrays(self) -> dict[str, Any]:
        """What there is, by the names of the attributes."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in found.items() if value is not None}

    def write(self, path: Path) -> None:
        """Writes them as an ``.npz`` file, atomically."""
        write_arrays(path, self.arrays())


def file_of(which: Which) -> str:
    """The name of the file.

    Raises:
        StoreError: There is no such kind of weights.
    """
    if isinstance(which, int):
        return f"weights-{which}.npz"
    if which not in NAMES:
        raise StoreError(must_be_one_of("kind of weights", which, [*NAMES, "an iteration"]))
    return NAMES[which]


def read_weights(directory: str | Path, which: Which = "last") -> Weights:
    """Reads weights of a run.

    Args:
        directory: The run's directory.
        which: ``"last"`` for those of its end, ``"best"`` for those of the log point that its
            stopping rule found best, or the iteration of a snapshot.

    Raises:
        StoreError: The run does not have them, or the file is damaged.
    """
    path = Path(directory) / file_of(which)
    if not path.exists():
        kept = ", ".join(_kept(Path(directory))) or "none, because it has not finished"
        what = f"of iteration {which}" if isinstance(which, int) else f"called {which!r}"
        raise StoreError(f"{directory} has no weights {what} ({path.name}). It has: {kept}")
    try:
        return Weights.from_arrays(read_arrays(path))
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(f"{path} is damaged: {error}") from None


def _kept(directory: Path) -> list[str]:
    """Which weights a run has, for a message."""
    named = [which for which, name in NAMES.items() if (directory / name).exists()]
    numbers = [path.stem.removeprefix("weights-") for path in directory.glob("weights-*.npz")]
    return named + [str(k) for k in sorted(int(number) for number in numbers)]
