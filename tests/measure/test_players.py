"""The recorded columns of the two players."""

from __future__ import annotations

from typing import Any

import numpy as np

from gandiag.measure import measure
from gandiag.measure.players import loss_names

SAMPLES = np.zeros((3, 1, 4))


def test_updates_are_counted_per_player(stage: Any) -> None:
    observed = stage.sees(SAMPLES, d_updates=np.full(3, 7.0), g_updates=np.ones(3))
    row = measure(stage.devnag, observed)[0]
    assert (row["iteration"], row["d_updates"], row["g_updates"]) == (50, 7, 1)
    assert type(row["d_updates"]) is int


def test_a_loss_is_the_mean_over_its_players_updates(stage: Any) -> None:
    observed = stage.sees(
        SAMPLES,
        d_loss_sum=np.array([50.0, 500.0, 1000.0]),
        d_loss_count=np.array([500.0, 250.0, 10.0]),
        g_loss_max=np.array([1.0, 2.0, 3.0]),
    )
    rows = measure(stage.devnag, observed)
    assert [row["d_loss"] for row in rows] == [0.1, 2.0, 100.0]
    assert [row["g_loss"] for row in rows] == [2.0, 2.0, 2.0]
    assert [row["g_loss_max"] for row in rows] == [1.0, 2.0, 3.0]


def test_a_player_without_an_update_has_no_loss_in_that_lane(stage: Any) -> None:
    observed = stage.sees(
        SAMPLES,
        d_loss_sum=np.array([50.0, 0.0, 25.0]),
        d_loss_count=np.array([25.0, 0.0, 25.0]),
        d_loss_min=np.array([1.0, np.inf, 1.0]),
        d_loss_last=np.array([1.0, np.nan, 1.0]),
    )
    rows = measure(stage.devnag, observed)
    assert [row.get("d_loss") for row in rows] == [2.0, None, 1.0]
    assert not [name for name in rows[1] if name.startswith("d_loss")]
    assert rows[0]["d_loss_min"] == rows[2]["d_loss_last"] == 1.0
    assert rows[1]["g_loss"] == 2.0


def test_before_the_first_update_there_is_no_loss(stage: Any) -> None:
    empty = {f"{who}_loss_{part}": np.zeros(3) for who in "dg" for part in ("sum", "count")}
    row = measure(stage.devnag, stage.sees(SAMPLES, iteration=0, **empty))[0]
    assert not [name for name in row if "loss" in name]


def test_a_diverged_loss_is_recorded_as_it_is(stage: Any) -> None:
    observed = stage.sees(SAMPLES, g_loss_sum=np.array([np.nan, np.inf, 1.0]))
    found = [row["g_loss"] for row in measure(stage.devnag, observed)]
    assert np.isnan(found[0])
    assert found[1:] == [np.inf, 0.04]


def test_the_l2_term_and_the_cross_entropy_add_up_to_the_loss(stage: Any) -> None:
    observed = stage.sees(
        SAMPLES,
        d_l2_sum=np.array([5.0, 10.0, 0.0]),
        g_l2_sum=np.array([-100.0, -5.0, 0.0]),
        g_loss_count=np.array([25.0, 25.0, 0.0]),
    )
    rows = measure(stage.devnag, observed)
    assert [row["d_l2"] for row in rows] == [0.2, 0.4, 0.0]
    assert [row["d_cross_entropy"] for row in rows] == [1.8, 1.6, 2.0]
    assert [row.get("g_l2") for row in rows] == [-4.0, -0.2, None]
    assert [row.get("g_cross_entropy") for row in rows] == [6.0, 2.2, None]


def test_without_an_l2_term_there_is_no_column_for_it(stage: Any) -> None:
    row = measure(stage.devnag, stage.sees(SAMPLES))[0]
    assert not [name for name in row if "l2" in name or "entropy" in name]


def test_pretraining_records_only_d(stage: Any) -> None:
    observed = stage.sees(SAMPLES, phase="pretrain")
    kept = ("failed_at", "d_loss")
    values = {name: v for name, v in observed.values.items() if name.startswith(kept)}
    observed = type(observed)("pretrain", 50, 10, values, {})
    row = measure(stage.devnag, observed)[0]
    assert (row["phase"], row["d_updates"], row["g_updates"]) == ("pretrain", 0, 0)
    assert row["d_loss"] == 2.0
    assert "g_loss" not in row
    assert "mean" not in row


def test_the_names_of_the_losses_are_those_recorded(stage: Any) -> None:
    judge = stage.devnag.discriminator.model_copy(update={"l2": 0.005})
    experiment = stage.devnag.model_copy(update={"discriminator": judge})
    row = measure(experiment, stage.sees(SAMPLES, d_l2_sum=np.ones(3)))[0]
    recorded = {name for name in row if any(part in name for part in ("loss", "l2", "entropy"))}
    assert set(loss_names(experiment)) == recorded
    assert set(loss_names(stage.devnag)) == recorded - {"d_l2", "d_cross_entropy"}
