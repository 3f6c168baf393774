"""Samples as files: arrays that are read back, and names that are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gandiag.errors import UsageError
from gandiag.sampling import read_trained_networks
from gandiag.sampling.output import check_suffix, write, write_samples
from gandiag.sampling.picture import picture
from gandiag.sampling.sample import DrawnSamples, draw

from .kept import keep, small


@pytest.fixture
def drawn(tmp_path: Path) -> DrawnSamples:
    return draw(read_trained_networks(keep(tmp_path / "run", small())), 5)


def test_samples_and_latent_points_are_read_back(drawn: DrawnSamples, tmp_path: Path) -> None:
    write_samples(tmp_path / "x.npy", drawn)
    assert np.array_equal(np.load(tmp_path / "x.npy", allow_pickle=False), drawn.samples)
    write_samples(tmp_path / "x.npz", drawn)
    archive = np.load(tmp_path / "x.npz", allow_pickle=False)
    assert set(archive) == {"samples", "latent"}  # labels only of a conditional generator
    assert np.array_equal(archive["latent"], drawn.latent.T)


def test_a_picture_is_that_of_the_samples(drawn: DrawnSamples, tmp_path: Path) -> None:
    write_samples(tmp_path / "x.png", drawn)
    expected = picture(drawn.samples, drawn.trained.experiment.data)
    assert (tmp_path / "x.png").read_bytes() == expected


def test_another_suffix_is_refused_and_the_known_ones_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"has to end with \.png, \.npy or \.npz"):
        check_suffix(tmp_path / "x.jpg", ".png", ".npy", ".npz")
    with pytest.raises(UsageError, match=r"has to end with \.npz$"):
        check_suffix(tmp_path / "x", ".npz")
    check_suffix(tmp_path / "x.npz", ".npz")


def test_a_place_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot write .*absent.*: No such file"):
        write(tmp_path / "absent" / "x.npy", b"")
