"""Samples in memory, written into the batches of a training."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.data.rows import Rows, coins
from gandiag.running.streams import generator

VALUES = np.arange(24, dtype=np.uint8).reshape(6, 4)


def written(rows: Rows, which: object, size: int, batch: int, *lead: int) -> NDArray[np.float32]:
    out = np.full((*lead, size, batch), np.nan, np.float32)
    rows.write(np.asarray(which), generator(1, "train/real"), out)
    return out


def test_samples_become_columns_as_in_a_slow_reference() -> None:
    which = [[0, 5, 2], [2, 2, 1]]
    out = written(Rows(VALUES, scale=2.0, low=-1.0, high=3.0), which, 4, 3, 2, 1)
    for b, batch in enumerate(which):
        for k, sample in enumerate(batch):
            for i in range(4):
                assert out[b, 0, i, k] == pytest.approx(-1 + 4 * VALUES[sample, i] / 2)


def test_255_becomes_exactly_one_and_every_value_its_nearest_float() -> None:
    values = np.arange(256, dtype=np.uint8)[:, None]
    out = written(Rows(values, scale=255.0), np.arange(256), 1, 256)
    assert out[0].tolist() == (np.arange(256, dtype=np.float32) / np.float32(255)).tolist()
    assert out[0, 255] == 1.0


def test_labels_are_one_hot_below_the_samples_and_are_not_scaled() -> None:
    labels = np.array([0, 2, 1, 2, 0, 1])
    rows = Rows(VALUES, labels, classes=3, low=-1.0, high=1.0)
    out = written(rows, [1, 3, 4], 7, 3)
    assert out[4:].T.tolist() == [[0, 0, 1], [0, 0, 1], [1, 0, 0]]


def test_stacked_parts_are_concatenated_and_their_labels_are_combined() -> None:
    labels = np.array([3, 1, 4, 1, 5, 9])
    out = written(Rows(VALUES, labels, classes=10), [[[0, 5], [2, 1]]], 8 + 100, 2, 1)[0]
    assert out[:8, 0].tolist() == [0, 1, 2, 3, 20, 21, 22, 23]
    assert out[:8, 1].tolist() == [8, 9, 10, 11, 4, 5, 6, 7]
    assert out[8:].argmax(0).tolist() == [39, 41]
    assert out[8:].sum() == 2


def test_a_binarized_value_is_1_with_its_probability() -> None:
    n = 40_000
    values = np.repeat(np.arange(256, dtype=np.uint8)[:, None], n, axis=1)
    share = coins(values, generator(2, "train/real")).mean(1)
    p = np.arange(256) / 255
    assert share[0] == 0.0
    assert share[255] == 1.0
    z = (share - p)[1:255] / np.sqrt(p * (1 - p) / n)[1:255]
    assert abs(z).max() < 5
    assert (z**2).mean() == pytest.approx(1, abs=5 * np.sqrt(2 / 254))


class EveryWord:
    """A generator whose raw output has each 16-bit number once."""

    @property
    def bit_generator(self) -> EveryWord:
        return self

    def random_raw(self, words: int) -> NDArray[np.uint64]:
        return np.arange(4 * words, dtype="<u2").view(np.uint64)


@pytest.mark.parametrize("value", [0, 1, 2, 127, 128, 254, 255])
def test_the_binarization_probability_is_exact_to_2_to_the_minus_16(value: int) -> None:
    found = coins(np.full(65536, value, np.uint8), EveryWord()).sum()  # type: ignore[arg-type]
    assert found == (257 * value + 1 if value else 0)
    assert abs(found / 65536 - value / 255) < 2**-16


def test_values_are_binarized_again_each_time() -> None:
    rows = Rows(np.full((1, 784), 128, np.uint8), binarize=True)
    out = written(rows, np.zeros((2, 5), int), 784, 5, 2)
    assert set(out.ravel()) == {0.0, 1.0}
    columns = out.transpose(0, 2, 1).reshape(10, 784)
    agreement = (columns @ columns.T + (1 - columns) @ (1 - columns).T) / 784
    assert agreement[~np.eye(10, dtype=bool)].max() < 0.65  # of independent ones, a half
