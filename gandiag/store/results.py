"""What a store holds, read: pandas frames of runs and series, and the samples on request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gandiag.errors import StoreError
from gandiag.store.files import read_arrays

if TYPE_CHECKING:
    import pandas as pd

    from gandiag.data import Data
    from gandiag.data.samples import Samples
    from gandiag.recorded import Trained


@dataclass(frozen=True)
class Frames:
    """Generated samples of one run at some of its log points.

    Attributes:
        iterations: The log points, shape [frame].
        values: The samples, shape [frame, n, coordinate].
    """

    iterations: NDArray[np.int64]
    values: NDArray[np.float32]


@dataclass(frozen=True)
class Results:
    """The runs of a store.

    Attributes:
        directory: Where the store is.
        experiments: What was trained, by the label of the point of a grid; ``""`` without a grid.
        runs: One row a run: ``run`` (its id), ``point``, ``seed``, ``backend``, ``status``,
            ``success``, ``verdict``, ``iteration`` (the last one recorded), ``iterations`` (those
            planned), ``diverged_at``, ``error``, ``wall_s``, ``device``, ``precision``, ``width``,
            ``mode``, ``started``, ``finished``, ``directory``.
        series: One row a log point and run, with ``run`` and ``point`` beside the columns of the
            contract (``seed``, ``backend``, ``phase``, ``iteration``, …).
        provenance: What is needed to repeat it: ``versions``, ``platform``, ``command``.
        data: What the samples are compared with, by the label of the point: the experiment's data,
            or the real samples that a run of it has kept.
    """

    directory: Path
    experiments: Mapping[str, Trained]
    runs: pd.DataFrame
    series: pd.DataFrame
    provenance: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Data | Samples] = field(default_factory=dict)

    def samples(self, run: str) -> Frames:
        """The generated samples of a run.

        Args:
            run: The run's id.

        Raises:
            StoreError: There is no such run, or it has kept no samples yet.
        """
        known = self.runs.loc[self.runs["run"] == run, "directory"]
        if known.empty:
            raise StoreError(f"there is no run {run!r} in {self.directory}; see gandiag ls")
        path = self.directory / str(known.iloc[0]) / "samples.npz"
        if not path.exists():
            raise StoreError(f"run {run} has kept no samples yet: {path} is missing")
        held = read_arrays(path, "iterations", "values")
        return Frames(held["iterations"], held["values"])
