"""The content of a store: pandas tables of runs and series, and the samples on request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gandiag.errors import StoreError
from gandiag.store import frames
from gandiag.store.frames import Frames

if TYPE_CHECKING:
    import pandas as pd

    from gandiag.data import Data
    from gandiag.data.samples import Samples
    from gandiag.experiment.recorded import Trained


@dataclass(frozen=True)
class Results:
    """The runs of a store.

    Attributes:
        directory: The store's directory.
        experiments: What was trained, by the label of the point of a grid; ``""`` without a grid.
        runs: One row per run: ``run`` (its id), ``point``, ``seed``, ``backend``, ``status``,
            ``success``, ``verdict``, ``iteration`` (the last one recorded), ``iterations`` (those
            planned), ``diverged_at``, ``stopped_at``, ``best_at``, ``best_value`` and
            ``best_column`` (of the experiment's stopping rule), ``error``, ``wall_s``, ``device``,
            ``precision``, ``width``, ``mode``, ``started``, ``finished``, ``directory``.
        series: One row per run and log point, with ``run`` and ``point`` and the recorded columns
            (``seed``, ``backend``, ``phase``, ``iteration``, …).
        provenance: What is needed to repeat the runs: ``versions``, ``platform``, ``command``.
        data: What the samples are compared with, by the label of the grid point: the experiment's
            data, or the real samples kept by one of its runs.
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
            StoreError: There is no such run, or it has no samples yet.
        """
        directories = self.runs.loc[self.runs["run"] == run, "directory"]
        if directories.empty:
            raise StoreError(f"there is no run {run!r} in {self.directory}; see gandiag ls")
        directory = self.directory / str(directories.iloc[0])
        if not (directory / frames.NAME).exists():
            raise StoreError(
                f"run {run} has kept no samples yet: {directory / frames.NAME} is missing"
            )
        return frames.read_frames(directory)
