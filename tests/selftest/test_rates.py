"""Rates have exact intervals, and the shipped table describes the diagnosis of this version."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, get_args

import pytest
from scipy import stats

from gandiag.analysis.diagnosis import episodes
from gandiag.analysis.divergence import windows
from gandiag.analysis.names import ALARMS
from gandiag.analysis.scope import Evidence, Scope
from gandiag.analysis.verdict import decide
from gandiag.selftest.cases import HEALTHY, NAMES, Case
from gandiag.selftest.drawn.by_evidence import by_evidence
from gandiag.selftest.drawn.outcome import DrawnOutcome
from gandiag.selftest.faults import FAULTS
from gandiag.selftest.parallel import score_all
from gandiag.selftest.rates import (
    median_and_range,
    per_thousand,
    proportion,
    rate_of,
    shipped,
)
from gandiag.selftest.scoring import DiagnosisFunctions, Outcome
from gandiag.selftest.trust import trust

FUNCTIONS = DiagnosisFunctions(decide, episodes, windows)

UNSEEN = 100_000
"""From this index on no case is in the shipped table."""

SIGNIFICANCE = 1e-4


def scope_from(evidence: Evidence, samples: int) -> Scope:
    return Scope(evidence, samples, (), ())


def short(name: str, count: int, longest: int) -> Iterable[Case]:
    """``count`` new cases of a name with at most ``longest`` log points."""
    index = UNSEEN
    while count:
        case = Case(name, index, "reporting")
        index += 1
        if int(case.draw()[1].settings["points"]) <= longest:
            count -= 1
            yield case


def compatible(new: list[bool], row: dict[str, int]) -> bool:
    """Whether two counts are compatible with one rate, by Fisher's exact test."""
    table = [[sum(new), len(new) - sum(new)], [row["k"], row["n"] - row["k"]]]
    return bool(stats.fisher_exact(table).pvalue > SIGNIFICANCE)


def incompatible_rates(outcomes: list[Outcome]) -> list[str]:
    """The rates of the table that new outcomes contradict."""
    table = shipped()
    healthy_runs = [each for each in outcomes if each.case.name in HEALTHY]
    healthy = table["healthy"]["all"]
    compared = {
        "any alarm": ([each.alarmed for each in healthy_runs], healthy["any_alarm"]),
        "wrong verdict": ([each.wrong for each in healthy_runs], healthy["wrong_verdict"]),
    }
    for name in FAULTS:
        found = [each.found for each in outcomes if each.case.name == name]
        compared[name] = (found, table["faults"][name]["found"])
    return [name for name, (new, row) in compared.items() if not compatible(new, row)]


def test_new_short_runs_are_compatible_with_the_shipped_rates() -> None:
    new = score_all([case for name in NAMES for case in short(name, 3, 200)], FUNCTIONS, 1)
    assert incompatible_rates(new) == []


@pytest.mark.slow
def test_new_runs_of_any_length_are_compatible_with_the_shipped_rates() -> None:
    new = score_all(
        [Case(name, UNSEEN + k, "reporting") for name in NAMES for k in range(12)], FUNCTIONS, 2
    )
    assert incompatible_rates(new) == []


def test_a_changed_rate_is_incompatible() -> None:
    assert not compatible([True, True, False], {"k": 0, "n": 400})
    assert not compatible([False, False, True], {"k": 400, "n": 400})
    assert compatible([True, True, False], {"k": 390, "n": 400})


def test_every_verdict_on_simulated_series_has_rates_within_their_intervals() -> None:
    for name in ("healthy", *ALARMS):
        rates = shipped()["verdicts"][name]
        for rate in (rates["deserved"], rates["missed"]):
            assert rate["interval"][0] <= rate["k"] / rate["n"] <= rate["interval"][1]
        assert ("false_alarms" in rates) == (name != "healthy")


