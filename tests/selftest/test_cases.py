"""Cases are the same at every draw, and the two sets share nothing."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from gandiag.analysis.episode import Kind
from gandiag.analysis.record import Record
from gandiag.selftest.cases import NAMES, Case, cases
from gandiag.selftest.faults import FAULTS


def fingerprints(record: Record) -> set[bytes]:
    """Every series by its bytes that is of more than a few values."""
    return {v.tobytes() for v in record.columns.values() if len(np.unique(v)) > 25}


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_the_same_whenever_it_is_drawn(name: str) -> None:
    first, truth = Case(name, 3, "calibrating").draw()
    again, same = Case(name, 3, "calibrating").draw()
    assert truth == same
    assert first.columns.keys() == again.columns.keys()
    for column, values in first.columns.items():
        np.testing.assert_array_equal(values, again.columns[column])


def test_no_series_of_the_calibrating_set_is_in_the_reporting_set() -> None:
    seen: dict[str, list[bytes]] = {"calibrating": [], "reporting": []}
    for part in ("calibrating", "reporting"):
        for case in cases(part, 3):  # type: ignore[arg-type]
            seen[part] += fingerprints(case.draw()[0])
    both = seen["calibrating"] + seen["reporting"]
    assert not set(seen["calibrating"]) & set(seen["reporting"])
    assert len(both) > 1_000
    assert len(set(both)) == len(both)


def test_there_are_so_many_runs_of_each_name_and_no_two_alike() -> None:
    todo = cases("reporting", 5)
    assert len(todo) == len(set(todo)) == 5 * len(NAMES)


def test_a_case_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no case 'sick'"):
        Case("sick", 0, "reporting")
    with pytest.raises(ValueError, match="no set 'all'"):
        Case("nan", 0, "all")  # type: ignore[arg-type]


def test_every_kind_of_episode_has_a_fault_that_shows_it() -> None:
    assert {kind for fault in FAULTS.values() for kind in fault.kinds} == set(get_args(Kind))


def test_the_onset_lies_where_the_fault_says_and_at_a_log_point() -> None:
    for name, fault in FAULTS.items():
        for case in cases("calibrating", 10, (name,)):
            record, truth = case.draw()
            assert truth.onset in record.iteration
            low, high = fault.between
            step = 1 / int(truth.facts["points"])
            assert low - step <= (truth.onset or 0) / (record.planned or 1) <= high + step
            assert int(truth.facts["points"]) >= fault.shortest
