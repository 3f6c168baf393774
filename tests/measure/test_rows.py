"""The rows of a log point."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.data import Data, Function, Grid, Mnist, MultivariateNormal, Normal, Ring, StackedMnist
from gandiag.digits import load
from gandiag.measure import columns_of, measure, notes
from gandiag.measure.rows import sensitivity_rows

KINDS = {
    "line": Normal(kind="normal", mean=0.0, std=1.0),
    "plane": MultivariateNormal(
        kind="multivariate-normal", means=(0.0, 0.0), covariance=((1.0, 0.0), (0.0, 1.0))
    ),
    "beyond": MultivariateNormal(
        kind="multivariate-normal", means=(0.0,) * 5, covariance=np.eye(5).tolist()
    ),
    "ring": Ring(kind="ring"),
    "grid": Grid(kind="grid"),
    "digits": Mnist(kind="mnist", digits="mnist5k", low=-1.0),
    "stacks": StackedMnist(kind="stacked-mnist", digits="mnist5k"),
}


def test_a_row_is_json_serialisable(stage: Any) -> None:
    samples = np.random.default_rng(0).normal(4.0, 1.25, (3, 1, 200))
    rows = measure(stage.devnag, stage.sees(samples))
    assert len(rows) == 3
    for row in rows:
        assert json.loads(json.dumps(row)) == row
        assert {type(value) for value in row.values()} <= {float, int, str, type(None)}
        assert row["n_samples"] == 200


def test_non_finite_values_are_recorded_in_their_own_lane_only(stage: Any) -> None:
    samples = np.random.default_rng(0).normal(4.0, 1.25, (3, 1, 200))
    samples[1, 0, 7] = np.nan
    rows = measure(stage.devnag, stage.sees(samples, d_real=np.array([0.5, np.inf, 0.7])))
    assert math.isnan(rows[1]["mean"])
    assert rows[1]["d_real"] == math.inf
    assert math.isfinite(rows[0]["mean"])
    assert math.isfinite(rows[2]["wasserstein"])


def test_a_quantity_that_an_engine_does_not_report_is_none(stage: Any) -> None:
    row = measure(stage.devnag, stage.sees(np.zeros((1, 1, 5))))[0]
    assert row["d_accuracy"] is None
    assert row["d_real"] == 0.5


def test_an_ordered_latent_has_no_standard_errors_or_floors(stage: Any) -> None:
    for data in (KINDS["line"], KINDS["ring"], KINDS["digits"]):
        observed = stage.sees(np.random.default_rng(0).random((2, data.size, 30)))
        row = measure(stage.ordered(data), observed)[0]
        assert len(row) > 10
        assert not [name for name in row if name.endswith(("_se", "_floor"))]


BAD = {
    "nan": lambda x: np.full_like(x, np.nan),
    "inf": lambda x: np.full_like(x, np.inf),
    "one inf": lambda x: np.where(np.arange(x.size).reshape(x.shape) == 3, -np.inf, x),
    "huge": lambda x: x * np.float32(5e37),
    "large": lambda x: x * np.float32(1e20),
    "tiny": lambda x: x * np.float32(1e-42),
    "one point": lambda x: np.ones_like(x),
    "two points": lambda x: np.sign(x),
}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("kind", KINDS)
def test_any_samples_give_a_row(stage: Any, kind: str, bad: str) -> None:
    data, rng = KINDS[kind], np.random.default_rng(0)
    for n in (2, 7, 120):
        good = rng.normal(size=(2, data.size, n)).astype(np.float32)
        samples = np.stack([good[0], BAD[bad](good[1])])
        moved = np.stack([BAD[bad](good[0]), good[1]])
        rows = measure(stage.of(data), stage.sees(samples, latent_moves=moved))
        alone = measure(stage.of(data), stage.sees(samples[:1], latent_moves=moved[1:]))[0]
        assert words(rows[0], "latent") == words(alone, "latent")
        assert rows[1]["latent_sensitivity"] == alone["latent_sensitivity"]
        assert numbers(rows[1]) == numbers(rows[0])


def numbers(row: dict[str, Any]) -> set[str]:
    """The columns of a row without errors and floors, which a non-finite lane may lack."""
    return {name for name in row if not name.endswith(("_se", "_floor"))}


def words(row: dict[str, Any], without: str) -> str:
    """A row as JSON, in which NaNs compare equal."""
    return json.dumps({k: v for k, v in row.items() if not k.startswith(without)})


def test_a_lane_of_nan_has_nan_columns(stage: Any) -> None:
    for data in KINDS.values():
        lost = np.full((1, data.size, 40), np.nan)
        row = measure(stage.of(data), stage.sees(lost))[0]
        answers = {"phase", "iteration", "d_updates", "g_updates", "n_samples", "d_real"}
        values = {
            name: value
            for name, value in row.items()
            if name not in answers and "loss" not in name and not name.endswith("_floor")
        }
        assert len(values) > 5
        assert all(value is None or math.isnan(value) for value in values.values())


def test_latent_sensitivity_of_a_linear_generator_equals_the_norm_of_its_matrix_over_root_k(
    stage: Any,
) -> None:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(30, 8))
    directions = rng.normal(size=(2, 8, 4000))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    exact = np.linalg.norm(matrix) / math.sqrt(8)
    for row in sensitivity_rows(stage.devnag, matrix @ directions):
        assert row["latent_sensitivity"] == pytest.approx(exact, rel=0.02)
        assert row["latent_sensitivity"] == pytest.approx(
            exact, abs=4 * row["latent_sensitivity_se"]
        )
        assert row["latent_sensitivity_floor"] == 0


def test_latent_sensitivity_is_0_for_a_constant_generator_and_nan_where_not_finite(
    stage: Any,
) -> None:
    moved = np.ones((3, 5, 10))
    moved[0], moved[1, 2, 3] = 0, np.nan
    values = [row["latent_sensitivity"] for row in sensitivity_rows(stage.devnag, moved)]
    assert values[0] == 0
    assert math.isnan(values[1])
    assert values[2] == pytest.approx(math.sqrt(5))


OF_THE_LOG_POINT = {"phase", "iteration", "d_updates", "g_updates"}


def noise(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """A user's colour images [n, 3, 8, 8]."""
    return rng.random((n, 3, 8, 8))


