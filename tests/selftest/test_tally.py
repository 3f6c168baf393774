"""The table counts what it says, of made-up outcomes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gandiag.selftest.cases import NULLS, Case
from gandiag.selftest.faults import FAULTS
from gandiag.selftest.scoring import Outcome
from gandiag.selftest.tally import tally

FACTS = {"family": "line", "memory": 0.5, "heavy": True, "points": 101, "cadence": 1}

WELL = Outcome(
    case=Case("healthy-line", 0, "reporting"),
    right=("healthy",),
    final="healthy",
    alarms=(),
    standing=(),
    false={},
    shown=(),
    windows=0,
    delay=None,
    onset_error=None,
    settled_points=50,
    points=101,
    facts=FACTS,
)

SICK = replace(
    WELL,
    case=Case("wrong-mean", 0, "reporting"),
    right=("off-target",),
    final="off-target",
    shown=("stagnation",),
    delay=0.1,
    onset_error=0.02,
)


def test_alarms_wrong_verdicts_and_silence_are_counted_apart() -> None:
    outcomes = [
        WELL,
        replace(WELL, alarms=((20, "dead"), (21, "dead"))),
        replace(WELL, standing=("stagnation",)),
        replace(WELL, final="off-target", alarms=((50, "off-target"),)),
        replace(WELL, final="undecided", facts=FACTS | {"memory": 0.9}),
    ]
    healthy = tally(outcomes, "reporting", 5)["healthy"]
    counts = {name: healthy["all"][name]["k"] for name in healthy["all"] if "_" in name}
    assert counts == {
        "any_alarm": 3,
        "verdict_alarm": 2,
        "standing_episode": 1,
        "wrong_verdict": 1,
        "no_verdict": 1,
    }
    assert healthy["all"]["alarms"] == {"dead": 1, "off-target": 1}
    assert healthy["by"]["memory"]["0.9"]["no_verdict"]["k"] == 1
    assert healthy["by"]["memory"]["0.5"]["no_verdict"]["n"] == 4


def test_a_fault_is_told_by_detection_delay_and_onset() -> None:
    outcomes = [
        SICK,
        replace(SICK, delay=0.3),
        replace(SICK, final="healthy", delay=None, onset_error=None),
        replace(SICK, final="undecided", delay=None, onset_error=None, alarms=((3, "dead"),)),
    ]
    row = tally(outcomes, "reporting", 4)["faults"]["wrong-mean"]
    assert (row["found"]["k"], row["found"]["n"]) == (2, 4)
    assert row["no_verdict"]["k"] == 1
    assert row["early_alarm"]["k"] == 1
    assert row["delay"]["median"] == pytest.approx(0.2)
    assert row["delay_points"]["median"] == pytest.approx(20)
    assert row["onset_error"]["median"] == pytest.approx(0.02)
    assert row["verdicts"] == {"off-target": 2, "healthy": 1, "undecided": 1}
    assert row["strength"] == FAULTS["wrong-mean"].strength


def test_a_detector_is_told_by_false_alarms_per_thousand_points_and_by_its_faults() -> None:
    outcomes = [replace(WELL, false={"stagnation": 3}), WELL, SICK, replace(SICK, shown=())]
    row = tally(outcomes, "reporting", 2)["detectors"]["stagnation"]
    assert row["false_alarms_per_1000"]["rate"] == pytest.approx(3 / 0.1)
    assert (row["healthy_runs"]["k"], row["healthy_runs"]["n"]) == (1, 2)
    assert (row["found"]["wrong-mean"]["k"], row["found"]["wrong-mean"]["n"]) == (1, 2)


def test_a_verdict_is_told_by_how_many_deserved_it() -> None:
    outcomes = [
        SICK,
        replace(SICK, final="dead"),
        replace(WELL, final="off-target"),
        WELL,
        replace(SICK, case=Case("blind-discriminator", 0, "reporting")),
    ]
    rows = tally(outcomes, "reporting", 1)["verdicts"]
    off = rows["off-target"]
    assert (off["deserved"]["k"], off["deserved"]["n"]) == (2, 3)
    assert (off["missed"]["k"], off["missed"]["n"]) == (1, 3)
    assert (off["false_alarms"]["k"], off["false_alarms"]["n"]) == (1, 2)
    assert rows["dead"]["deserved"]["k"] == 0
    assert "false_alarms" not in rows["healthy"]


def test_windows_of_loss_against_quality_are_counted_on_healthy_runs_and_their_fault() -> None:
    misled = replace(SICK, case=Case("misleading-loss", 0, "reporting"), windows=1)
    found = tally([WELL, replace(WELL, windows=2), misled], "reporting", 1)["divergence"]
    assert (found["healthy_runs"]["k"], found["healthy_runs"]["n"]) == (1, 2)
    assert (found["found"]["k"], found["found"]["n"]) == (1, 1)


def test_the_table_is_plain_json_and_says_where_it_comes_from() -> None:
    table = tally([WELL, SICK], "calibrating", 1)
    assert json.loads(json.dumps(table, allow_nan=False)) == table
    assert (table["schema"], table["set"], table["runs"]) == (
        "gandiag.selftest/1",
        "calibrating",
        1,
    )
    assert set(table["faults"]) == set(FAULTS)
    assert set(table["healthy"]["by"]["name"]) <= set(NULLS)
