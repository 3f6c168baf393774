"""Samples that are kept for the report: few, evenly over a training whose length nobody knows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gandiag.data.samples import Samples

MOST = 26
"""The most frames that are kept."""

ENOUGH = 64
"""A frame with fewer samples than this is left out where others have more: all are cut alike."""

Frame = tuple[int, NDArray[np.float32]]


class Frames:
    """The frames of one run, thinned as it goes on.

    When there are too many, every second one goes, and from then on every second one comes. The
    latest is there in any case.
    """

    def __init__(self) -> None:
        self._kept: list[Frame] = []
        self._latest: Frame | None = None
        self._stride = 1
        self._seen = 0

    @property
    def held(self) -> dict[int, NDArray[np.float32]]:
        """The samples [n, d] by step, of the same n; a frame that is far smaller is left out."""
        frames = dict(self._kept) | (dict([self._latest]) if self._latest else {})
        most = max(map(len, frames.values()), default=0)
        large = {k: values for k, values in frames.items() if len(values) >= min(most, ENOUGH)}
        n = min(map(len, large.values()), default=0)
        return {step: values[:n] for step, values in large.items()}

    def add(self, step: int, samples: Samples) -> None:
        """Takes the samples of a step."""
        self._latest = (step, samples.few().values)
        if self._seen % self._stride == 0:
            self._kept.append(self._latest)
        self._seen += 1
        if len(self._kept) >= MOST:
            self._kept = self._kept[::2]
            self._stride *= 2