DATA: list[Data] = [
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


@pytest.mark.parametrize("data", DATA, ids=lambda data: data.kind)
@pytest.mark.parametrize("ordered", [False, True])
def test_the_listed_columns_are_the_recorded_ones(stage: Any, data: Data, ordered: bool) -> None:
    experiment = stage.ordered(data) if ordered else stage.of(data)
    samples = np.random.default_rng(0).random((1, data.size, 150))
    more = {"latent_moves": samples[..., :9]} if len(data.shape) == 3 else {}
    recorded = set(measure(experiment, stage.sees(samples, **more))[0]) - OF_THE_LOG_POINT
    known = columns_of(experiment)
    assert set(known) == recorded
    assert len(known) == len(set(known))


def test_every_column_bounded_by_a_preset_is_recorded(stage: Any) -> None:
    ring, digits = columns_of(stage.of(DATA[3])), columns_of(stage.of(DATA[5]))
    assert {"modes_robust", "high_quality", "mode_share_7"} <= set(ring)
    assert {"digit_share_min", "digit_diversity", "digits", "digit_9", "frechet"} <= set(digits)
    judge = stage.devnag.discriminator.model_copy(update={"l2": 0.005})
    plane = columns_of(stage.of(DATA[1], discriminator=judge))
    assert {"d_cross_entropy", "d_l2", "mean_0", "mean_1", "cov_0_1"} <= set(plane)
    assert "g_cross_entropy" not in plane


def test_notes_mention_an_ordered_latent_and_the_digit_classifier(stage: Any) -> None:
    assert notes(stage.devnag) == {}
    assert set(notes(stage.ordered(DATA[0]))) == {"se", "floor"}
    for data in (DATA[5], DATA[6]):
        (note,) = notes(stage.of(data)).values()
        assert note == f"sha256 {load().hash}, accuracy 99.37 %"
    assert set(notes(stage.ordered(DATA[5]))) == {"se", "floor", "digit classifier"}
