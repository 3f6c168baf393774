"""Trees of arrays as flat dictionaries, and what of a setting a run's numbers depend on."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.running.runner import Setting, flatten, unflatten


def test_a_tree_flattened_and_back_is_the_tree() -> None:
    tree = {"g": {"weights": np.zeros(2), "adam": {"m": np.ones(1)}}, "failed_at": np.ones(3)}
    flat = flatten(tree)
    assert list(flat) == ["g.weights", "g.adam.m", "failed_at"]
    assert flatten(unflatten(flat)).keys() == flat.keys()
    assert unflatten(flat)["g"]["adam"]["m"] is tree["g"]["adam"]["m"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("device", "kind"), [("cpu", "cpu"), ("cuda:1", "cuda"), ("gpu:0", "gpu"), ("cuda", "cuda")]
)
def test_the_kind_of_a_device_has_no_number(device: str, kind: str) -> None:
    assert Setting(device, "eager", 10).device_kind == kind
