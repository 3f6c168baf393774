"""The table that ships is what the diagnosis of this version does."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from scipy import stats

from gandiag.analysis.diagnosis import episodes
from gandiag.analysis.divergence import windows
from gandiag.analysis.names import ALARMS
from gandiag.analysis.verdict import decide
from gandiag.selftest.cases import NAMES, NULLS, Case
from gandiag.selftest.faults import FAULTS
from gandiag.selftest.rates import rate_of, shipped
from gandiag.selftest.running import run
from gandiag.selftest.scoring import Judge, Outcome

JUDGE = Judge(decide, episodes, windows)

UNSEEN = 100_000
"""From here on no case is in the table."""

SURPRISE = 1e-4


def short(name: str, several: int, longest: int) -> Iterable[Case]:
    """So many new cases of a name that are short enough."""
    index = UNSEEN
    while several:
        case = Case(name, index, "reporting")
        index += 1
        if int(case.draw()[1].facts["points"]) <= longest:
            several -= 1
            yield case


def as_likely(now: list[bool], told: dict[str, int]) -> bool:
    """Whether two counts may come of one rate, by Fisher's exact test."""
    table = [[sum(now), len(now) - sum(now)], [told["k"], told["n"] - told["k"]]]
    return bool(stats.fisher_exact(table).pvalue > SURPRISE)


def surprises(outcomes: list[Outcome]) -> list[str]:
    """Where new outcomes do not come of the table's rates."""
    table = shipped()
    nulls = [each for each in outcomes if each.case.name in NULLS]
    healthy = table["healthy"]["all"]
    seen = {
        "any alarm": ([each.alarmed for each in nulls], healthy["any_alarm"]),
        "wrong verdict": ([each.wrong for each in nulls], healthy["wrong_verdict"]),
    }
    for name in FAULTS:
        found = [each.found for each in outcomes if each.case.name == name]
        seen[name] = (found, table["faults"][name]["found"])
    return [name for name, (now, told) in seen.items() if not as_likely(now, told)]


def test_new_short_runs_do_as_the_table_says() -> None:
    new = run([case for name in NAMES for case in short(name, 3, 200)], JUDGE, 1)
    assert surprises(new) == []


@pytest.mark.slow
def test_new_runs_of_any_length_do_as_the_table_says() -> None:
    new = run([Case(name, UNSEEN + k, "reporting") for name in NAMES for k in range(12)], JUDGE, 2)
    assert surprises(new) == []


def test_a_rate_that_has_changed_would_be_noticed() -> None:
    assert not as_likely([True, True, False], {"k": 0, "n": 400})
    assert not as_likely([False, False, True], {"k": 400, "n": 400})
    assert as_likely([True, True, False], {"k": 390, "n": 400})


def test_every_verdict_has_its_rates_and_their_interval_holds_them() -> None:
    for name in ("healthy", *ALARMS):
        found = rate_of(name)
        assert found is not None
        for rate in (found.deserved, found.missed):
            assert rate.interval[0] <= rate.k / rate.n <= rate.interval[1]
        assert (found.false_alarms is None) == (name == "healthy")
    assert rate_of("unheard-of") is None


def test_the_table_is_of_the_reporting_set_and_of_all_cases() -> None:
    table = shipped()
    assert table["set"] == "reporting"
    assert table["schema"] == "gandiag.selftest/1"
    assert set(table["faults"]) == set(FAULTS)
    assert {row["found"]["n"] for row in table["faults"].values()} == {table["runs"]}
    assert table["healthy"]["all"]["any_alarm"]["n"] == len(NULLS) * table["runs"]
    for name, fault in FAULTS.items():
        assert table["faults"][name]["strength"] == fault.strength
