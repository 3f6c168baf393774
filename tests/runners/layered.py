"""What layers.py computed, as cases to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = dict[str, NDArray[Any]]
Floats = NDArray[np.float64]

LANES, BATCH, LANE = 2, 6, 1
"""As in layers.py."""


@dataclass(frozen=True)
class Case:
    """What a network was given, and what it made, of one lane."""

    values: Values
    name: str
    lane: int

    def __getattr__(self, what: str) -> Floats:
        return self.values[f"{self.name}/{what}"][self.lane]

    def held(self, layer: int, what: str) -> Floats:
        return self.values[f"{self.name}/held/{layer}.{what}"][self.lane]

    def images(self, *shape: int) -> Floats:
        return self.x.reshape(*shape, -1)


def lanes_of(values: Values, name: str) -> list[Case]:
    return [Case(values, name, lane) for lane in range(LANES)]
