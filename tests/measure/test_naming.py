"""Which columns there are, known before anything was trained."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.data import Data, Function, Grid, Mnist, MultivariateNormal, Normal, Ring, StackedMnist
from gandiag.digits import load
from gandiag.measure import columns_of, measure, notes

OF_THE_LOG_POINT = {"phase", "iteration", "d_updates", "g_updates"}


def noise(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Coloured images [n, 3, 8, 8] of one's own."""
    return rng.random((n, 3, 8, 8))


KINDS: list[Data] = [
    Normal(kind="normal", mean=0.0, std=1.0),
    MultivariateNormal(
        kind="multivariate-normal", means=(0.0, 0.0), covariance=((1.0, 0.0), (0.0, 1.0))
    ),
    MultivariateNormal(kind="multivariate-normal", means=(0.0,) * 5, covariance=np.eye(5).tolist()),
    Ring(kind="ring"),
    Grid(kind="grid"),
    Mnist(kind="mnist"),
    StackedMnist(kind="stacked-mnist"),
    Function(kind="function", function=f"{__file__}:noise"),
]


@pytest.mark.parametrize("data", KINDS, ids=lambda data: data.kind)
@pytest.mark.parametrize("ordered", [False, True])
def test_the_columns_of_an_experiment_are_those_it_records(
    stage: Any, data: Data, ordered: bool
) -> None:
    experiment = stage.ordered(data) if ordered else stage.of(data)
    samples = np.random.default_rng(0).random((1, data.size, 150))
    more = {"latent_moves": samples[..., :9]} if len(data.shape) == 3 else {}
    recorded = set(measure(experiment, stage.sees(samples, **more))[0]) - OF_THE_LOG_POINT
    known = columns_of(experiment)
    assert set(known) == recorded
    assert len(known) == len(set(known))


def test_what_the_rules_of_the_presets_bound_is_there(stage: Any) -> None:
    ring, digits = columns_of(stage.of(KINDS[3])), columns_of(stage.of(KINDS[5]))
    assert {"modes_robust", "high_quality", "mode_share_7"} <= set(ring)
    assert {"digit_share_min", "digit_diversity", "digits", "digit_9", "frechet"} <= set(digits)
    judge = stage.devnag.discriminator.model_copy(update={"l2": 0.005})
    plane = columns_of(stage.of(KINDS[1], discriminator=judge))
    assert {"d_cross_entropy", "d_l2", "mean_0", "mean_1", "cov_0_1"} <= set(plane)
    assert "g_cross_entropy" not in plane


def test_an_ordered_latent_is_noted_and_so_is_the_classifier(stage: Any) -> None:
    assert notes(stage.devnag) == {}
    assert set(notes(stage.ordered(KINDS[0]))) == {"se", "floor"}
    for data in (KINDS[5], KINDS[6]):
        (note,) = notes(stage.of(data)).values()
        assert note == f"sha256 {load().hash}, accuracy 99.37 %"
    assert set(notes(stage.ordered(KINDS[5]))) == {"se", "floor", "digit classifier"}
