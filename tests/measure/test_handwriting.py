"""The metrics of images of digits, on real digits and on planted failures."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.data import Function, Mnist, MultivariateNormal
from gandiag.digits import load
from gandiag.measure import measure
from gandiag.measure.handwriting import SLOW, _least_of_real, _score_of_real
from gandiag.metrics import density_coverage, digit_coverage, frechet, kid

Images = NDArray[np.float32]
Row = dict[str, Any]

REAL = load().reference
N = 1000


def dealt(by_digit: list[Images], shares: Any = None, n: int = N, seed: int = 0) -> Images:
    """Different images with the given class shares, by default MNIST's, [784, n]."""
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(n, REAL.frequencies if shares is None else shares)
    chosen = [rng.permutation(own)[:k] for own, k in zip(by_digit, counts, strict=True)]
    return np.concatenate(chosen).T


@pytest.fixture(scope="module")
def rows(stage: Any, mnist: Mnist, by_digit: list[Images]) -> dict[str, Row]:
    """The recorded columns of real digits and of a generator's failures."""
    rng = np.random.default_rng(0)
    real = dealt(by_digit)
    first = np.concatenate([own[:1] for own in by_digit])
    lanes = {
        "real": real,
        "black and white": (rng.random(real.shape) < real).astype(np.float32),
        "ones and sevens": dealt(by_digit, [0, 0.5, 0, 0, 0, 0, 0, 0.5, 0, 0], 800),
        "one image a digit": first[rng.choice(10, N, p=REAL.frequencies)].T,
        "one image": np.tile(first[3][:, None], N),
        "noise": rng.random((784, N), dtype=np.float32),
        "grey": np.tile(real.mean(axis=1, keepdims=True), N),
    }
    found = {}
    for name, images in lanes.items():
        (found[name],) = measure(stage.of(mnist), stage.sees(images[None]))
    return found


def test_real_digits_are_near_the_floors(rows: dict[str, Row]) -> None:
    row = rows["real"]
    assert row["digits"] == row["digits_floor"] == 10
    for name in ("digit_0", "digit_5", "digit_9", "digit_share_min", "classifier_score", "frechet"):
        assert abs(row[name] - row[f"{name}_floor"]) < 4 * row[f"{name}_se"], name
    assert row["digit_kl"] < row["digit_kl_floor"] + 4 * row["digit_kl_se"]
    assert abs(row["kid"]) < 4 * row["kid_se"]
    assert row["digit_diversity"] == pytest.approx(1.0, abs=0.1)
    assert row["density"] == pytest.approx(1.0, abs=0.15)
    assert row["coverage"] == pytest.approx(row["coverage_floor"], abs=0.06)


def test_binarized_digits_are_recognised(rows: dict[str, Row]) -> None:
    row = rows["black and white"]
    assert row["digits"] == 10
    assert row["digit_kl"] < row["digit_kl_floor"] + 4 * row["digit_kl_se"]
    assert row["digit_diversity"] == pytest.approx(1.0, abs=0.15)
    assert row["frechet"] < 2 * row["frechet_floor"]


def test_two_of_ten_digits_count_as_two(rows: dict[str, Row]) -> None:
    row = rows["ones and sevens"]
    assert row["digits"] == 2
    assert row["digit_share_min"] == 0
    assert row["digit_1"] == pytest.approx(0.5, abs=0.06)
    share = REAL.frequencies[[1, 7]]
    assert row["digit_kl"] == pytest.approx((0.5 * np.log(0.5 / share)).sum(), abs=0.03)
    assert row["classifier_score"] == pytest.approx(2.0, abs=0.15)
    assert row["digit_diversity"] < 0.4
    assert row["coverage"] < 0.4


def test_one_image_per_digit_lowers_the_diversity_not_the_score(rows: dict[str, Row]) -> None:
    row = rows["one image a digit"]
    assert row["digits"] == 10
    assert row["classifier_score"] > 9
    assert row["digit_share_min"] > 0.05
    assert row["digit_diversity"] < 0.01
    assert row["coverage"] < 0.05


@pytest.mark.parametrize("name", ["one image", "grey"])
def test_a_single_image_has_one_digit_and_no_diversity(rows: dict[str, Row], name: str) -> None:
    row = rows[name]
    assert row["digits"] == 1
    assert row["spread"] == pytest.approx(0.0, abs=1e-6)
    assert row["digit_diversity"] == pytest.approx(0.0, abs=1e-9)
    assert row["classifier_score"] == pytest.approx(1.0)


