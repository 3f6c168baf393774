"""What a user passes to the monitor: converted, or refused with a clear message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gandiag.errors import UsageError
from gandiag.monitoring.coercion import (
    recorded_loop,
    to_real_samples,
    to_samples,
    to_samples_like,
    whole_number,
)


def test_samples_are_flattened_and_keep_their_shape() -> None:
    images = to_samples(np.arange(24).reshape(2, 3, 4), "real")
    assert (images.values.shape, images.shape, images.values.dtype) == ((2, 12), (3, 4), "float32")
    line = to_samples([1.0, 2.0, 3.0], "real")
    assert (line.values.shape, line.shape) == ((3, 1), (1,))
    assert to_samples(np.zeros((2, 4), np.uint8), "real").eight_bit
    assert not images.eight_bit


@pytest.mark.parametrize("value", [[], 3.0, np.zeros((0, 2))])
def test_an_array_without_samples_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="fake must be samples on the first axis"):
        to_samples(value, "fake")


def test_a_single_channel_may_be_on_any_axis() -> None:
    real = to_real_samples(np.zeros((5, 1, 4, 4)))
    assert to_samples_like(real, np.ones((3, 4, 4, 1))).shape == (1, 4, 4)
    with pytest.raises(ValueError, match="give both one shape"):
        to_samples_like(real, np.ones((3, 4, 5)))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_real_samples_must_be_finite(bad: float) -> None:
    with pytest.raises(UsageError, match="NaN or infinite"):
        to_real_samples([1.0, bad])


@pytest.mark.parametrize("value", [0, -1, 1.0, "1", True, None])
def test_a_count_must_be_a_whole_number_of_at_least_the_minimum(value: Any) -> None:
    assert whole_number(np.int64(1), "every", 1) == 1
    with pytest.raises(UsageError, match="every must be a whole number of at least 1"):
        whole_number(value, "every", 1)


def test_names_and_options_are_made_fit_for_a_store() -> None:
    loop = recorded_loop("../my gan!", options={"lr": 0.1, "path": Path("a"), "on": True})
    assert loop.name == "my-gan-"
    assert loop.options == {"lr": 0.1, "path": "a", "on": True}
    assert recorded_loop("...").name == "loop"
