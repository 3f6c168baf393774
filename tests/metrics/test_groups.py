"""The standard error from groups, where it is known otherwise."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.metrics.groups import error_from_groups, of_a_share


def test_the_error_of_a_mean_is_found() -> None:
    rng = np.random.default_rng(1)
    found = []
    for _ in range(200):
        x, y = rng.normal(5, 1, (600, 1)), rng.normal(5, 2, (400, 1))
        whole = x.mean(axis=0) + y.mean(axis=0)
        found.append(
            error_from_groups(
                lambda a, b: a.mean(axis=0) + b.mean(axis=0),
                np.ones_like,
                whole=whole,
                real=x,
                fake=y,
            )
        )
    assert np.mean(found) == pytest.approx(np.sqrt(1 / 600 + 4 / 400), rel=0.06)


def test_the_error_of_a_share_is_carried_over_in_its_own_scale() -> None:
    x = (np.arange(1000) < 300).astype(float)[:, None]
    # The groups read something else: a share of .3, where the whole reads .9.
    found = error_from_groups(
        lambda a, _: a.mean(axis=0), of_a_share, whole=np.array([0.9]), real=x, fake=x
    )
    assert found == pytest.approx(np.sqrt(0.9 * 0.1 / 1000), rel=0.4)


def test_groups_that_all_agree_on_an_end_give_0() -> None:
    x = np.ones((200, 1))
    found = error_from_groups(
        lambda a, _: a.mean(axis=0), of_a_share, whole=np.ones(1), real=x, fake=x
    )
    assert found == [0.0]
