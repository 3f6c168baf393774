"""The networks of finished runs as Keras models: members, labels, and the shapes of samples."""

from __future__ import annotations

import numpy as np
import pytest

from ..nets import NETWORKS, Made  # noqa: TID252

pytestmark = pytest.mark.framework


@pytest.mark.parametrize("who", ["g", "d"])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_model_computes_what_the_network_computes(name: str, who: str, made: Made) -> None:
    theirs, ours = made[name][who], made[name][f"numpy_{who}"]
    assert theirs.dtype == np.float64
    assert theirs.shape == ours.shape
    assert ours.std() > 1e-6
    np.testing.assert_allclose(theirs, ours, rtol=1e-6, atol=1e-8)


def test_loading_does_not_change_the_users_random_numbers(made: Made) -> None:
    assert all(found["undisturbed"] for found in made.values())
