"""What every layer promises: its arrays and output have the shapes that it names."""

from __future__ import annotations

import typing
from typing import Any

import numpy as np
import pytest

from gandiag.training import numpy_operations as ops
from gandiag.training.layers import Layer, Pass
from gandiag.training.layers.layer import channels, features

from .building import BATCH, LANES, layer, random_arrays, random_input, run

LAYERS: list[tuple[str, dict[str, Any], tuple[int, ...]]] = [
    ("dense", {"units": 3, "spectral_norm": True}, (5,)),
    ("maxout", {"units": 3, "pieces": 2}, (5,)),
    ("conv", {"channels": 3, "kernel": 3, "stride": 2, "spectral_norm": True}, (2, 5, 4)),
    ("conv-transpose", {"channels": 3, "kernel": 3, "stride": 2}, (2, 3, 4)),
    ("batch-norm", {}, (2, 3, 4)),
    ("minibatch", {}, (5,)),
    ("reshape", {"to": [2, 3, 4]}, (24,)),
    ("flatten", {}, (2, 3, 4)),
    ("point", {"units": 3}, (5,)),
]


def test_every_kind_of_layer_is_tried_here() -> None:
    kinds = typing.get_args(typing.get_args(Layer)[0])
    assert {kind.model_fields["kind"].annotation.__args__[0] for kind in kinds} == {
        name for name, _, _ in LAYERS
    }


@pytest.mark.parametrize(("kind", "settings", "given"), LAYERS, ids=[k for k, _, _ in LAYERS])
def test_output_and_buffers_have_the_shapes_that_the_layer_names(
    kind: str, settings: dict[str, Any], given: tuple[int, ...]
) -> None:
    spec = layer(kind, **settings)
    arrays = random_arrays(spec, given)
    y, buffers = run(spec, arrays, random_input(*given))
    assert y.shape == (LANES, *spec.shape(given), BATCH)
    named = [array.shape for array in buffers]
    assert named == [(LANES, *p.shape) for p in spec.buffers(given)]


@pytest.mark.parametrize(("kind", "settings", "given"), LAYERS, ids=[k for k, _, _ in LAYERS])
def test_a_sample_depends_on_the_others_only_where_the_layer_says_so(
    kind: str, settings: dict[str, Any], given: tuple[int, ...]
) -> None:
    spec = layer(kind, **settings)
    arrays, x = random_arrays(spec, given), random_input(*given)
    moved = x.copy()
    moved[..., 0] += 1
    for sampling, expected in ((False, spec.uses_batch_statistics), (True, spec.compares_samples)):
        how = Pass(ops, sampling=sampling)
        one, other = (spec.apply(how, arrays, some)[0][..., 1:] for some in (x, moved))
        assert (not np.allclose(one, other)) is expected


def test_a_layer_of_features_refuses_images_and_the_reverse() -> None:
    assert features((7,), "dense") == 7
    with pytest.raises(ValueError, match=r"a dense layer takes features .* \[2, 3, 4\]; put"):
        features((2, 3, 4), "dense")
    assert channels((2, 3, 4), "conv") == (2, 3, 4)
    with pytest.raises(ValueError, match=r"a conv layer takes images .* is given \[7\]; put"):
        channels((7,), "conv")
