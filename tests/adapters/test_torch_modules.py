"""Finished runs as PyTorch modules: they make what the networks make that were trained."""

from __future__ import annotations

import os
from importlib.util import find_spec

import numpy as np
import pytest

from .nets import CASES, Made, load_all

pytestmark = pytest.mark.framework


def _needed() -> None:
    """Skips where PyTorch is not installed, unless the session is there to test it."""
    if find_spec("torch") is None:
        if os.environ.get("GANDIAG_REQUIRE") == "torch":
            pytest.fail("torch is not installed, which this session is to test")
        pytest.skip("torch is not installed")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    _needed()
    return load_all("torch", tmp_path_factory.mktemp("torch-modules"))


@pytest.mark.parametrize("who", ["g", "d"])
@pytest.mark.parametrize("name", [*CASES, "published"])
def test_a_module_makes_what_the_network_makes(name: str, who: str, made: Made) -> None:
    theirs, ours = made[name][who], made[name][f"numpy_{who}"]
    assert theirs.dtype == np.float64
    assert theirs.shape == ours.shape
    assert ours.std() > 1e-6
    np.testing.assert_allclose(theirs, ours, rtol=1e-9, atol=1e-11)


def test_loading_takes_no_random_number_from_the_users_program(made: Made) -> None:
    assert all(found["undisturbed"] for found in made.values())
