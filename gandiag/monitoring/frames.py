"""The frames kept for the report: few, and evenly spaced over a training run of unknown length."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gandiag.data.samples import Samples

MAX_FRAMES = 26
"""The most frames that are kept."""

MIN_SAMPLES = 64
"""A frame with fewer samples is left out where others have more: all are cut to one size."""

Frame = tuple[int, NDArray[np.float32]]


class Frames:
    """The frames of one run, thinned out as it goes on.

    When there are too many, every second one is dropped, and from then on only every second new
    one is kept. The latest is always kept.
    """

    def __init__(self) -> None:
        self._kept: list[Frame] = []
        self._latest: Frame | None = None
        self._stride = 1
        self._count = 0

    @property
    def kept(self) -> dict[int, NDArray[np.float32]]:
        """The samples [n, d] by step, with one n for all; much smaller frames are left out."""
        frames = dict(self._kept) | (dict([self._latest]) if self._latest else {})
        most = max(map(len, frames.values()), default=0)
        enough = min(most, MIN_SAMPLES)
        large = {step: values for step, values in frames.items() if len(values) >= enough}
        n = min(map(len, large.values()), default=0)
        return {step: values[:n] for step, values in large.items()}

    def add(self, step: int, samples: Samples) -> None:
        """Adds the samples of a step."""
        self._latest = (step, samples.subset().values)
        if self._count % self._stride == 0:
            self._kept.append(self._latest)
        self._count += 1
        if len(self._kept) >= MAX_FRAMES:
            self._kept = self._kept[::2]
            self._stride *= 2
