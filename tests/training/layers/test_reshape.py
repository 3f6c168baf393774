"""From features to images and back: the same numbers in the same order."""

from __future__ import annotations

import numpy as np
import pytest

from .building import layer, random_input, run


def test_features_become_images_channel_by_channel_and_row_by_row() -> None:
    x = random_input(24)
    images, _ = run(layer("reshape", to=[2, 3, 4]), {}, x)
    for channel, row, column in np.ndindex(2, 3, 4):
        feature = (channel * 3 + row) * 4 + column
        assert np.array_equal(images[:, channel, row, column], x[:, feature])
    assert np.array_equal(run(layer("flatten"), {}, images)[0], x)


def test_a_shape_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match=r"23 numbers cannot be taken as images of \[2, 3, 4\]"):
        layer("reshape", to=[2, 3, 4]).shape((23,))
    assert layer("reshape", to=[2, 3, 4]).shape((4, 6, 1)) == (2, 3, 4)
    assert layer("flatten").shape((2, 3, 4)) == (24,)
