"""A learnt point: the same output for every input."""

from __future__ import annotations

import numpy as np

from .building import layer, random_arrays, random_input, run


def test_the_output_is_the_point_whatever_the_input() -> None:
    spec = layer("point", units=3)
    arrays = random_arrays(spec, (2,))
    one, other = (run(spec, arrays, random_input(2, seed=seed))[0] for seed in (1, 2))
    assert np.array_equal(one, np.repeat(arrays["weights"], 6, axis=2))
    assert np.array_equal(one, other)


def test_it_has_one_weight_a_coordinate_and_takes_no_labels() -> None:
    spec = layer("point", units=3)
    assert [(p.name, p.shape) for p in spec.parameters((7,))] == [("weights", (3, 1))]
    assert not spec.accepts_labels
