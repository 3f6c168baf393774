"""The networks of one player: their layers, and each member's weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gandiag.errors import UsageError
from gandiag.experiment.loading import read_experiment
from gandiag.sampling import read_trained_networks

from .kept import keep, small


def test_the_parts_of_a_published_net_have_its_shapes_and_labels(tmp_path: Path) -> None:
    net = read_trained_networks(
        keep(tmp_path / "run", read_experiment("dcgan-mnist-small"))
    ).generator
    parts = net.parts()
    labelled = [(p.layer.kind, p.labels) for p in parts if p.labels]
    assert labelled == [("dense", 10), ("dense", 10), *[("conv-transpose", 10)] * 2]
    assert [p.given for p in parts[:3]] == [(110,), (128,), (138,)]
    assert [p.made for p in parts[-3:]] == [(16, 14, 14), (1, 28, 28), (784,)]
    assert parts[5].arrays["weights"].shape == (26, 16, 5, 5)
    sizes = [p.arrays[n].size for p in parts for n in ("weights", "biases") if n in p.arrays]
    assert sum(sizes) == net.weights.size


def test_every_member_has_its_own_weights(tmp_path: Path) -> None:
    net = read_trained_networks(keep(tmp_path / "run", small(generator__members=2))).generator
    first, second = (net.parts(k)[0].arrays["weights"] for k in (0, 1))
    assert first.shape == second.shape == (5, 3)
    assert not np.array_equal(first, second)
    with pytest.raises(UsageError, match="no member 2: the player has 2"):
        net.parts(2)
