"""A network as a list of layers, and its weights as one row of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gandiag.training import numpy_operations as ops
from gandiag.training.layers import Pass
from gandiag.training.network import Network

IMAGES = {"kind": "reshape", "to": [2, 5, 4]}
CONV = {"kind": "conv", "channels": 3, "kernel": 3, "stride": 2}
UP = CONV | {"kind": "conv-transpose"}
FLAT = {"kind": "flatten"}
NORM = {"kind": "batch-norm"}
DENSE = {"kind": "dense", "units": 6}
LABELS = 4


def network(*layers: dict[str, Any], **more: Any) -> Network:
    start = {"kind": "normal", "std": 1.0}
    return Network.model_validate({"layers": layers, "weights": start, "biases": start} | more)


SHAPES: dict[str, tuple[list[dict[str, Any]], list[tuple[int, ...]]]] = {
    "dense": ([DENSE, DENSE], [(40,), (6,), (6,)]),
    "maxout": ([{"kind": "maxout", "units": 3, "pieces": 5}], [(40,), (3,)]),
    "minibatch": ([{"kind": "minibatch", "kernels": 5}], [(40,), (45,)]),
    "point": ([{"kind": "point", "units": 7}], [(40,), (7,)]),
    "convolution": ([IMAGES, CONV, FLAT], [(40,), (2, 5, 4), (3, 3, 2), (18,)]),
    "transpose": ([IMAGES, UP, FLAT], [(40,), (2, 5, 4), (3, 10, 8), (240,)]),
    "norm": ([IMAGES, NORM, FLAT, NORM], [(40,), (2, 5, 4), (2, 5, 4), (40,), (40,)]),
    "odd": (
        [{"kind": "reshape", "to": [10, 2, 2]}, UP | {"side": 3}, FLAT],
        [(40,), (10, 2, 2), (3, 3, 3), (27,)],
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_shapes_between_the_layers_are_those_of_the_arrays(name: str) -> None:
    layers, shapes = SHAPES[name]
    found = network(*layers)
    assert found.shapes(40) == shapes
    rng = np.random.default_rng(0)
    made = found.apply(found.initial(40, rng)[None], rng.standard_normal((1, 40, 8)), Pass(ops))
    assert made.shape == (1, *shapes[-1], 8)


COUNTS = [
    ([DENSE], 40 * 6 + 6),
    ([DENSE | {"bias": False}], 240),
    ([{"kind": "maxout", "units": 3, "pieces": 5}], 15 * 41),
    ([{"kind": "minibatch", "kernels": 5, "dimension": 3}], 15 * 40),
    ([{"kind": "point", "units": 7}], 7),
    ([IMAGES, CONV], 2 * 3 * 9 + 3),
    ([IMAGES, UP | {"bias": False}], 2 * 3 * 9),
    ([IMAGES, NORM, FLAT], 4),
    ([NORM | {"scale": False}], 40),
]


@pytest.mark.parametrize(("layers", "count"), COUNTS)
def test_the_number_of_weights_is_the_sum_over_the_layers(
    layers: list[dict[str, Any]], count: int
) -> None:
    found = network(*layers)
    assert found.count(40) == count
    assert found.initial(40, np.random.default_rng(0)).shape == (count,)


def test_only_averages_and_singular_vectors_are_buffers() -> None:
    rng = np.random.default_rng(0)
    assert network(DENSE, DENSE).initial_buffers(40, rng).size == 0
    known = network(DENSE, NORM).named_buffers(40, network(DENSE, NORM).initial_buffers(40, rng))
    assert {name: values.ravel().tolist() for name, values in known.items()} == {
        "1.mean": [0.0] * 6,
        "1.variance": [1.0] * 6,
    }
    normed = network(IMAGES, CONV | {"spectral_norm": True}, FLAT, DENSE | {"spectral_norm": True})
    vectors = normed.named_buffers(40, normed.initial_buffers(40, rng))
    assert {name: values.shape for name, values in vectors.items()} == {
        "1.u": (3, 1),
        "3.u": (6, 1),
    }


def labelled(labels: str, *layers: dict[str, Any]) -> list[tuple[int, ...]]:
    return network(*layers, labels=labels).shapes(40, LABELS)


def test_labels_widen_the_inputs_of_the_layers_that_see_them() -> None:
    layers = (DENSE, NORM, DENSE)
    assert labelled("none", *layers)[:3] == [(40,), (6,), (6,)]
    assert labelled("first", *layers)[:3] == [(44,), (6,), (6,)]
    assert labelled("every", *layers)[:3] == [(44,), (6,), (10,)]


def test_labels_are_channels_of_images_and_go_to_the_first_layer_with_weights() -> None:
    first = labelled("first", IMAGES, CONV, FLAT, DENSE)
    assert first == [(40,), (6, 5, 4), (3, 3, 2), (18,), (6,)]
    assert labelled("every", IMAGES, CONV, FLAT, DENSE)[3] == (22,)


def test_the_names_of_the_weights_are_the_places_and_the_order_is_that_of_the_row() -> None:
    found = network(DENSE, NORM, {"kind": "dense", "units": 2, "bias": False})
    row = np.arange(found.count(3), dtype=np.float64)
    named = found.named(3, row)
    assert {name: values.shape for name, values in named.items()} == {
        "0.weights": (6, 3),
        "0.biases": (6, 1),
        "1.weights": (6, 1),
        "1.biases": (6, 1),
        "2.weights": (2, 6),
    }
    assert np.array_equal(np.concatenate([values.ravel() for values in named.values()]), row)


def test_biases_and_shifts_do_not_count_among_the_squares() -> None:
    found = network(DENSE, NORM)
    row = np.random.default_rng(0).standard_normal((2, found.count(3)))
    for lane in range(2):
        named = found.named(3, row[lane])
        slow = sum((v**2).sum() for name, v in named.items() if name.endswith("weights"))
        assert found.squares(ops, row, 3)[lane] == pytest.approx(slow)


def test_a_layer_s_own_initializer_overrides_the_network_s() -> None:
    own = DENSE | {"weights": {"kind": "constant", "value": 3.0}}
    found = network(own, DENSE, biases={"kind": "constant", "value": -1.0})
    named = found.named(3, found.initial(3, np.random.default_rng(0)))
    assert (named["0.weights"] == 3).all()
    assert (named["0.biases"] == -1).all()
    assert np.ptp(named["1.weights"]) > 1


@pytest.mark.parametrize(
    ("layers", "uses_batch_statistics", "convolutional"),
    [
        ([DENSE], False, False),
        ([DENSE, NORM], True, False),
        ([{"kind": "minibatch"}], True, False),
        ([IMAGES, CONV], False, True),
        ([IMAGES, UP], False, True),
    ],
)
def test_a_network_reports_batch_statistics_and_convolutions(
    layers: list[dict[str, Any]], uses_batch_statistics: bool, convolutional: bool
) -> None:
    assert network(*layers).uses_batch_statistics is uses_batch_statistics
    assert network(*layers).convolutional is convolutional


FLAT_ONLY = [
    DENSE,
    {"kind": "maxout", "units": 1, "pieces": 2},
    {"kind": "minibatch"},
    {"kind": "point", "units": 1},
]


@pytest.mark.parametrize("layer", FLAT_ONLY, ids=lambda layer: layer["kind"])
def test_a_layer_of_features_refuses_images(layer: dict[str, Any]) -> None:
    message = f"a {layer['kind']} layer takes features and is given images of shape .2, 5, 4."
    with pytest.raises(ValueError, match=message):
        network(IMAGES, layer).shapes(40)
