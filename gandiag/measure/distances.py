"""How far samples are from those of the data, where no formula tells."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.data import Data
from gandiag.metrics import Estimate, sliced_wasserstein, wasserstein

REAL = 2500
"""How many samples of the data stand for it; the same ones at every log point of every run."""

DIRECTIONS = 16
"""Along how many directions: of 2,500 samples in the plane that takes some 4 ms a lane."""


def distance(data: Data, samples: NDArray[Any]) -> list[dict[str, Estimate]]:
    """The Wasserstein distance on the line, and beyond it the sliced one, p = 1.

    Args:
        data: What the generator is to imitate.
        samples: [lane, size, n].
    """
    real = _real(data)
    if samples.shape[1] == 1:
        return [{"wasserstein": wasserstein(fake=lane[0], real=real[:, 0])} for lane in samples]
    return [
        {
            "sliced_wasserstein": sliced_wasserstein(
                fake=lane.T, real=real, projections=DIRECTIONS, p=1
            )
        }
        for lane in samples
    ]


@lru_cache(maxsize=4)
def _real(data: Data) -> NDArray[np.float32]:
    return data.preview(REAL)
