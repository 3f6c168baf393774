"""The exact values for a generator that is perfect on k of K modes: seven metrics agree."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.metrics import (
    balanced_accuracy,
    jensen_shannon,
    mode_coverage,
    optimal_accuracy,
    optimal_d_loss,
    optimal_g_loss,
    total_variation,
)

ANGLES = 2 * np.pi * np.arange(8) / 8
CENTRES = {
    8: (np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1), 0.01),
    25: (np.array([(x, y) for x in range(-4, 5, 2) for y in range(-4, 5, 2)], float), 0.05),
}
N = 10_000

# K, k, reverse KL, TV, Bayes accuracy, JSD, optimal D loss, non-saturating G loss at that D
TABLE = [
    (8, 1, 2.0794, 0.875, 0.9375, 0.4969, 0.3924, 2.1972),
    (8, 4, 0.6931, 0.5, 0.75, 0.2158, 0.9548, 1.0986),
    (8, 7, 0.1335, 0.125, 0.5625, 0.0454, 1.2955, 0.7621),
    (8, 8, 0.0, 0.0, 0.5, 0.0, 1.3863, 0.6931),
    (25, 1, 3.2189, 0.96, 0.98, 0.6084, 0.1695, 3.2581),
    (25, 12, 0.7340, 0.52, 0.76, 0.2269, 0.9325, 1.1260),
    (25, 24, 0.0408, 0.04, 0.52, 0.0141, 1.3582, 0.7138),
]


def drawn(modes: int, held: int, seed: int) -> NDArray[np.float64]:
    centres, std = CENTRES[modes]
    rng = np.random.default_rng(seed)
    return centres[rng.integers(held, size=N)] + std * rng.standard_normal((N, 2))


def bias(k: int) -> float:
    """The largest bias of the divergences of k classes at their minimum."""
    return (k - 1) / (2 * N)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[1]} of {row[0]}")
def test_a_generator_that_drops_modes_has_the_values_of_the_table(
    row: tuple[int, int, float, float, float, float, float, float],
) -> None:
    modes, held, reverse_kl, variation, accuracy, jsd, d_loss, g_loss = row
    centres, std = CENTRES[modes]
    real = mode_coverage(fake=drawn(modes, modes, 1), centres=centres, std=std)
    fake = mode_coverage(fake=drawn(modes, held, 2), centres=centres, std=std)
    moved = total_variation(previous=real.counts, current=fake.counts)
    apart = jensen_shannon(fake=fake.counts)
    found = {
        "reverse_kl": (fake.reverse_kl, reverse_kl, bias(held)),
        "total variation": (moved, variation, moved.floor),
        "Bayes accuracy": (optimal_accuracy(variation=moved), accuracy, moved.floor / 2),
        "JSD": (apart, jsd, bias(held) / 4),
        "D loss": (optimal_d_loss(divergence=apart), d_loss, bias(held) / 2),
        "G loss": (optimal_g_loss(fake=fake.counts), g_loss, bias(held)),
    }
    assert fake.modes.value == fake.modes_robust.value == held
    for name, (estimate, expected, noise) in found.items():
        assert abs(estimate.value - expected) <= 4 * estimate.se + 2 * noise + 6e-5, name


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[1]} of {row[0]}")
def test_the_optimal_discriminator_has_the_values_of_the_table(
    row: tuple[int, int, float, float, float, float, float, float],
) -> None:
    modes, held, _, _, accuracy, _, d_loss, g_loss = row
    rng = np.random.default_rng(3)
    # Its logit is log(p / q): log(k / K) on the modes that the generator has, large on others.
    logit = np.where(np.arange(modes) < held, math.log(held / modes), 40.0)
    real, fake = logit[rng.integers(modes, size=N)], logit[rng.integers(held, size=N)]
    found = balanced_accuracy(real=real, fake=fake)
    assert found.value == pytest.approx(accuracy, abs=4 * found.se + 1e-12)
    losses = np.logaddexp(0, -real), np.logaddexp(0, fake)
    noise = math.hypot(*(loss.std() / math.sqrt(N) for loss in losses))
    assert losses[0].mean() + losses[1].mean() == pytest.approx(d_loss, abs=4 * noise + 6e-5)
    assert np.logaddexp(0, -fake).mean() == pytest.approx(g_loss, abs=6e-5)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[1]} of {row[0]}")
def test_without_noise_the_table_is_exact(
    row: tuple[int, int, float, float, float, float, float, float],
) -> None:
    modes, held, _, variation, _, jsd, d_loss, g_loss = row
    counts = np.where(np.arange(modes) < held, 1000, 0)
    apart = jensen_shannon(fake=counts)
    moved = total_variation(previous=np.full(modes, 1000), current=counts)
    assert apart.value == pytest.approx(jsd, abs=5.1e-5)
    assert moved.value == pytest.approx(variation, abs=1e-12)
    assert optimal_d_loss(divergence=apart).value == pytest.approx(d_loss, abs=5.1e-5)
    assert optimal_g_loss(fake=counts).value == pytest.approx(g_loss, abs=5.1e-5)
