"""MNIST in every order of training, on synthetic digits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from gandiag.data import Mnist
from gandiag.running.streams import Feed, deal_lanes, draw_lanes
from gandiag.training.process import Draw

Arrays = dict[str, NDArray[np.uint8]]

pytestmark = pytest.mark.usefixtures("place")


def mnist(**overrides: Any) -> Mnist:
    return Mnist(kind="mnist", **overrides)


def stream(data: Mnist, batches: int, batch: int = 30, seed: int = 5) -> NDArray[np.float32]:
    """Batches in the order of a training, drawn two at a time, [batches, size + classes, batch]."""
    draw = Draw(data, 1, data.size + data.classes, batch)
    chunks = [deal_lanes([seed], "train/real", draw, k, 2) for k in range(-(-batches // 2))]
    return np.concatenate(chunks)[:batches, 0, 0]


def numbers(batches: NDArray[np.float32]) -> list[int]:
    """The indices of the images, by the marks in their first two pixels."""
    first, second = np.rint(255 * batches[:, :2].astype(np.float64)).astype(int).swapaxes(0, 1)
    return [int(k) for k in (first + 200 * second).ravel()]


def test_images_are_the_bytes_of_the_file_over_255(arrays: Arrays) -> None:
    got = stream(mnist(order="cyclic"), 1)[0].T
    expected = arrays["x_train"][:30].reshape(30, -1).astype(np.float32) / np.float32(255)
    assert np.array_equal(got, expected)


def test_cyclic_repeats_the_order_of_the_file() -> None:
    assert numbers(stream(mnist(order="cyclic"), 9)) == [k % 200 for k in range(270)]


def test_a_range_past_the_training_images_continues_with_the_test_images() -> None:
    found = numbers(stream(mnist(first=150, count=110, order="cyclic"), 4))
    assert found == [150 + k % 110 for k in range(120)]


def test_by_default_no_test_image_is_used() -> None:
    assert sorted(numbers(stream(mnist(), 20, batch=10))) == list(range(200))
    assert sorted(numbers(stream(mnist(first=150), 10, batch=5))) == list(range(150, 200))


def test_every_epoch_has_every_image_once_in_a_new_order() -> None:
    found = numbers(stream(mnist(), 20))
    assert [sorted(found[k : k + 200]) for k in (0, 200, 400)] == [list(range(200))] * 3
    assert found[:200] != found[200:400] != found[400:600]
    assert found[:200] != list(range(200))


def test_once_drops_the_incomplete_last_batch() -> None:
    found = numbers(stream(mnist(order="once"), 12))
    assert found[:180] == found[180:360]
    assert len(set(found)) == 180


def test_drawn_images_are_independent_of_each_other() -> None:
    found = numbers(stream(mnist(order="drawn"), 40))
    assert len(found) > len(set(found)) > 190


def test_a_binarized_pixel_is_1_with_the_probability_of_its_value(arrays: Arrays) -> None:
    data = mnist(count=20, order="cyclic", binarize=True)
    drawn = stream(data, 2000, batch=20)
    assert set(np.unique(drawn)) == {0.0, 1.0}
    share = drawn.mean(0, dtype=np.float64).T
    p = arrays["x_train"][:20].reshape(20, -1) / 255
    assert (share[p == 0] == 0).all()
    assert (share[p == 1] == 1).all()
    share, p = (each[(p > 0) & (p < 1)] for each in (share, p))
    z = (share - p) / np.sqrt(p * (1 - p) / 2000)
    assert (z**2).mean() == pytest.approx(1, abs=5 * np.sqrt(2 / len(z)))


def test_an_image_is_binarized_again_each_time() -> None:
    first, again = stream(mnist(count=30, order="cyclic", binarize=True), 2)
    assert 0.2 < (first != again).mean() < 0.4  # of uniform values, a third


def test_labels_come_with_their_images(arrays: Arrays) -> None:
    drawn = stream(mnist(labelled=True), 6)
    assert drawn.shape == (6, 784 + 10, 30)
    labels = drawn[:, 784:].argmax(1).ravel()
    assert labels.tolist() == arrays["y_train"][numbers(drawn)].tolist()
    assert (drawn[:, 784:].sum(1) == 1).all()


def test_ink_and_paper_have_the_configured_values() -> None:
    plain, wide = (stream(mnist(low=low, labelled=True), 3) for low in (0.0, -1.0))
    assert wide[:, :784] == pytest.approx(2 * plain[:, :784] - 1, abs=1e-6)
    assert np.array_equal(wide[:, 784:], plain[:, 784:])
    assert set(np.unique(stream(mnist(binarize=True, low=-0.5), 3))) == {-0.5, 1.0}


def test_an_evaluation_uses_images_of_the_range_without_repetition() -> None:
    data = mnist(first=20, count=100, order="cyclic")
    found = numbers(draw_lanes([5], "evaluate/real", Draw(data, 1, 784, 100))[0, :, 0])
    assert sorted(found) == list(range(20, 120))
    assert found != sorted(found)
    more = numbers(draw_lanes([5], "evaluate/real", Draw(data, 1, 784, 250))[0, :, 0])
    assert max(more.count(k) for k in set(more)) == 3


class Walk:
    """A process that only draws images."""

    name = "train"
    iterations = 30

    def __init__(self, data: Mnist) -> None:
        self.draws = {"real": Draw(data, 3, data.size + data.classes, 7)}


KINDS: dict[str, dict[str, Any]] = {
    **{order: {"order": order} for order in ("cyclic", "epochs", "once", "drawn")},
    "binarized": {"order": "epochs", "binarize": True},
    "labelled": {"order": "once", "labelled": True, "count": 250},
}


@pytest.mark.parametrize("kind", KINDS)
def test_resuming_at_any_chunk_gives_the_same_images(kind: str) -> None:
    walk = Walk(mnist(**KINDS[kind]))
    with Feed(walk, [5], chunk=10) as feed:  # type: ignore[arg-type]
        whole = [feed.of_chunk(chunk)["real"] for chunk in range(3)]
    for first in (1, 2):
        with Feed(walk, [5], chunk=10) as feed:  # type: ignore[arg-type]
            assert np.array_equal(feed.of_chunk(first)["real"], whole[first])
    assert not np.array_equal(whole[0], whole[1])


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gets_the_same_images_alone_and_in_a_group(kind: str) -> None:
    data = mnist(**KINDS[kind])
    draw = Draw(data, 3, data.size + data.classes, 7)
    alone = deal_lanes([5], "train/real", draw, 2, 4)
    among = deal_lanes([8, 5, 8, 11], "train/real", draw, 2, 4)
    assert np.array_equal(among[:, :, 1], alone[:, :, 0])
    assert np.array_equal(among[:, :, 0], among[:, :, 2])
    assert kind == "cyclic" or not np.array_equal(among[:, :, 0], among[:, :, 3])


def test_the_images_do_not_depend_on_the_chunk_length() -> None:
    draw = Draw(mnist(), 2, 784, 7)
    long = deal_lanes([5], "train/real", draw, 0, 12)
    short = [deal_lanes([5], "train/real", draw, chunk, 4) for chunk in range(3)]
    assert np.array_equal(np.concatenate(short), long)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"count": 261}, r"no images 0 to 260, counted from 0: MNIST has 260, the first 200"),
        ({"first": 200}, r"no images 200 to 199"),
        ({"first": 259, "count": 2}, r"no images 259 to 260"),
        ({"first": -1}, "greater than or equal to 0"),
        ({"order": "shuffled"}, "'cyclic', 'epochs', 'once' or 'drawn'"),
        ({"low": 1.0}, r"low = 1.0 is not below high = 1.0"),
        ({"binarize": 1}, "valid boolean"),
    ],
)
def test_invalid_settings_are_refused(overrides: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        mnist(**overrides)


def test_a_preview_has_no_labels() -> None:
    few = mnist(labelled=True).preview(16, seed=1)
    assert few.shape == (16, 784)
    assert len(set(numbers(few.T[None]))) == 16
    assert np.array_equal(few, mnist(labelled=True).preview(16, seed=1))


def test_the_data_have_the_attributes_of_a_data_set() -> None:
    data = mnist(labelled=True)
    assert (data.size, data.shape, data.classes, data.fingerprint()) == (784, (1, 28, 28), 10, {})
    assert mnist().classes == 0
