"""How much a discriminator is shown, and how a batch may be cut."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.training import numpy_operations as ops
from gandiag.training.views import Batch, Moments, Packed, Samples

VIEWS = [
    (Samples(kind="samples"), 3, 24, False),
    (Packed(kind="packed", count=4), 12, 6, False),
    (Moments(kind="moments"), 12, 2, True),
    (Batch(kind="batch"), 36, 2, True),
    (Batch(kind="batch", deviations=True), 72, 2, True),
]


@pytest.mark.parametrize(("view", "width", "answers", "whole"), VIEWS)
def test_a_view_is_as_wide_as_it_says_and_has_its_number_of_answers(
    view: Samples | Packed | Moments | Batch, width: int, answers: int, whole: bool
) -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 24))
    assert view.width(3, 12) == width
    assert view.apply(ops, x, 2).shape == (2, width, answers)
    assert view.whole_batch is whole


@pytest.mark.parametrize("view", [view for view, *_ in VIEWS], ids=lambda view: view.kind)
def test_two_batches_at_once_are_seen_as_each_alone(
    view: Samples | Packed | Moments | Batch,
) -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 24))
    alone = [view.apply(ops, half, 1) for half in np.split(x, 2, axis=2)]
    assert view.apply(ops, x, 2) == pytest.approx(np.concatenate(alone, axis=2), rel=1e-13)


def test_a_pack_of_one_is_a_sample() -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 24))
    assert np.array_equal(Packed(kind="packed", count=1).apply(ops, x, 1), x)


def test_a_pack_depends_on_its_own_samples_alone() -> None:
    rng = np.random.default_rng(0)
    x, view = rng.standard_normal((1, 2, 12)), Packed(kind="packed", count=3)
    before = view.apply(ops, x, 1)
    touched = []
    for sample in range(12):
        moved = x.copy()
        moved[..., sample] += 1
        changed = (view.apply(ops, moved, 1) != before).any(axis=(0, 1))
        assert changed.sum() == 1
        touched.append(int(changed.argmax()))
    assert np.bincount(touched).tolist() == [3, 3, 3, 3]


def test_a_batch_that_packs_do_not_fill_is_refused() -> None:
    with pytest.raises(ValueError, match=r"schedule\.batch = 10 cannot be packed by 4"):
        Packed(kind="packed", count=4).width(2, 10)
