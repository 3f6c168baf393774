"""The coordinates in which samples of any data are compared."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from gandiag.measure.space import COLUMNS, COMPONENTS, FAR, FEW, SAMPLES_PER_COMPONENT, Space


@pytest.fixture(autouse=True)
def _no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def factors(rng, n, size, hidden=3):
    axes = np.random.default_rng(9).normal(size=(hidden, size))
    return rng.normal(size=(n, hidden)) @ axes + 0.1 * rng.normal(size=(n, size))


def test_columns_have_one_scale_whatever_their_unit():
    rng = np.random.default_rng(0)
    real = rng.normal(size=(4000, 4))
    unit = np.array([1e6, 1e-6, 1.0, 30.0])
    same = Space(real).standardized(real)
    np.testing.assert_allclose(Space(real * unit).standardized(real * unit), same, atol=1e-9)
    np.testing.assert_allclose(FAR * np.sinh(same / FAR).std(axis=0), 1, atol=0.08)


@pytest.mark.parametrize("size", [2, 7, 16])
def test_columns_may_come_in_any_order_and_positive_unit(size):
    rng = np.random.default_rng(1)
    real, fake = rng.gamma(2, size=(300, size)), rng.gamma(3, size=(100, size))
    order, unit = rng.permutation(size), 2.0 ** rng.integers(-20, 20, size=size)
    here = Space(real).place(fake)
    np.testing.assert_array_equal(Space(real[:, order]).place(fake[:, order]), here[:, order])
    np.testing.assert_allclose(Space(real * unit).place(fake * unit), here, rtol=1e-12)


def test_an_outlier_does_not_decide_the_scale():
    real = np.random.default_rng(2).normal(size=(2000, 2))
    far = real.copy()
    far[7] = 1e9
    x = np.array([[1.0, -1.0]])
    np.testing.assert_allclose(Space(far).standardized(x), Space(real).standardized(x), atol=0.02)
    assert np.abs(Space(real).standardized(far)).max() < 75


def test_constant_columns_stay_and_a_rare_value_has_a_scale():
    real = np.zeros((500, 3))
    real[:, 1] = 7
    real[::50, 2] = 100
    found = Space(real).standardized(real)
    assert np.isfinite(found).all()
    np.testing.assert_array_equal(found[:, :2], 0)
    assert 3 < found[0, 2] < 6


def test_pixels_of_an_image_have_one_scale_and_a_constant_border_none():
    rng = np.random.default_rng(3)
    real = np.zeros((400, 6, 6))
    real[:, 2:5, 2:5] = rng.random((400, 3, 3))
    flat = real.reshape(400, -1).astype(np.float32)
    space = Space(flat, image=True)
    found = space.standardized(flat)
    assert np.isfinite(found).all()
    assert np.ptp(space._scale[1]) == 0
    assert np.isfinite(space.components(flat)).all()


@pytest.mark.parametrize(("m", "size"), [(400, 30), (400, 3000), (100, 200), (3, 50), (1, 50)])
def test_there_are_as_many_components_as_the_samples_show(m, size):
    real = factors(np.random.default_rng(4), m, size)
    space = Space(real)
    half = -(-m // 2)
    count = max(1, min(COMPONENTS, size, half // SAMPLES_PER_COMPONENT))
    found = space.components(real)
    assert found.shape == (m, count + 1)
    assert np.isfinite(found).all()
    if count >= 3:
        axes = space._axes[1]
        np.testing.assert_allclose(axes.T @ axes, np.eye(count), atol=1e-6)


@pytest.mark.parametrize("size", [60, 700])
def test_the_components_are_those_of_a_singular_value_decomposition(size):
    """Both ways of computing them, by columns and by samples."""
    real = factors(np.random.default_rng(5), 400, size)
    space = Space(real)
    half = space.standardized(real[::2])
    right = np.linalg.svd(half - half.mean(axis=0), full_matrices=False)[2][:3]
    along = np.abs(right @ space._axes[1][:, :3])
    np.testing.assert_allclose(along, np.eye(3), atol=1e-5)


def test_what_the_components_leave_out_is_the_distance_to_their_plane():
    real = factors(np.random.default_rng(6), 800, 40)
    space = Space(real)
    assert space.has_rest
    centre, axes = space._axes
    noisy = real + 3 * np.random.default_rng(7).normal(size=real.shape)
    rest = space.standardized(noisy) - centre
    beside = rest - rest @ axes @ axes.T
    np.testing.assert_allclose(space.components(noisy)[:, -1], np.linalg.norm(beside, axis=1))
    assert np.median(space.components(noisy)[:, -1]) > 5 * np.median(space.components(real)[:, -1])


@pytest.mark.parametrize(
    ("size", "image", "place", "directions"),
    [(1, False, 1, 1), (3, False, 3, 3), (10, False, 10, 20), (16, False, 16, 32),
     (30, False, 17, 47), (64, True, 17, 81), (65, False, 17, 17)],
)  # fmt: skip
def test_the_number_of_coordinates_follows_from_that_of_columns(size, image, place, directions):
    real = factors(np.random.default_rng(8), 800, size)
    space = Space(real, image)
    assert space.place(real).shape == (800, place)
    assert space.directions(real).shape == (directions, 800)
    assert len(space.reference) == (800 if size <= FEW else 400)
    assert (directions > place) == (FEW < size <= COLUMNS)


@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.float32, bool])
def test_numbers_of_any_kind_are_compared_as_floats(kind):
    real = np.random.default_rng(9).integers(0, 2, size=(200, 20)).astype(kind)
    for found in (Space(real).place(real), Space(real).directions(real)):
        assert found.dtype == np.float64
        assert np.isfinite(found).all()


@pytest.mark.parametrize("size", [1, 5, 100])
@pytest.mark.parametrize("m", [1, 2, 9])
def test_one_sample_or_equal_ones_are_no_error(m, size):
    space = Space(np.full((m, size), 3.0))
    fake = np.random.default_rng(0).normal(size=(5, size))
    assert np.isfinite(space.place(fake)).all()
    assert np.isfinite(space.directions(fake)).all()
