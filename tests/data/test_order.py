"""The orders in which a training iterates over a finite set."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandiag.data.order import Order, sample_indices, shuffled
from gandiag.errors import DataError
from gandiag.running.streams import generator

Key = Callable[[str, int], np.random.Generator]
ORDERS = get_args(Order)


def key(name: str, number: int) -> np.random.Generator:
    return generator(5, f"train/real/{name}", number)


def sequence(order: Order, n: int, batches: int, batch: int, first: int = 0) -> list[list[int]]:
    return sample_indices(order, n, first, (batches, batch), key).tolist()  # type: ignore[no-any-return]


def batches_of(stream: list[int], batch: int, count: int) -> list[list[int]]:
    return [stream[k * batch : (k + 1) * batch] for k in range(count)]


def test_cyclic_starts_over_within_a_batch() -> None:
    assert sequence("cyclic", 5, 4, 3) == [[0, 1, 2], [3, 4, 0], [1, 2, 3], [4, 0, 1]]


def test_every_epoch_is_another_permutation() -> None:
    stream = [k for batch in sequence("epochs", 10, 15, 4) for k in batch]
    decks = batches_of(stream, 10, 6)
    assert all(sorted(deck) == list(range(10)) for deck in decks)
    assert len({tuple(deck) for deck in decks}) == 6


def test_epochs_equal_a_slow_reference() -> None:
    twin: list[int] = []
    for epoch in range(6):
        twin += key("epoch", epoch).permutation(10).tolist()
    assert sequence("epochs", 10, 15, 4) == batches_of(twin, 4, 15)


def test_once_repeats_whole_batches_of_one_permutation_and_drops_the_rest() -> None:
    deck = key("epoch", 0).permutation(11).tolist()
    whole = batches_of(deck, 4, 2)  # the last three are never used
    assert sequence("once", 11, 5, 4) == [*whole, *whole, whole[0]]


def test_drawn_samples_are_uniform() -> None:
    drawn = np.array(sequence("drawn", 7, 700, 100))
    counts = np.bincount(drawn.ravel(), minlength=7)
    assert abs(counts - 10_000).max() < 5 * np.sqrt(70_000 / 7 * 6 / 7)
    pairs = np.bincount(drawn[:, 0] * 7 + drawn[:, 1], minlength=49)
    assert (np.sum((pairs - 700 / 49) ** 2) / (700 / 49)) < 48 + 5 * np.sqrt(2 * 48)
    assert any(len(set(batch)) < 100 for batch in drawn.tolist())


@pytest.mark.parametrize("order", ORDERS)
@given(
    n=st.integers(1, 40),
    batch=st.integers(1, 12),
    cut=st.integers(0, 20),
    more=st.integers(1, 20),
)
def test_starting_later_gives_the_same_batches(
    order: Order, n: int, batch: int, cut: int, more: int
) -> None:
    n = max(n, batch)
    whole = sequence(order, n, cut + more, batch)
    assert sequence(order, n, more, batch, first=cut) == whole[cut:]


def test_once_refuses_a_batch_larger_than_the_data() -> None:
    with pytest.raises(DataError, match=r"batch of 12 needs as many, and there are 11; take a"):
        sequence("once", 11, 1, 12)
    assert len(sequence("epochs", 11, 1, 12)[0]) == 12


def test_shuffled_repeats_nothing_before_all_were_drawn() -> None:
    found = shuffled(10, 25, np.random.default_rng(1))
    assert sorted(found[:10]) == sorted(found[10:20]) == list(range(10))
    assert len(set(found[20:])) == 5
    assert list(found[:10]) != list(found[10:20])
