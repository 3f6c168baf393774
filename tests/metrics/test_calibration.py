"""The calibration of D's probabilities: closed forms, floor, standard error."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import Calibration, calibration

few_examples = settings(max_examples=25, deadline=None, derandomize=True)

SHIFT = 1.5


def scores(
    rng: np.random.Generator, m: int, n: int, sharp: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """The logits of N(SHIFT / 2, 1) against N(-SHIFT / 2, 1): SHIFT x, here times ``sharp``."""
    return (
        sharp * SHIFT * rng.normal(SHIFT / 2, 1, m),
        sharp * SHIFT * rng.normal(-SHIFT / 2, 1, n),
    )


def test_the_optimal_discriminator_has_the_floor_as_error() -> None:
    rng = np.random.default_rng(1)
    found = []
    for _ in range(600):
        real, fake = scores(rng, 400, 700)
        found.append(calibration(real=real, fake=fake).ece)
    floor = np.mean([f.floor for f in found])
    assert np.mean([f.value for f in found]) == pytest.approx(floor, rel=0.03)


@pytest.mark.parametrize("sharp", [0.3, 3.0])
def test_the_standard_error_matches_simulation(sharp: float) -> None:
    rng = np.random.default_rng(2)
    found = []
    for _ in range(800):
        real, fake = scores(rng, 400, 700, sharp)
        found.append(calibration(real=real, fake=fake))
    for name in Calibration.__annotations__:
        parts = [getattr(f, name) for f in found]
        observed = np.std([f.value for f in parts])
        assert np.mean([f.se for f in parts]) == pytest.approx(observed, rel=0.12), name
    assert np.mean([f.ece.value for f in found]) > 2 * np.mean([f.ece.floor for f in found])


def test_over_and_underconfidence_both_raise_the_error() -> None:
    found = []
    for sharp in (1.0, 2.0, 4.0, 8.0):
        real, fake = scores(np.random.default_rng(3), 5000, 5000, sharp)
        found.append(calibration(real=real, fake=fake).ece.value)
    assert found == sorted(found)
    real, fake = scores(np.random.default_rng(3), 5000, 5000, 0.2)
    assert calibration(real=real, fake=fake).ece.value > 3 * found[0]


def test_a_direct_computation_gives_the_same() -> None:
    rng = np.random.default_rng(4)
    real, fake = rng.random(90), rng.random(40) ** 2
    expected = 0.0
    for low in np.arange(10) / 10:
        p = [x[(x >= low) & (x < low + 0.1)] for x in (real, fake)]
        mass = [len(p[0]) / 180, len(p[1]) / 80]
        said = p[0].sum() / 180 + p[1].sum() / 80
        expected += abs(said - mass[0])
    found = calibration(real=real, fake=fake, logits=False)
    assert found.ece.value == pytest.approx(expected)
    assert found.p_real.value == pytest.approx(real.mean())
    assert found.p_fake.value == pytest.approx(fake.mean())


def test_a_blind_discriminator_is_calibrated() -> None:
    found = calibration(real=np.zeros(30), fake=np.zeros(70))
    assert (found.p_real.value, found.p_fake.value, found.ece.value) == (0.5, 0.5, 0)


def test_a_certain_and_wrong_discriminator_has_error_1() -> None:
    found = calibration(real=[-800.0] * 20, fake=[800.0] * 30)
    assert (found.p_real.value, found.p_fake.value, found.ece.value) == (0, 1, 1)


@given(seed=st.integers(0, 1000))
@few_examples
def test_order_and_shape_do_not_matter_and_the_sides_are_symmetric(seed: int) -> None:
    rng = np.random.default_rng(seed)
    real, fake = rng.normal(1, 2, 50), rng.normal(-1, 2, 30)
    one = calibration(real=real, fake=fake)
    shares = [1 / (1 + np.exp(-rng.permutation(x))) for x in (real, fake)]
    other = calibration(real=shares[0], fake=shares[1], logits=False)
    mirrored = calibration(real=-fake, fake=-real)
    assert other.ece.value == pytest.approx(one.ece.value)
    assert other.p_real.value == pytest.approx(one.p_real.value)
    assert mirrored.ece.value == pytest.approx(one.ece.value)
    assert mirrored.ece.floor == pytest.approx(one.ece.floor)


@pytest.mark.parametrize("side", ["real", "fake"])
def test_nan_answers_give_nan(side: str) -> None:
    found = calibration(**{"real": [1.0, 2.0], "fake": [0.0, 1.0], side: [1.0, np.nan]})
    for name in Calibration.__annotations__:
        assert math.isnan(getattr(found, name).value)
        assert math.isnan(getattr(found, name).se)


def test_logits_passed_as_probabilities_are_rejected() -> None:
    with pytest.raises(ValueError, match="fake must be probabilities from 0 to 1"):
        calibration(real=[0.5], fake=[1.5], logits=False)