def test_noise_is_far_from_the_data(rows: dict[str, Row]) -> None:
    row = rows["noise"]
    assert row["frechet"] > 50 * row["frechet_floor"]
    assert row["kid"] > 20 * row["kid_se"]
    assert row["density"] < 0.5
    assert row["coverage"] < 0.05


def test_the_columns_equal_the_metrics_of_the_classifiers_output(
    rows: dict[str, Row], by_digit: list[Images]
) -> None:
    row, images = rows["real"], dealt(by_digit).T
    seen = load().predict(images)
    found = digit_coverage(
        probabilities=seen.probabilities,
        frequencies=REAL.frequencies,
        confusion=REAL.confusion,
    )
    near = density_coverage(real=REAL.features, fake=seen.features)
    for name, estimate in {
        "digits": found.digits,
        "digit_kl": found.kl,
        "frechet": frechet(real=REAL.features, fake=seen.features),
        "kid": kid(real=REAL.features, fake=seen.features),
        "density": near.density,
        "coverage": near.coverage,
    }.items():
        parts = (row[name], row[f"{name}_se"], row[f"{name}_floor"])
        assert parts == pytest.approx((estimate.value, estimate.se, estimate.floor)), name
    assert [row[f"digit_{k}"] for k in range(10)] == pytest.approx(found.histogram.value)
    assert row["digit_share_min"] == min(row[f"digit_{k}"] for k in range(10))


def test_slow_metrics_are_none_unless_thorough(
    stage: Any, mnist: Mnist, by_digit: list[Images]
) -> None:
    observed = stage.sees(dealt(by_digit, n=120)[None])
    cheap, whole = (measure(stage.of(mnist), observed, thorough=t)[0] for t in (False, True))
    slow = {f"{name}{part}" for name in SLOW for part in ("", "_se", "_floor")}
    assert cheap.keys() == whole.keys()
    assert {name for name, value in cheap.items() if value is None} - slow <= {
        name for name, value in whole.items() if value is None
    }
    assert {cheap[name] for name in slow} == {None}
    assert None not in {whole[name] for name in slow}


def test_images_are_rescaled_from_the_range_of_the_data(
    stage: Any, mnist: Mnist, by_digit: list[Images], rows: dict[str, Row]
) -> None:
    images = 2 * dealt(by_digit) - 1
    data = mnist.model_copy(update={"low": -1.0, "high": 1.0})
    (row,) = measure(stage.of(data), stage.sees(images[None]))
    for name in ("digit_kl", "digit_diversity", "frechet", "classifier_score"):
        assert row[name] == pytest.approx(rows["real"][name], rel=1e-3)
    assert row["mean"] == pytest.approx(2 * rows["real"]["mean"] - 1, abs=1e-5)


def grey_noise(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Images [n, 28, 28] that are not digits."""
    return rng.random((n, 28, 28))


def test_images_of_other_data_have_no_digit_columns(stage: Any) -> None:
    data = Function(kind="function", function=f"{__file__}:grey_noise")
    pixels = np.random.default_rng(0).random((1, 784, 40))
    (row,) = measure(stage.of(data), stage.sees(pixels))
    assert row["spread"] == pytest.approx(np.sqrt(1 / 12), rel=0.05)
    assert not [name for name in row if "digit" in name or "frechet" in name]


def test_vectors_of_784_numbers_have_no_digit_columns(stage: Any) -> None:
    unit = tuple(tuple(row) for row in np.eye(784).tolist())
    data = MultivariateNormal(kind="multivariate-normal", means=(0.0,) * 784, covariance=unit)
    (row,) = measure(stage.of(data), stage.sees(np.zeros((1, 784, 5))))
    assert not [name for name in row if "digit" in name]


def test_the_floor_of_the_least_share_agrees_with_a_normal_approximation() -> None:
    from scipy.special import ndtr

    for n in (1000, 2500):
        p = REAL.frequencies[:, None]
        x = np.linspace(0, 0.12, 4001)
        above = 1 - ndtr((x - p) / np.sqrt(p * (1 - p) / n))
        assert _least_of_real(n) == pytest.approx(above.prod(axis=0).sum() * x[1], abs=4e-4)


def test_the_floor_of_the_score_grows_with_n_as_its_bias_predicts(
    by_digit: list[Images],
) -> None:
    probabilities = load().probabilities(np.concatenate(by_digit))
    rng = np.random.default_rng(0)
    few, many = (
        np.mean(
            [
                digit_coverage(probabilities=probabilities[rng.choice(5000, n)]).score.value
                for _ in range(60)
            ]
        )
        for n in (100, 2000)
    )
    assert few / many == pytest.approx(_score_of_real(100) / _score_of_real(2000), rel=0.01)
    assert math.isclose(_score_of_real(10_000), REAL.score)
