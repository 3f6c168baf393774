"""Samples that come with labels or in a container are refused with what to hand in instead."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from gandiag.errors import UsageError
from gandiag.monitoring.coercion import to_real_samples, to_samples, to_samples_like

X, Y = np.zeros((9, 3)), np.arange(9)


class Loader:
    """What has the attributes of a DataLoader."""

    batch_size = 3
    dataset = ((X[0], 1),)


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ((X, Y), "real is a pair, as of samples and labels; give the samples alone"),
        ((X, X), "real is a pair"),
        ([X, Y], "real is a pair"),
        ([(x, y) for x, y in zip(X, Y, strict=True)], "real consists of pairs"),
        (Loader(), "real is a Loader; give an array"),
        (pd.DataFrame({"a": [1.0], "town": ["Ulm"]}), "columns that are not numbers .town."),
    ],
)
def test_the_message_says_what_to_hand_in(value: Any, advice: str) -> None:
    with pytest.raises(UsageError, match=advice):
        to_real_samples(value)


@pytest.mark.parametrize("value", [X, X.tolist(), [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]], (4.0, 5.0)])
def test_samples_are_accepted(value: Any) -> None:
    assert len(to_samples(value, "real").values) == len(value)


def test_labels_that_are_appended_to_one_of_them_are_guessed() -> None:
    with pytest.raises(ValueError, match="real has 2 columns more than fake: are labels appended"):
        to_samples_like(to_real_samples(np.zeros((9, 5))), X)
