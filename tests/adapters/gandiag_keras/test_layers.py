"""Trained layers as Keras' own: they compute the same, and what Keras does not have is refused."""

from __future__ import annotations

import numpy as np
import pytest

from ..nets import LAYERS, Made  # noqa: TID252

pytestmark = pytest.mark.framework

REFUSED = {("minibatch", "d"): "minibatch", ("point", "g"): "point"}
"""What is no plain layer of Keras."""


@pytest.mark.parametrize(
    ("name", "who"), [(n, who) for n in LAYERS for who in "gd" if (n, who) not in REFUSED]
)
def test_layers_compute_what_the_trained_ones_compute(name: str, who: str, made: Made) -> None:
    theirs, ours = made[name][who], made[name][f"numpy_{who}"]
    assert ours.std() > 1e-6
    # TensorFlow rounds the slope of a leaky ReLU to float32.
    np.testing.assert_allclose(theirs, ours, rtol=1e-6, atol=1e-8, strict=True)


@pytest.mark.parametrize(("name", "who"), REFUSED)
def test_a_layer_that_keras_does_not_have_is_refused(name: str, who: str, made: Made) -> None:
    message = str(made[name][who])
    assert message.startswith(f"refused: Keras has no plain layer for {REFUSED[name, who]!r}")
