"""The tables of made-up outcomes have the expected counts."""

from __future__ import annotations

import json
from dataclasses import replace

from gandiag.selftest.drawn.by_evidence import by_evidence
from gandiag.selftest.drawn.outcome import DrawnOutcome
from gandiag.selftest.drawn.table import drawn_table

GOOD = DrawnOutcome("t3", "none", 0.0, 300, ("healthy",), "healthy", (), (), "samples")
BAD = DrawnOutcome(
    "t3", "lost", 0.4, 300, ("partially-collapsed",), "partially-collapsed", (), (), "samples"
)


def test_a_verdict_has_its_rates_in_its_band() -> None:
    outcomes = [
        GOOD,
        replace(GOOD, final="off-target", alarms=("off-target",)),
        replace(GOOD, n=50),
        BAD,
        replace(BAD, final="healthy"),
        replace(BAD, final="healthy", right=()),
    ]
    rows = by_evidence(outcomes)["samples"]
    middle = rows["100 to 999"]["verdicts"]
    assert (middle["healthy"]["deserved"]["k"], middle["healthy"]["deserved"]["n"]) == (1, 2)
    assert (middle["healthy"]["missed"]["k"], middle["healthy"]["missed"]["n"]) == (1, 2)
    assert (middle["off-target"]["false_alarms"]["k"]) == 1
    assert (middle["partially-collapsed"]["missed"]["k"]) == 1
    assert "false_alarms" not in middle["healthy"]
    assert rows["below 100"]["verdicts"]["healthy"]["deserved"]["n"] == 1
    assert rows["1,000 and more"]["any_alarm"]["n"] == 0


def test_without_samples_every_band_has_the_same_rates() -> None:
    only = replace(GOOD, n=0, evidence="losses only", right=("undecided",), final="undecided")
    bands = by_evidence([only])["losses only"]
    assert len({json.dumps(row) for row in bands.values()}) == 1
    assert bands["below 100"]["verdicts"]["undecided"]["deserved"]["n"] == 1


def test_misses_are_named_and_curves_count_alarms_by_strength() -> None:
    outcomes = [GOOD, replace(GOOD, alarms=("dead",))] + [BAD] * 9 + [replace(BAD, final="healthy")]
    table = drawn_table(outcomes, "reporting", 1)
    assert [(row["data"], row["what"], row["k"]) for row in table["misses"]] == [
        ("t3", "any alarm of healthy runs", 1),
        ("t3", "told: lost", 9),
    ]
    assert table["data"]["t3"]["called_healthy"]["k"] == 1
    bins = table["curves"]["lost"]["100 to 999"]
    counts = [(each["alarm"]["k"], each["alarm"]["n"]) for each in bins]
    assert counts == [(0, 0), (0, 0), (0, 0), (9, 10), (0, 0)]
    assert json.loads(json.dumps(table, allow_nan=False)) == table


def test_few_samples_are_not_held_against_a_fault() -> None:
    table = drawn_table([replace(BAD, n=50, final="undecided")], "reporting", 1)
    assert table["data"]["t3"]["told"] == {}
    blind = drawn_table([replace(BAD, n=50, final="healthy")], "reporting", 1)
    assert blind["data"]["t3"]["called_healthy"]["k"] == 1
    assert table["misses"] == []
