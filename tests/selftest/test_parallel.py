"""The outcomes do not depend on the number of processes."""

from __future__ import annotations

from gandiag.analysis.collapse import collapses
from gandiag.analysis.divergence import windows
from gandiag.analysis.verdict import decide
from gandiag.selftest.cases import HEALTHY, cases
from gandiag.selftest.parallel import score_all
from gandiag.selftest.scoring import DiagnosisFunctions


def test_two_processes_give_the_outcomes_of_one_in_the_order_of_the_cases() -> None:
    selected = cases("calibrating", 2, ("healthy-line", "nan"))
    functions = DiagnosisFunctions(decide, collapses, windows)  # other processes import them
    calls: list[int] = []
    one = score_all(selected, functions, 1)
    two = score_all(selected, functions, 2, lambda: calls.append(1))
    assert one == two
    assert len(calls) == len(selected)
    assert [outcome.case for outcome in two] == selected
    assert any(outcome.case.name in HEALTHY for outcome in two)
