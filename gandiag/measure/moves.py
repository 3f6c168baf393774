"""How much a generator of images listens to its latent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.metrics import Estimate, latent_sensitivity


def moves(moved: NDArray[Any]) -> list[dict[str, Estimate]]:
    """The latent sensitivity of every lane.

    Args:
        moved: J v at m latent points along random unit directions [lane, size, m].
    """
    return [{"latent_sensitivity": _sensitivity(lane.T)} for lane in moved]


def _sensitivity(moved: NDArray[Any]) -> Estimate:
    # The points themselves no longer count: the engine went there and brought J v back.
    points = np.zeros((len(moved), 1))
    return latent_sensitivity(generator=lambda z: moved, latent=points, jvp=lambda z, v: moved)
