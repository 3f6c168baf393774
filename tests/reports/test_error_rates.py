"""The error rates quote the shipped table."""

from __future__ import annotations

from gandiag.analysis.names import ALARMS
from gandiag.selftest.rates import rate_of, shipped
from gandiag_html.error_rates import UNKNOWN, rates_in_words, table


def test_the_sentence_quotes_the_counts_of_the_shipped_table() -> None:
    rates = shipped()["verdicts"]["collapsed"]
    right, missed, false = (rates[key] for key in ("deserved", "missed", "false_alarms"))
    sentence = rates_in_words("collapsed")
    assert sentence.startswith(
        f"Of {right['n']:,} simulated runs that got this verdict, {right['k']:,} were right ("
    )
    assert f"of {missed['n']:,} that should have got it, {missed['k']:,} got another" in sentence
    assert sentence.endswith(f"of {false['n']:,} healthy ones, {false['k']:,} got it.")


def test_a_verdict_without_simulated_runs_has_no_rate() -> None:
    assert rates_in_words("no-such-verdict") == UNKNOWN


def test_the_table_has_a_row_for_every_alarm_that_was_simulated() -> None:
    names = [row[0] for row in table()["rows"]]
    assert len(names) == len(set(names))
    assert {name for name in ALARMS if rate_of(name)} <= set(names)
