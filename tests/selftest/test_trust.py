"""A verdict says what it rests on, and how often it is right on the same evidence, if known."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from gandiag.analysis.scope import Evidence, Scope
from gandiag.selftest.trust import ground, trust

Planted = Callable[..., None]


@pytest.mark.parametrize("evidence", get_args(Evidence))
def test_the_words_quote_the_rate_of_the_same_kind(evidence: Evidence, rates_of_kind: Planted):
    scope = Scope(evidence, 300, (), ())
    rates_of_kind(evidence, scope.band, "healthy", (1176, 1200), (1, 8))
    assert trust("healthy", scope) == (
        "right in 1,176 of 1,200 drawn runs of this kind that got this verdict "
        "(95 % interval 97–99 %)"
    )
    assert ground("healthy", scope).startswith(f"{evidence}, 300 samples a log point; right in ")
    assert "this verdict on this kind" in trust("dead", scope)


@pytest.mark.parametrize("evidence", get_args(Evidence))
def test_where_nothing_is_known_the_words_say_so(evidence: Evidence, no_rates: None):
    scope = Scope(evidence, 0, (), ())
    said = f"{evidence}; no error rate is known for this kind of evidence"
    assert ground("healthy", scope) == said


def test_a_run_without_log_points_rests_on_nothing(rates_of_kind: Planted):
    rates_of_kind("losses only", "1,000 and more", "undecided", (9, 10), (1, 8))
    said = ground("undecided", None)
    assert said.startswith("nothing that was measured; no error rate is known")
