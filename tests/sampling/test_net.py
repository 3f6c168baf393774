"""The layers of a trained network, as others build them anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gandiag.errors import UsageError
from gandiag.experiment.loading import read_experiment
from gandiag.sampling import read_learned

from .kept import keep, small


def test_the_parts_of_a_published_net_have_its_shapes_and_labels(tmp_path: Path) -> None:
    net = read_learned(keep(tmp_path / "run", read_experiment("dcgan-mnist-small"))).generator
    parts = net.parts()
    labelled = [(p.layer.kind, p.labels) for p in parts if p.labels]
    assert labelled == [("dense", 10), ("dense", 10), *[("conv-transpose", 10)] * 2]
    assert [p.given for p in parts[:3]] == [(110,), (128,), (138,)]
    assert [p.made for p in parts[-3:]] == [(16, 14, 14), (1, 28, 28), (784,)]
    assert parts[5].arrays["weights"].shape == (26, 16, 5, 5)
    sizes = [p.arrays[n].size for p in parts for n in ("weights", "biases") if n in p.arrays]
    assert sum(sizes) == net.weights.size


def test_the_margins_of_a_convolution_and_of_its_transpose_are_those_of_the_larger_image(
    tmp_path: Path,
) -> None:
    layers = [
        {"kind": "dense", "units": 16},
        {"kind": "reshape", "to": [1, 4, 4]},
        {"kind": "conv-transpose", "channels": 1, "kernel": 4, "stride": 2, "side": 7},
        {"kind": "conv", "channels": 1, "kernel": 4, "stride": 2},
        {"kind": "flatten"},
        {"kind": "dense", "units": 2},
    ]
    parts = read_learned(keep(tmp_path / "run", small(generator__layers=layers))).generator.parts()
    # Four windows of 4 by steps of 2 span 10: three more than 7.
    assert parts[2].margins == parts[3].margins == ((1, 2), (1, 2))
    with pytest.raises(TypeError, match="flatten layer has no margins"):
        _ = parts[4].margins


def test_weights_with_a_spectral_norm_are_divided_by_it(tmp_path: Path) -> None:
    layers = [{"kind": "dense", "units": 4, "spectral_norm": True}, {"kind": "dense", "units": 1}]
    net = read_learned(keep(tmp_path / "run", small(discriminator__layers=layers))).discriminator
    raw, u = net.named()["0.weights"], net.named_buffers()["0.u"]
    part = net.parts()[0]
    v = raw.T @ u / np.linalg.norm(raw.T @ u)
    assert part.arrays["weights"] == pytest.approx(raw / np.linalg.norm(raw @ v), rel=1e-12)
    assert set(part.arrays) == {"weights", "biases"}


def test_every_member_has_its_own_weights(tmp_path: Path) -> None:
    net = read_learned(keep(tmp_path / "run", small(generator__members=2))).generator
    first, second = (net.parts(k)[0].arrays["weights"] for k in (0, 1))
    assert first.shape == second.shape == (5, 3)
    assert not np.array_equal(first, second)
    with pytest.raises(UsageError, match="no member 2: the player has 2"):
        net.parts(2)
