"""New drawn runs are compatible with the rates that are shipped."""

from __future__ import annotations

from typing import get_args

import pytest
from scipy import stats

from gandiag.analysis.scope import Evidence
from gandiag.selftest.drawn.cases import POPULATIONS, DrawnCase, drawn_cases
from gandiag.selftest.drawn.outcome import BANDS, DrawnOutcome
from gandiag.selftest.drawn.scoring import score_drawn
from gandiag.selftest.drawn.table import drawn_table
from gandiag.selftest.rates import shipped

UNSEEN = 100_000
"""From this number on no run is in the shipped table."""

SIGNIFICANCE = 1e-4

Count = dict[str, int]

CHEAP = ("uniform", "t3", "two moons", "grid with known modes")
"""Data that are measured quickly."""


def compatible(new: Count, old: Count) -> bool:
    """Whether two counts are compatible with one rate, by Fisher's exact test."""
    table = [[row["k"], row["n"] - row["k"]] for row in (new, old)]
    return bool(stats.fisher_exact(table).pvalue > SIGNIFICANCE)


def incompatible(outcomes: list[DrawnOutcome]) -> list[str]:
    """The rates of the shipped table that new runs of some data contradict."""
    new, old = drawn_table(outcomes, "reporting", 1)["data"], shipped()["drawn"]["data"]
    found = []
    for name, row in new.items():
        for what in ("any_alarm", "no_verdict", "called_healthy"):
            if not compatible(row[what], old[name][what]):
                found.append(f"{name}: {what}")
        for fault in row["told"].keys() & old[name]["told"].keys():
            if not compatible(row["told"][fault], old[name]["told"][fault]):
                found.append(f"{name}: {fault}")
    return found


def test_new_runs_are_compatible_with_the_shipped_rates() -> None:
    names = ("none", "none", "lost", "repeated")
    drawn = [DrawnCase(data, name, UNSEEN + k) for data in CHEAP for k, name in enumerate(names)]
    short = [case for case in drawn if case.timeline.points <= 100]
    assert len(short) > len(drawn) / 2
    assert incompatible([score_drawn(case) for case in short]) == []


@pytest.mark.slow
def test_new_runs_of_all_data_are_compatible_with_the_shipped_rates() -> None:
    drawn = drawn_cases("reporting", 2, UNSEEN)
    assert incompatible([score_drawn(case) for case in drawn]) == []


def test_a_changed_rate_is_incompatible() -> None:
    assert not compatible({"k": 5, "n": 6}, {"k": 0, "n": 100})
    assert compatible({"k": 5, "n": 6}, {"k": 90, "n": 100})


def test_the_shipped_table_has_every_kind_band_and_distribution() -> None:
    table = shipped()
    assert table["drawn"]["ground"] == "reporting"
    held = {data.name for data in POPULATIONS.values() if data.ground == "reporting"}
    assert held <= set(table["drawn"]["data"])
    for kind in get_args(Evidence):
        assert tuple(table["by_evidence"][kind]) == BANDS
        assert table["by_evidence"][kind]["1,000 and more"]["verdicts"]
