"""What is known of the error rates, by the kind of evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from gandiag.analysis.scope import Band, Evidence
from gandiag.selftest.rates import proportion
from gandiag_html.error_rates import table
from gandiag_html.formatting import NOTHING

KINDS = get_args(Evidence)

Planted = Callable[..., None]


@pytest.mark.parametrize("evidence", KINDS)
def test_a_kind_of_evidence_has_a_row_for_each_band(
    evidence: Evidence, rates_of_kind: Planted
) -> None:
    for k, band in enumerate(get_args(Band)):
        rates_of_kind(evidence, band, "healthy", (90 + k, 100), (1, 8))
    found = table()
    assert [row.samples for row in found["rows"]] == [*get_args(Band)]
    assert {row.evidence for row in found["rows"]} == {evidence}
    assert [row.healthy[:9] for row in found["rows"]] == ["90 of 100", "91 of 100", "92 of 100"]
    assert found["rows"][0].alarmed.startswith("1 of 400 (")
    assert found["rows"][0].alarms == NOTHING
    assert found["unknown"] == [kind for kind in KINDS if kind != evidence]


def test_where_the_samples_do_not_matter_there_is_one_row(rates_of_kind: Planted) -> None:
    for band in get_args(Band):
        rates_of_kind("losses only", band, "dead", (4, 5), (2, 8), (0, 9))
    (row,) = table()["rows"]
    assert row.samples == "any number"


def test_all_alarms_are_counted_together_and_other_verdicts_are_not(rates_of_kind: Planted) -> None:
    rates_of_kind("samples", "below 100", "dead", (4, 5), (2, 8), (0, 9))
    rates_of_kind("samples", "below 100", "collapsed", (40, 45), (10, 50), (0, 9))
    rates_of_kind("samples", "below 100", "undecided", (7, 70), (7, 70))
    (row,) = table()["rows"]
    low, high = (100 * end for end in proportion([True] * 44 + [False] * 6)["interval"])
    assert row.alarms == f"44 of 50 ({low:.0f}\N{EN DASH}{high:.0f} %)"
    assert row.blind.startswith("12 of 58 (")
    assert row.healthy == NOTHING


def test_without_drawn_runs_nothing_is_known(no_rates: None) -> None:
    assert (table()["rows"], table()["unknown"]) == ([], [*KINDS])
