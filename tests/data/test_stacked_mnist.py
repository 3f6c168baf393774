"""Stacked MNIST, on synthetic digits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.data import StackedMnist
from gandiag.running.streams import deal_lanes, draw_lanes
from gandiag.training.process import Draw

Arrays = dict[str, NDArray[np.uint8]]

pytestmark = pytest.mark.usefixtures("place")


def stacked(**values: Any) -> StackedMnist:
    return StackedMnist(kind="stacked-mnist", **values)


def drawn(data: StackedMnist, chunk: int, seed: int = 5, length: int = 4) -> NDArray[np.float32]:
    """Stacks in the order of a training, [stack, size + classes]."""
    draw = Draw(data, 1, data.size + data.classes, 25)
    found = deal_lanes([seed], "train/real", draw, chunk, length)
    return found[:, 0, 0].transpose(0, 2, 1).reshape(100, -1)


def triples(stacks: NDArray[np.float32]) -> list[tuple[int, ...]]:
    """The indices of the stacked images, by the mark in the first pixel of each channel."""
    marks = np.rint(255 * stacks[:, : 3 * 784 : 784].astype(np.float64)).astype(int)
    return [tuple(row) for row in marks.tolist()]


def test_each_channel_is_an_image_of_the_training_set(arrays: Arrays) -> None:
    stacks = drawn(stacked(), 0)
    images = arrays["x_train"].reshape(200, 784)
    for stack, triple in zip(stacks, triples(stacks), strict=True):
        assert np.rint(stack * 255).tolist() == images[list(triple)].ravel().tolist()


def test_the_class_combines_the_three_digits(arrays: Arrays) -> None:
    stacks = drawn(stacked(labelled=True), 0)
    assert stacks.shape == (100, 3 * 784 + 1000)
    digits = arrays["y_train"][np.array(triples(stacks))].astype(int)
    assert stacks[:, 3 * 784 :].argmax(1).tolist() == (digits @ [100, 10, 1]).tolist()


def test_fresh_stacks_never_repeat() -> None:
    found = [triple for chunk in range(5) for triple in triples(drawn(stacked(), chunk))]
    assert len(set(found)) == 500
    assert len({first for first, _, _ in found}) > 150


def test_fixed_stacks_repeat_in_every_pass() -> None:
    data = stacked(count=50)
    found = [triple for chunk in range(3) for triple in triples(drawn(data, chunk))]
    passes = [found[k : k + 50] for k in range(0, 300, 50)]
    assert all(sorted(each) == sorted(passes[0]) for each in passes)
    assert len(set(found)) == 50
    assert len({tuple(each) for each in passes}) == 6
    assert not set(found) & set(triples(drawn(data, 0, seed=6)))


def test_an_evaluation_uses_fresh_stacks() -> None:
    draw = Draw(stacked(count=50), 1, 3 * 784, 100)
    real = draw_lanes([5], "evaluate/real", draw)[0, 0, 0].T
    assert not set(triples(real)) & set(triples(drawn(stacked(count=50), 0)))


def test_the_stacks_do_not_depend_on_chunks_or_other_seeds() -> None:
    data = stacked(count=30, labelled=True)
    draw = Draw(data, 2, data.size + data.classes, 4)
    whole = deal_lanes([5], "train/real", draw, 0, 6)
    assert np.array_equal(deal_lanes([9, 5], "train/real", draw, 1, 3)[:, :, 1], whole[3:, :, 0])


def test_the_values_lie_in_the_configured_range() -> None:
    wide = drawn(stacked(low=-1.0), 0)
    assert (wide.min(), wide.max()) == (-1.0, 1.0)


def test_the_data_have_the_attributes_of_a_data_set() -> None:
    assert (stacked().size, stacked().shape, stacked().classes) == (2352, (3, 28, 28), 0)
    assert stacked(labelled=True).classes == 1000
    assert stacked().preview(3).shape == (3, 2352)
    assert stacked().fingerprint() == {}
