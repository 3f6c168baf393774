"""Trained layers as PyTorch's own: they compute the same, and an unknown one is refused."""

from __future__ import annotations

import numpy as np
import pytest

from ...adapters.nets import LAYERS, Made  # noqa: TID252
from ..engine_checks import Values  # noqa: TID252

pytestmark = pytest.mark.framework


@pytest.mark.parametrize("who", ["g", "d"])
@pytest.mark.parametrize("name", LAYERS)
def test_layers_compute_what_the_trained_ones_compute(name: str, who: str, made: Made) -> None:
    theirs, ours = made[name][who], made[name][f"numpy_{who}"]
    assert ours.std() > 1e-6
    np.testing.assert_allclose(theirs, ours, rtol=1e-9, atol=1e-11, strict=True)


def test_an_unknown_layer_or_activation_is_a_usage_error_that_names_the_known_ones(
    engines: Values,
) -> None:
    layer, activation = (str(engines[f"own/refused/{name}"]) for name in ("layer", "activation"))
    assert "there is no kind of layer 'recurrent'. Available: dense, maxout," in layer
    assert "there is no activation 'gelu'; did you mean 'elu'?" in activation
    assert layer.endswith(
        "Sample it with gandiag.sampling instead, or add it to gandiag_torch.layers"
    )
