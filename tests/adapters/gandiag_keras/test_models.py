"""Keras models of finished runs compute what the trained networks compute."""

from __future__ import annotations

import numpy as np
import pytest

from ..conftest import needed  # noqa: TID252
from ..nets import CASES, Made, load_all  # noqa: TID252

pytestmark = pytest.mark.framework

REFUSED = {("minibatch", "d"): "minibatch", ("point", "g"): "point"}
"""What is no plain layer of Keras."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    needed("keras")
    return load_all("tensorflow", tmp_path_factory.mktemp("keras-models"))


@pytest.mark.parametrize("who", ["g", "d"])
@pytest.mark.parametrize("name", [*CASES, "published"])
def test_a_model_computes_what_the_network_computes(name: str, who: str, made: Made) -> None:
    theirs, ours = made[name][who], made[name][f"numpy_{who}"]
    if (name, who) in REFUSED:
        assert str(theirs).startswith(
            f"refused: Keras has no plain layer for {REFUSED[name, who]!r}"
        )
        return
    assert theirs.dtype == np.float64
    assert theirs.shape == ours.shape
    assert ours.std() > 1e-6
    # TensorFlow rounds the slope of a leaky ReLU to float32.
    np.testing.assert_allclose(theirs, ours, rtol=1e-6, atol=1e-8)


def test_loading_does_not_change_the_users_random_numbers(made: Made) -> None:
    assert all(found["undisturbed"] for found in made.values())
