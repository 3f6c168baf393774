"""One layer of a trained network, as a framework needs it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gandiag.sampling import read_trained_networks

from .kept import keep, small


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
    parts = read_trained_networks(
        keep(tmp_path / "run", small(generator__layers=layers))
    ).generator.parts()
    # Four windows of 4 by steps of 2 span 10: three more than 7.
    assert parts[2].margins == parts[3].margins == ((1, 2), (1, 2))
    with pytest.raises(TypeError, match="flatten layer has no margins"):
        _ = parts[4].margins


def test_weights_with_a_spectral_norm_are_divided_by_it(tmp_path: Path) -> None:
    layers = [{"kind": "dense", "units": 4, "spectral_norm": True}, {"kind": "dense", "units": 1}]
    net = read_trained_networks(
        keep(tmp_path / "run", small(discriminator__layers=layers))
    ).discriminator
    raw, u = net.named()["0.weights"], net.named_buffers()["0.u"]
    part = net.parts()[0]
    v = raw.T @ u / np.linalg.norm(raw.T @ u)
    assert part.arrays["weights"] == pytest.approx(raw / np.linalg.norm(raw @ v), rel=1e-12)
    assert set(part.arrays) == {"weights", "biases"}
