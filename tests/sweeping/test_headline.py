"""Which columns are worth a look while a sweep trains."""

from __future__ import annotations

from typing import Any

import pytest

from gandiag.experiment.loading import read_experiment
from gandiag.sweeping.headline import headline_columns


@pytest.mark.parametrize(
    ("preset", "columns"),
    [
        ("devnag-1d", ("mean", "std")),
        ("dirac", ("mean", "std")),
        ("chivers-2d", ("mean_0", "mean_1")),
        ("ring8", ("modes", "high_quality")),
        ("wiseodd-mnist", ("digits", "frechet")),
        ("stacked-mnist", ("modes", "reverse_kl")),
    ],
)
def test_what_is_shown_says_how_good_the_samples_are(preset: str, columns: tuple[str, ...]) -> None:
    assert headline_columns(read_experiment(preset)) == columns


def test_what_may_stop_a_run_is_shown_once() -> None:
    def shown(column: str) -> tuple[str, ...]:
        rule: dict[str, Any] = {"stopping.column": column, "stopping.goal": "low"}
        return headline_columns(read_experiment("devnag-1d", rule))

    assert shown("wasserstein") == ("mean", "std", "wasserstein")
    assert shown("std") == ("mean", "std")