@pytest.mark.parametrize("evidence", get_args(Evidence))
def test_a_rate_is_of_the_same_kind_of_evidence_and_band(
    evidence: Evidence, rates_of_kind: Callable[..., None]
) -> None:
    band = scope_from(evidence, 300).band
    rates_of_kind(evidence, band, "collapsed", (9, 10), (1, 8), (0, 40))
    found = rate_of("collapsed", scope_from(evidence, 300))
    assert found is not None
    assert found.false_alarms is not None
    counts = [(each.k, each.n) for each in (found.correct, found.missed, found.false_alarms)]
    assert counts == [(9, 10), (1, 8), (0, 40)]
    assert found.correct.interval[0] < 0.9 < found.correct.interval[1]
    assert rate_of("healthy", scope_from(evidence, 300)) is None
    for other in get_args(Evidence):
        if other != evidence:
            assert rate_of("collapsed", scope_from(other, 300)) is None
    if evidence != "losses only":  # of them no samples are measured, so all are in one band
        assert rate_of("collapsed", scope_from(evidence, 30)) is None
        assert rate_of("collapsed", scope_from(evidence, 3000)) is None


def test_without_a_table_by_evidence_or_a_scope_no_rate_is_known(
    no_rates: None, rates_of_kind: Callable[..., None]
) -> None:
    scope = scope_from("samples", 300)
    assert rate_of("healthy", scope) is None
    rates_of_kind("samples", "100 to 999", "healthy", (9, 10), (1, 8))
    assert rate_of("healthy", scope) is not None
    assert rate_of("healthy", None) is None


def test_a_verdict_that_no_drawn_run_got_has_no_rate(rates_of_kind: Callable[..., None]) -> None:
    rates_of_kind("samples", "100 to 999", "dead", (0, 0), (8, 8), (0, 40))
    assert rate_of("dead", scope_from("samples", 300)) is None


def test_where_a_verdict_is_no_alarm_it_has_no_false_alarms(
    rates_of_kind: Callable[..., None],
) -> None:
    rates_of_kind("samples", "100 to 999", "healthy", (9, 10), (1, 8))
    found = rate_of("healthy", scope_from("samples", 300))
    assert found is not None
    assert found.false_alarms is None


def test_the_rates_that_drawn_runs_gave_are_found(no_rates: dict[str, Any]) -> None:
    run = DrawnOutcome("t3", "none", 0.0, 300, ("healthy",), "healthy", (), (), "samples")
    wrong = replace(run, right=("collapsed",))
    no_rates["by_evidence"] = by_evidence([run] * 9 + [wrong])
    found = rate_of("healthy", scope_from("samples", 300))
    assert found is not None
    assert (found.correct.k, found.correct.n, found.missed.k, found.missed.n) == (9, 10, 0, 9)
    for unknown in (scope_from("samples", 30), scope_from("known modes", 300)):
        assert rate_of("healthy", unknown) is None
        assert trust("healthy", unknown) == "no error rate is known for this kind of evidence"


def test_the_shipped_table_is_of_the_reporting_set_and_of_all_cases() -> None:
    table = shipped()
    assert table["set"] == "reporting"
    assert table["schema"] == "gandiag.selftest/1"
    assert set(table["faults"]) == set(FAULTS)
    assert {row["found"]["n"] for row in table["faults"].values()} == {table["runs"]}
    assert table["healthy"]["all"]["any_alarm"]["n"] == len(HEALTHY) * table["runs"]
    for name, fault in FAULTS.items():
        assert table["faults"][name]["strength"] == fault.strength


@pytest.mark.parametrize(("k", "n"), [(0, 12), (5, 12), (12, 12), (3, 400)])
def test_a_proportion_has_the_clopper_pearson_interval(k: int, n: int) -> None:
    rate = proportion([True] * k + [False] * (n - k))
    ends = stats.binomtest(k, n).proportion_ci(method="exact")
    assert (rate["k"], rate["n"], rate["rate"]) == (k, n, k / n)
    assert rate["interval"] == pytest.approx([ends.low, ends.high])


@pytest.mark.parametrize("k", [0, 1, 7])
def test_the_interval_of_a_poisson_rate_leaves_2_5_per_cent_at_either_end(k: int) -> None:
    rate = per_thousand(k, 5_000)
    low, high = (5 * end for end in rate["interval"])
    assert rate["rate"] == pytest.approx(k / 5)
    assert stats.poisson(high).cdf(k) == pytest.approx(0.025)
    assert low == 0 if k == 0 else stats.poisson(low).sf(k - 1) == pytest.approx(0.025)


def test_without_data_there_is_no_rate() -> None:
    assert proportion([]) == {"k": 0, "n": 0, "rate": None, "interval": [0.0, 1.0]}
    assert per_thousand(0, 0)["rate"] is None
    assert median_and_range([])["median"] is None
    assert median_and_range([3.0, 1.0, 2.0])["median"] == 2.0
