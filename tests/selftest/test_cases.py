"""Cases are reproducible, and the two sets share no random numbers."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from gandiag.analysis.episode import Kind
from gandiag.analysis.record import Record
from gandiag.selftest.cases import NAMES, Case, cases
from gandiag.selftest.faults import FAULTS


def fingerprints(record: Record) -> set[bytes]:
    """The bytes of every series with more than a few distinct values."""
    return {v.tobytes() for v in record.columns.values() if len(np.unique(v)) > 25}


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_reproducible(name: str) -> None:
    first, truth = Case(name, 3, "calibrating").draw()
    second, second_truth = Case(name, 3, "calibrating").draw()
    assert truth == second_truth
    assert first.columns.keys() == second.columns.keys()
    for column, values in first.columns.items():
        np.testing.assert_array_equal(values, second.columns[column])


def test_no_series_of_the_calibrating_set_is_in_the_reporting_set() -> None:
    series: dict[str, list[bytes]] = {"calibrating": [], "reporting": []}
    for split in ("calibrating", "reporting"):
        for case in cases(split, 3):  # type: ignore[arg-type]
            series[split] += fingerprints(case.draw()[0])
    both = series["calibrating"] + series["reporting"]
    assert not set(series["calibrating"]) & set(series["reporting"])
    assert len(both) > 1_000
    assert len(set(both)) == len(both)


def test_there_are_the_asked_number_of_distinct_cases_per_name() -> None:
    selected = cases("reporting", 5)
    assert len(selected) == len(set(selected)) == 5 * len(NAMES)


def test_unknown_names_and_sets_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown case 'sick'"):
        Case("sick", 0, "reporting")
    with pytest.raises(ValueError, match="unknown set 'all'"):
        Case("nan", 0, "all")  # type: ignore[arg-type]


def test_every_kind_of_episode_is_caused_by_some_fault() -> None:
    assert {kind for fault in FAULTS.values() for kind in fault.kinds} == set(get_args(Kind))


def test_the_onset_is_a_log_point_within_the_range_of_the_fault() -> None:
    for name, fault in FAULTS.items():
        for case in cases("calibrating", 10, (name,)):
            record, truth = case.draw()
            assert truth.onset in record.iteration
            low, high = fault.between
            step = 1 / int(truth.settings["points"])
            assert low - step <= (truth.onset or 0) / (record.planned or 1) <= high + step
            assert int(truth.settings["points"]) >= fault.shortest
