"""The latent distributions."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy import stats

from gandiag.data.latent import LineLatent, NormalLatent, UniformLatent
from gandiag.running.streams import generator


def filled(
    latent: UniformLatent | NormalLatent | LineLatent,
    shape: tuple[int, ...],
    evaluation: bool = False,
) -> NDArray[np.float32]:
    out = np.empty(shape, dtype=np.float32)
    (latent.fill_evaluation if evaluation else latent.fill)(generator(2, "train/latent"), out)
    return out


def line(jitter: float = 0.01, noise: str = "uniform") -> LineLatent:
    return LineLatent.model_validate(
        {"kind": "line", "low": -8.0, "high": 8.0, "jitter": jitter, "noise": noise}
    )


def test_the_line_is_an_ordered_batch_with_nonnegative_jitter() -> None:
    points = np.linspace(-8, 8, 12, dtype=np.float32)
    drawn = filled(line(), (50, 3, 1, 12))
    jitter = drawn - points
    assert (np.diff(drawn, axis=-1) > 0).all()
    assert -1e-6 <= jitter.min() < 1e-3
    assert 0.009 < jitter.max() <= 0.01 + 1e-6
    assert jitter.mean() == pytest.approx(0.005, abs=3e-4)


def test_a_normal_jitter_has_both_signs() -> None:
    jitter = filled(line(noise="normal"), (200, 1, 12)) - np.linspace(-8, 8, 12, dtype=np.float32)
    assert jitter.std() == pytest.approx(0.01, rel=0.05)
    assert jitter.mean() == pytest.approx(0.0, abs=1e-3)


def test_the_line_is_evaluated_without_jitter() -> None:
    drawn = filled(line(), (1, 2500), evaluation=True)
    assert np.array_equal(drawn[0], np.linspace(-8, 8, 2500, dtype=np.float32))


def test_only_the_line_latent_is_not_independent() -> None:
    assert line().independent is False
    assert UniformLatent(kind="uniform", size=1).independent is True
    assert NormalLatent(kind="normal", size=1).independent is True


def test_the_line_latent_has_one_coordinate() -> None:
    assert line().size == 1


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-1.0, 1.0), (2.0, 2.5)])
def test_the_uniform_latent_is_uniform_between_its_ends(low: float, high: float) -> None:
    drawn = filled(UniformLatent(kind="uniform", size=2, low=low, high=high), (10, 2, 1000))
    assert low <= drawn.min() < drawn.max() <= high
    distribution = stats.uniform(low, high - low)
    assert stats.kstest(drawn.astype(np.float64).ravel(), distribution.cdf).pvalue > 1e-3


def test_the_normal_latent_is_standard_normal() -> None:
    drawn = filled(NormalLatent(kind="normal", size=2), (10, 2, 1000))
    assert stats.kstest(drawn.astype(np.float64).ravel(), stats.norm.cdf).pvalue > 1e-3


def test_independent_latents_are_evaluated_as_they_are_drawn() -> None:
    for latent in (UniformLatent(kind="uniform", size=2), NormalLatent(kind="normal", size=2)):
        assert np.array_equal(filled(latent, (2, 9)), filled(latent, (2, 9), evaluation=True))


def test_a_negative_jitter_is_refused() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        line(jitter=-0.1)
