"""Every fault is as strong as its docstring says."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.selftest.faults import FAULTS

from .faulty_runs import drawn, error_of_mean, final


def test_every_fault_describes_its_strength() -> None:
    assert all(len(fault.strength) > 40 for fault in FAULTS.values())


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("wrong-mean", 0.6, 3.0),
        ("overpowering-discriminator", 1.0, 2.5),
        ("blind-discriminator", 2.0, 2.8),
    ],
)
def test_a_wrong_mean_has_the_documented_distance_and_stays(
    name: str, low: float, high: float
) -> None:
    for record, _, at in drawn(name):
        away = np.abs(error_of_mean(record))
        assert low - 0.25 < final(away) < high + 0.25
        assert np.median(away[at // 2 : at]) < 0.5
        assert np.median(away[at + len(away) // 12 :]) == pytest.approx(final(away), abs=0.3)
