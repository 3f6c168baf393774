"""The standard error from groups agrees with known standard errors."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.metrics.groups import at_least_one_sample, binomial_scale, error_from_groups


def test_the_standard_error_of_a_mean_is_correct() -> None:
    rng = np.random.default_rng(1)
    found = []
    for _ in range(200):
        x, y = rng.normal(5, 1, (600, 1)), rng.normal(5, 2, (400, 1))
        estimates = x.mean(axis=0) + y.mean(axis=0)
        found.append(
            error_from_groups(
                lambda a, b: a.mean(axis=0) + b.mean(axis=0),
                np.ones_like,
                estimates=estimates,
                real=x,
                fake=y,
            )
        )
    assert np.mean(found) == pytest.approx(np.sqrt(1 / 600 + 4 / 400), rel=0.06)


def test_the_standard_error_of_a_share_uses_the_binomial_scale() -> None:
    x = (np.arange(1000) < 300).astype(float)[:, None]
    # The groups have a share of .3, all samples together one of .9.
    found = error_from_groups(
        lambda a, _: a.mean(axis=0), binomial_scale, estimates=np.array([0.9]), real=x, fake=x
    )
    assert found == pytest.approx(np.sqrt(0.9 * 0.1 / 1000), rel=0.4)


def test_groups_that_agree_on_1_give_standard_error_0() -> None:
    x = np.ones((200, 1))
    found = error_from_groups(
        lambda a, _: a.mean(axis=0), binomial_scale, estimates=np.ones(1), real=x, fake=x
    )
    assert found == [0.0]


def test_a_share_of_1_in_all_groups_has_the_error_of_half_a_sample() -> None:
    found = at_least_one_sample(np.array([0.0, 0.02]), np.array([1.0, 0.9]), np.array([99, 99]))
    assert found == pytest.approx([np.sqrt(0.995 * 0.005 / 99), 0.02])
