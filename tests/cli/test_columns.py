"""The columns of the printed table of runs, and those of a JSON document."""

from __future__ import annotations

from pathlib import Path

import pytest

import gandiag
from gandiag.cli.columns import MOST, _of_users_training, json_columns, table_columns


def test_the_table_has_the_headlines_and_the_distances_of_an_experiment(finished: Path) -> None:
    results = gandiag.load(finished)
    rows = [dict.fromkeys(json_columns(results), 0.0) | {"seed": 0}]
    assert table_columns(results, rows, {"seed"}) == ["mean", "std", "wasserstein"]


def test_json_has_every_metric_of_the_samples_without_errors_and_floors(finished: Path) -> None:
    names = json_columns(gandiag.load(finished))
    assert {"mean", "std", "skew", "wasserstein", "ks"} <= set(names)
    assert not [name for name in names if name.endswith(("_se", "_floor")) or "loss" in name]


@pytest.mark.parametrize(
    ("logged", "shown"),
    [
        (["d_loss", "g_loss", "d_loss_real"], ["d_loss", "g_loss"]),
        (["mean", "std", "wasserstein", "ks", "d_loss"], ["mean", "std", "wasserstein"]),
        (["fid", "d_loss"], ["fid"]),
        (
            ["mean_0", "std_0", "sliced_wasserstein", "fid"],
            ["sliced_wasserstein", "fid", "mean_0", "std_0"],
        ),
    ],
)
def test_a_users_training_is_shown_by_its_most_informative_columns(
    logged: list[str], shown: list[str]
) -> None:
    assert _of_users_training(logged) == shown


def test_the_table_never_has_more_columns_than_fit() -> None:
    assert len(_of_users_training([f"metric {k}" for k in range(20)])) == MOST
