"""Samples are converted to one form, or rejected with a reason."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.metrics.samples import both_sides, scalars, vectors

COLUMNS = np.arange(12.0).reshape(4, 3)


@pytest.mark.parametrize("shape", [(3,), (3, 1), (3, 1, 1)])
def test_scalars_accept_samples_or_a_column(shape: tuple[int, ...]) -> None:
    np.testing.assert_array_equal(scalars(np.arange(3).reshape(shape), "fake"), [0.0, 1.0, 2.0])


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.float16, np.float64),
        (np.int32, np.float64),
        (bool, np.float64),
    ],
)
def test_scalars_keep_their_float_dtype(kind: type, kept: type) -> None:
    assert scalars(np.zeros(3, dtype=kind), "fake").dtype == kept


@pytest.mark.parametrize("samples", [COLUMNS, np.zeros((1, 3)), np.zeros((2, 4, 1)), [], 1.0])
def test_scalars_with_several_or_no_coordinates_are_rejected(samples: object) -> None:
    shape = str(np.shape(samples)).replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(ValueError, match=rf"^those must be .* with n >= 1, not of shape {shape};"):
        scalars(samples, "those")


@pytest.mark.parametrize(
    ("shape", "found"), [((5,), (5, 1)), ((5, 2), (5, 2)), ((5, 4, 4, 3), (5, 48)), ((1,), (1, 1))]
)
def test_vectors_are_flattened_samples(shape: tuple[int, ...], found: tuple[int, int]) -> None:
    x = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    flat = vectors(x, "fake")
    assert (flat.shape, flat.dtype) == (found, np.float64)
    assert flat.flags.c_contiguous
    np.testing.assert_array_equal(flat.reshape(shape), x)


@pytest.mark.parametrize("samples", [1.0, [], np.zeros((0, 3)), np.zeros((3, 0)), [[1.0], [2.0]]])
def test_too_few_vectors_are_rejected(samples: object) -> None:
    with pytest.raises(ValueError, match=r"^those must be samples .* with n >= 3, not of shape"):
        vectors(samples, "those", 3)


def test_both_sides_are_float64_of_the_same_width() -> None:
    real, fake = both_sides(real=COLUMNS, fake=np.zeros((2, 3, 1), dtype=np.float32))
    assert (real.shape, fake.shape) == ((4, 3), (2, 3))
    assert real.dtype == fake.dtype == np.float64


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_only_fake_samples_may_be_not_finite(bad: float) -> None:
    spoiled = COLUMNS.copy()
    spoiled[1, 1] = bad
    np.testing.assert_array_equal(both_sides(real=COLUMNS, fake=spoiled)[1], spoiled)
    with pytest.raises(ValueError, match="real has samples that are NaN or infinite; drop them"):
        both_sides(real=spoiled, fake=COLUMNS)


def test_sides_of_different_width_are_rejected_with_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"real has 3 .* fake has 4 ") as caught:
        both_sides(real=COLUMNS, fake=np.zeros((6, 2, 2)))
    assert "(4, 3) and (6, 2, 2)" in str(caught.value)


@pytest.mark.parametrize("which", ["real", "fake"])
def test_too_few_samples_of_a_side_are_rejected(which: str) -> None:
    sides = {"real": COLUMNS, "fake": COLUMNS} | {which: COLUMNS[:2]}
    with pytest.raises(ValueError, match=rf"^{which} must be .* n >= 3, not of shape \(2, 3\)"):
        both_sides(**sides, least=3)


@pytest.mark.parametrize(
    ("real", "fake"), [(np.uint8, np.float32), (np.float64, np.uint8), (np.uint8, np.float16)]
)
def test_uint8_images_against_floats_are_rejected(real: type, fake: type) -> None:
    with pytest.raises(ValueError, match="one side is 8-bit integers, the other floats") as caught:
        both_sides(real=COLUMNS.astype(real), fake=COLUMNS.astype(fake))
    assert f"real {np.dtype(real)} and fake {np.dtype(fake)}" in str(caught.value)


@pytest.mark.parametrize(
    ("real", "fake"), [(np.uint8, np.uint8), (np.uint8, np.int64), (np.float32, np.float64)]
)
def test_compatible_dtypes_are_accepted(real: type, fake: type) -> None:
    known, made = both_sides(real=COLUMNS.astype(real), fake=COLUMNS.astype(fake))
    np.testing.assert_array_equal(known, made)
