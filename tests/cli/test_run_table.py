"""Runs as rows: of the table that ``sweep`` and ``ls`` print, and of a JSON document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import gandiag
from gandiag.cli.run_table import best, print_runs, records


def test_a_final_value_is_the_mean_over_the_last_tenth_of_the_log_points(finished: Path) -> None:
    results = gandiag.load(finished)
    run = results.runs["run"][0]
    one = results.series[results.series["run"] == run].tail(1)
    points = 40
    series = one.loc[one.index.repeat(points)].assign(
        iteration=range(points), mean=np.arange(points, dtype=float)
    )
    long = replace(results, series=series.reset_index(drop=True))
    (row, *_) = records(long, results.runs)
    assert row["run"] == run
    assert row["mean"] == np.mean([36, 37, 38, 39])


def test_columns_without_any_entry_are_left_out(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = gandiag.load(finished)
    print_runs(results, results.runs)
    heading = capsys.readouterr().out.split("─")[0].split()
    assert heading[:4] == ["seed", "backend", "status", "success"]
    assert "point" not in heading
    print_runs(results, results.runs.assign(point="schedule.batch=5", verdict=None))
    assert "point" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("at", "text"), [(None, ""), (0, "0.250 at 0, untrained"), (1200, "0.250 at 1,200")]
)
def test_the_best_value_comes_with_its_iteration(at: int | None, text: str) -> None:
    assert best({"best_at": at, "best_value": 0.25}) == text
