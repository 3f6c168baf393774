"""Mode coverage: ceilings, floors, standard errors, and a ring with its closing point."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gandiag.metrics import Estimate, ModeCoverage, mode_coverage

Floats = NDArray[np.float64]
few_examples = settings(max_examples=25, deadline=None, derandomize=True)

ANGLES = 2 * np.pi * np.arange(8) / 8
RING = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
GRID = np.stack(np.meshgrid([-4, -2, 0, 2, 4], [-4, -2, 0, 2, 4]), axis=-1).reshape(-1, 2) * 1.0
RING_STD, GRID_STD, N = 0.01, 0.05, 2500
CEILING = 1 - math.exp(-4.5)


def drawn(
    rng: np.random.Generator,
    centres: Floats,
    std: float,
    n: int = N,
    weights: list[float] | None = None,
) -> Floats:
    modes = rng.choice(len(centres), n, p=weights)
    return centres[modes] + std * rng.standard_normal((n, centres.shape[1]))


def many(
    repetitions: int,
    centres: Floats,
    std: float,
    width: float = 1.0,
    weights: list[float] | None = None,
) -> dict[str, list[Estimate]]:
    rng = np.random.default_rng(1)
    found = [
        mode_coverage(
            fake=drawn(rng, centres, width * std, weights=weights), centres=centres, std=std
        )
        for _ in range(repetitions)
    ]
    return {name: [getattr(f, name) for f in found] for name in ModeCoverage.__annotations__}


def mean(found: list[Estimate], part: str = "value") -> Floats:
    return np.mean([getattr(f, part) for f in found], axis=0)


def sd(found: list[Estimate]) -> Floats:
    return np.std([f.value for f in found], axis=0)


@pytest.fixture(scope="module")
def right_ring() -> dict[str, list[Estimate]]:
    return many(600, RING, RING_STD)


@pytest.fixture(scope="module")
def right_grid() -> dict[str, list[Estimate]]:
    return many(200, GRID, GRID_STD)


@pytest.fixture(scope="module")
def uneven_ring() -> dict[str, list[Estimate]]:
    # The last three modes expect 31 samples each, at the bound or near it.
    weights = [0.4, 0.3, 0.2, 0.0625, 0.0125, 0.0125, 0.0075, 0.005]
    return many(600, RING, RING_STD, 0.6, weights)


@pytest.mark.parametrize("which", ["right_ring", "right_grid"])
def test_a_perfect_generator_has_all_modes_and_the_ceiling(
    which: str, request: pytest.FixtureRequest
) -> None:
    found = request.getfixturevalue(which)
    modes = 8 if which == "right_ring" else 25
    assert {f.value for f in found["modes"] + found["modes_robust"]} == {modes}
    assert found["modes"][0].floor == pytest.approx(modes)
    quality = found["high_quality"]
    assert quality[0].floor == pytest.approx(CEILING, abs=1e-12) == pytest.approx(0.98889, abs=1e-5)
    assert mean(quality) == pytest.approx(CEILING, abs=4 * 0.0021 / math.sqrt(len(quality)))


@pytest.mark.parametrize(("which", "floor"), [("right_ring", 0.0014), ("right_grid", 0.0049)])
def test_the_floor_of_the_divergence_agrees_with_the_literature(
    which: str, floor: float, request: pytest.FixtureRequest
) -> None:
    found = request.getfixturevalue(which)["reverse_kl"]
    assert found[0].floor == pytest.approx(floor, abs=6e-5)
    assert mean(found) == pytest.approx(mean(found, "floor"), rel=0.06)


def test_a_mode_of_correct_width_has_spread_ratio_1_despite_truncation(
    right_ring: dict[str, list[Estimate]],
) -> None:
    assert mean(right_ring["spread_ratio"]) == pytest.approx(1, abs=0.0015)
    assert mean(right_ring["spread_ratio"], "floor") == 1


@pytest.mark.parametrize("d", [1, 2, 3, 10])
def test_quality_and_spread_are_correct_in_any_dimension(d: int) -> None:
    rng = np.random.default_rng(2)
    centres = 50 * np.eye(d) if d > 1 else np.array([[-50.0], [50.0]])
    found = mode_coverage(fake=drawn(rng, centres, 1.0, 40_000), centres=centres, std=1.0)
    assert found.high_quality.value == pytest.approx(CEILING, abs=4 * found.high_quality.se)
    assert found.spread_ratio.value == pytest.approx(1, abs=4 * found.spread_ratio.se)


def test_the_radius_is_the_quantile_of_the_distance() -> None:
    for d, radius in [(1, 2.5393), (2, 3.0), (3, 3.3342), (10, 4.7857)]:
        assert scipy.stats.chi.ppf(CEILING, d) == pytest.approx(radius, abs=6e-4)
        at = np.zeros((2, d))
        at[:, 0] = radius * np.array([1 - 1e-3, 1 + 1e-3])
        found = mode_coverage(fake=at, centres=np.zeros((1, d)), std=1.0)
        assert found.high_quality.value == 0.5


def test_a_sample_three_std_away_is_of_high_quality() -> None:
    found = mode_coverage(fake=[[3.0, 0.0], [3.0001, 0.0]], centres=[[0.0, 0.0]], std=1.0)
    assert found.high_quality.value == 0.5


@pytest.mark.parametrize(
    ("name", "error"), [("modes_robust", 0.2), ("reverse_kl", 0.12), ("spread_ratio", 0.12)]
)
def test_the_standard_error_matches_simulation(
    name: str, error: float, uneven_ring: dict[str, list[Estimate]]
) -> None:
    found = uneven_ring[name]
    assert mean(found, "se") == pytest.approx(sd(found), rel=error)


def test_the_standard_error_of_the_shares_matches_simulation(
    uneven_ring: dict[str, list[Estimate]], right_ring: dict[str, list[Estimate]]
) -> None:
    found = uneven_ring["histogram"]
    assert mean(found, "se") == pytest.approx(sd(found), rel=0.12)
    quality = right_ring["high_quality"]
    assert mean(quality, "se") == pytest.approx(sd(quality), rel=0.12)


def test_wilsons_interval_covers_the_ceiling(right_ring: dict[str, list[Estimate]]) -> None:
    intervals = [f.interval for f in right_ring["high_quality"]]
    covered = np.mean([low <= CEILING <= high for low, high in intervals if low is not None])
    assert covered == pytest.approx(0.95, abs=0.035)


def test_at_the_minimum_the_standard_error_of_the_divergence_is_slightly_too_large(
    right_ring: dict[str, list[Estimate]],
) -> None:
    found = right_ring["reverse_kl"]
    assert 1 < mean(found, "se") / sd(found) < 1.25


def test_the_divergence_is_at_least_that_of_a_uniform_distribution_on_the_modes_hit(
    uneven_ring: dict[str, list[Estimate]],
) -> None:
    for divergence, modes in zip(uneven_ring["reverse_kl"], uneven_ring["modes"], strict=True):
        assert divergence.value >= math.log(8 / modes.value) - 1e-12


@given(counts=st.lists(st.integers(0, 40), min_size=8, max_size=8).filter(any))
@few_examples
def test_it_counts_the_planted_modes(counts: list[int]) -> None:
    found = mode_coverage(fake=RING.repeat(counts, axis=0), centres=RING, std=RING_STD)
    assert found.counts.tolist() == counts
    assert found.modes.value == np.count_nonzero(counts)
    assert found.modes_robust.value == sum(c >= max(sum(counts) / 80 - 1e-9, 1) for c in counts)
    entropy = scipy.stats.entropy(counts)
    assert found.reverse_kl.value == pytest.approx(math.log(8) - entropy, abs=1e-12)
    assert found.reverse_kl.value >= math.log(8 / found.modes.value) - 1e-12
    assert found.spread_ratio.value == 0 or max(counts) == 1


@given(seed=st.integers(0, 10_000))
@few_examples
def test_it_is_invariant_to_order_shift_and_unit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    fake = drawn(rng, RING[:5], 0.15, 300)
    turn = np.linalg.qr(rng.standard_normal((2, 2)))[0]
    one = mode_coverage(fake=fake, centres=RING, std=0.1)
    other = mode_coverage(
        fake=7 * (rng.permutation(fake) @ turn) + 3, centres=7 * RING @ turn + 3, std=0.7
    )
    for name in ModeCoverage.__annotations__:
        np.testing.assert_allclose(getattr(one, name).value, getattr(other, name).value, rtol=1e-9)


def test_a_wider_generator_has_a_larger_spread_and_lower_quality() -> None:
    widths = [0.2, 0.6, 1.0, 1.3, 2.0, 4.0]
    fakes = [drawn(np.random.default_rng(3), RING, width * RING_STD) for width in widths]
    found = [mode_coverage(fake=fake, centres=RING, std=RING_STD) for fake in fakes]
    spread = [f.spread_ratio.value for f in found]
    quality = [f.high_quality.value for f in found]
    assert spread == sorted(spread)
    assert quality == sorted(quality, reverse=True)
    # A much wider distribution, truncated, is uniform on a disc with std r / 2 per axis.
    assert max(spread) < 1.5 / math.sqrt(scipy.stats.chi2.cdf(9, 4) / CEILING) < 1.545


def test_a_displaced_mode_is_not_wide() -> None:
    rng = np.random.default_rng(4)
    fake = drawn(rng, RING + 1.5 * RING_STD, 0.2 * RING_STD)
    found = mode_coverage(fake=fake, centres=RING, std=RING_STD)
    assert found.spread_ratio.value == pytest.approx(0.2, rel=0.1)


def test_a_quality_above_the_ceiling_means_too_narrow_modes() -> None:
    fake = drawn(np.random.default_rng(5), RING, 0.3 * RING_STD)
    found = mode_coverage(fake=fake, centres=RING, std=RING_STD)
    assert found.high_quality.value > found.high_quality.floor + 3 * found.high_quality.se
    assert found.spread_ratio.value == pytest.approx(0.3, abs=0.03)


def test_one_lucky_sample_counts_in_modes_but_not_in_modes_robust() -> None:
    fake = np.concatenate([RING[:1].repeat(2499, axis=0), RING[1:2]])
    found = mode_coverage(fake=fake, centres=RING, std=RING_STD)
    assert (found.modes.value, found.modes_robust.value) == (2, 1)
    # The second mode is missed with probability 1 / e.
    assert found.modes.se == pytest.approx(math.sqrt(math.exp(-1) * (1 - math.exp(-1))), rel=1e-3)


def test_the_robust_count_requires_exactly_a_tenth() -> None:
    counts = np.array([10, *[103] * 6, *[104] * 18])
    fake = GRID.repeat(counts, axis=0)[:N]
    short = np.concatenate([GRID[:1].repeat(9, axis=0), fake[9:]])
    short[9] = GRID[3]
    assert len(fake) == N
    assert mode_coverage(fake=fake, centres=GRID, std=GRID_STD).modes_robust.value == 25
    assert mode_coverage(fake=short, centres=GRID, std=GRID_STD).modes_robust.value == 24


def test_the_required_numbers_follow_the_weights() -> None:
    weights = [8.0, 1, 1]
    rng = np.random.default_rng(6)
    centres = np.array([[0.0], [10], [20]])
    fake = drawn(rng, centres, 1.0, N, [0.8, 0.1, 0.1])
    found = mode_coverage(fake=fake, centres=centres, std=1.0, weights=weights)
    assert found.histogram.floor == pytest.approx([0.8, 0.1, 0.1])
    assert found.reverse_kl.value < 5 * found.reverse_kl.floor
    assert mode_coverage(fake=fake, centres=centres, std=1.0).reverse_kl.value > 0.4


def test_each_mode_may_have_its_own_std() -> None:
    centres, std = np.array([[0.0, 0.0], [30.0, 0.0]]), np.array([[1.0, 2.0], [0.5, 4.0]])
    rng = np.random.default_rng(7)
    modes = rng.integers(2, size=20_000)
    fake = centres[modes] + std[modes] * rng.standard_normal((20_000, 2))
    found = mode_coverage(fake=fake, centres=centres, std=std)
    assert found.high_quality.value == pytest.approx(CEILING, abs=4 * found.high_quality.se)
    assert found.spread_ratio.value == pytest.approx(1, abs=4 * found.spread_ratio.se)


def test_a_direct_computation_gives_the_same() -> None:
    rng = np.random.default_rng(8)
    fake = drawn(rng, RING[:6], 2 * RING_STD, 400)
    found = mode_coverage(fake=fake, centres=RING, std=RING_STD)
    counts, within = np.zeros(8), []
    for x in fake:
        gaps = [math.dist(x, centre) / RING_STD for centre in RING]
        if min(gaps) <= 3:
            counts[int(np.argmin(gaps))] += 1
            within.append((int(np.argmin(gaps)), x / RING_STD))
    assert found.counts.tolist() == counts.tolist()
    squares = 0.0
    for i in range(8):
        points = np.array([x for mode, x in within if mode == i])
        squares += ((points - points.mean(axis=0)) ** 2).sum() if len(points) else 0
    kept = 1 - 4.5 * math.exp(-4.5) / CEILING  # of the variance, within radius 3
    expected = math.sqrt(squares / 2 / (len(within) - 6) / kept)
    assert found.spread_ratio.value == pytest.approx(expected, rel=1e-9)


def test_without_high_quality_samples_the_histogram_is_nan() -> None:
    found = mode_coverage(fake=np.zeros((50, 2)), centres=RING, std=RING_STD)
    assert (found.modes.value, found.modes_robust.value, found.high_quality.value) == (0, 0, 0)
    assert math.isnan(found.reverse_kl.value)
    assert math.isnan(found.spread_ratio.value)
    assert np.isnan(found.histogram.value).all()


def test_a_generator_collapsed_to_a_point_has_finite_values() -> None:
    found = mode_coverage(fake=RING[[2]].repeat(100, axis=0), centres=RING, std=RING_STD)
    assert (found.modes.value, found.spread_ratio.value, found.spread_ratio.se) == (1, 0, 0)
    assert found.reverse_kl.value == pytest.approx(math.log(8))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_diverged_generator_gives_nan(bad: float) -> None:
    fake = RING.copy()
    fake[3, 1] = bad
    found = mode_coverage(fake=fake, centres=RING, std=RING_STD)
    for name in ModeCoverage.__annotations__:
        assert np.isnan(getattr(found, name).value).all(), name
        assert np.isnan(getattr(found, name).se).all(), name


def test_a_ring_with_its_closing_point_is_rejected() -> None:
    angles = np.linspace(0, 2 * np.pi, 8)  # with the end, as the famous demo code has it
    ring = np.stack([np.sin(angles), np.cos(angles)], axis=1)
    with pytest.raises(ValueError, match=r"centres 0 and 7 are the same point .* not 8 modes"):
        mode_coverage(fake=RING, centres=ring, std=RING_STD)


def test_the_fixtures_have_the_stated_modes() -> None:
    for centres, std in [(RING, RING_STD), (GRID, GRID_STD)]:
        gaps = np.linalg.norm(centres[:, None] - centres, axis=-1) + 1e9 * np.eye(len(centres))
        assert gaps.min() > 6 * std


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"fake": np.zeros((5, 3))}, r"centres must be finite points \[K, 3\]"),
        ({"centres": np.full((2, 2), np.nan)}, "centres must be finite"),
        ({"std": 0.0}, "std must be positive"),
        ({"std": [1.0, 2.0, 3.0]}, r"of shape \(2,\) or \(8, 2\)"),
        ({"weights": [1.0, 2.0]}, "weights must be 8 positive numbers"),
        ({"fake": np.zeros((0, 2))}, "n >= 1"),
    ],
)
def test_mismatched_arguments_are_rejected(changed: dict[str, object], message: str) -> None:
    asked: dict[str, object] = {"fake": RING, "centres": RING, "std": RING_STD} | changed
    with pytest.raises(ValueError, match=message):
        mode_coverage(**asked)  # type: ignore[arg-type]
