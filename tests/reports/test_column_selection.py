"""Which columns a report draws, and in which order."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from gandiag_html.column_selection import (
    MOST_ENTRIES,
    floor,
    is_flat,
    loss_columns,
    metric_columns,
    sample_captions,
)


def configuration(**columns: list[float]) -> Any:
    """The runs of a user's training: a single one with these columns."""
    series = pd.DataFrame(columns)

    def column(name: str) -> Any:
        return series[name].to_numpy() if name in series else np.full(len(series), np.nan)

    iterations = np.arange(len(series))
    run = SimpleNamespace(series=series, column=column, iterations=iterations)
    return SimpleNamespace(outcomes=[run], experiment=SimpleNamespace(success=()))


def test_losses_of_the_players_come_first_and_columns_without_values_are_left_out() -> None:
    runs = configuration(my_loss=[1.0], g_loss=[1.0], d_loss=[1.0], old_loss=[np.nan])
    assert loss_columns(runs) == ["d_loss", "g_loss", "my_loss"]


def test_metrics_come_before_a_users_own_columns_and_long_vectors_are_not_drawn() -> None:
    pixels = {f"pixel_{k}": [1.0] for k in range(MOST_ENTRIES + 1)}
    runs = configuration(lr=[1.0], fid=[1.0], fid_se=[0.1], mean_0=[1.0], modes=[8.0], **pixels)
    assert metric_columns(runs) == ["modes", "fid", "mean_0", "lr"]


def test_only_a_users_constant_without_an_error_is_flat() -> None:
    runs = configuration(lr=[1.0, 1.0], fid=[1.0, 1.0], fid_se=[0.1, 0.1], modes=[8.0, 8.0])
    assert [is_flat(runs, name) for name in ("lr", "fid", "modes")] == [True, False, False]


def test_the_floor_is_the_median_of_the_finite_ones() -> None:
    runs = configuration(kid=[1.0] * 4, kid_floor=[1.0, 2.0, 9.0, np.nan])
    assert floor(runs, "kid") == 2.0
    assert floor(runs, "modes") is None


def test_captions_are_of_the_log_point_and_shares_are_in_percent() -> None:
    (run,) = configuration(modes=[3.0, 7.0], high_quality=[0.1, 0.25]).outcomes
    assert sample_captions(run, 1) == ["modes 7", "high quality 25 %"]
    assert sample_captions(run, 5) == []
