"""The error table of made-up outcomes has the expected counts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gandiag.selftest.cases import HEALTHY, Case
from gandiag.selftest.error_table import error_table
from gandiag.selftest.faults import FAULTS
from gandiag.selftest.scoring import Outcome

FACTS = {"family": "line", "memory": 0.5, "heavy": True, "points": 101, "cadence": 1}

NORMAL = Outcome(
    case=Case("healthy-line", 0, "reporting"),
    correct=("healthy",),
    final="healthy",
    alarms=(),
    unrecovered=(),
    false_episodes={},
    episodes_after_onset=(),
    windows=0,
    delay=None,
    onset_error=None,
    settled_points=50,
    points=101,
    settings=FACTS,
)

FAULTY = replace(
    NORMAL,
    case=Case("wrong-mean", 0, "reporting"),
    correct=("off-target",),
    final="off-target",
    episodes_after_onset=("stagnation",),
    delay=0.1,
    onset_error=0.02,
)


def test_alarms_wrong_and_missing_verdicts_are_counted_separately() -> None:
    outcomes = [
        NORMAL,
        replace(NORMAL, alarms=((20, "dead"), (21, "dead"))),
        replace(NORMAL, unrecovered=("stagnation",)),
        replace(NORMAL, final="off-target", alarms=((50, "off-target"),)),
        replace(NORMAL, final="undecided", settings=FACTS | {"memory": 0.9}),
    ]
    healthy = error_table(outcomes, "reporting", 5)["healthy"]
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


def test_a_fault_has_a_detection_rate_a_delay_and_an_onset_error() -> None:
    outcomes = [
        FAULTY,
        replace(FAULTY, delay=0.3),
        replace(FAULTY, final="healthy", delay=None, onset_error=None),
        replace(FAULTY, final="undecided", delay=None, onset_error=None, alarms=((3, "dead"),)),
    ]
    row = error_table(outcomes, "reporting", 4)["faults"]["wrong-mean"]
    assert (row["found"]["k"], row["found"]["n"]) == (2, 4)
    assert row["no_verdict"]["k"] == 1
    assert row["early_alarm"]["k"] == 1
    assert row["delay"]["median"] == pytest.approx(0.2)
    assert row["delay_points"]["median"] == pytest.approx(20)
    assert row["onset_error"]["median"] == pytest.approx(0.02)
    assert row["verdicts"] == {"off-target": 2, "healthy": 1, "undecided": 1}
    assert row["strength"] == FAULTS["wrong-mean"].strength


def test_a_detector_has_false_alarms_per_thousand_points_and_detection_rates() -> None:
    outcomes = [
        replace(NORMAL, false_episodes={"stagnation": 3}),
        NORMAL,
        FAULTY,
        replace(FAULTY, episodes_after_onset=()),
    ]
    row = error_table(outcomes, "reporting", 2)["detectors"]["stagnation"]
    assert row["false_alarms_per_1000"]["rate"] == pytest.approx(3 / 0.1)
    assert (row["healthy_runs"]["k"], row["healthy_runs"]["n"]) == (1, 2)
    assert (row["found"]["wrong-mean"]["k"], row["found"]["wrong-mean"]["n"]) == (1, 2)


def test_a_verdict_has_the_rates_of_being_correct_missed_and_a_false_alarm() -> None:
    outcomes = [
        FAULTY,
        replace(FAULTY, final="dead"),
        replace(NORMAL, final="off-target"),
        NORMAL,
        replace(FAULTY, case=Case("blind-discriminator", 0, "reporting")),
    ]
    rows = error_table(outcomes, "reporting", 1)["verdicts"]
    off = rows["off-target"]
    assert (off["deserved"]["k"], off["deserved"]["n"]) == (2, 3)
    assert (off["missed"]["k"], off["missed"]["n"]) == (1, 3)
    assert (off["false_alarms"]["k"], off["false_alarms"]["n"]) == (1, 2)
    assert rows["dead"]["deserved"]["k"] == 0
    assert "false_alarms" not in rows["healthy"]


def test_divergence_windows_are_counted_on_healthy_runs_and_on_their_fault() -> None:
    misled = replace(FAULTY, case=Case("misleading-loss", 0, "reporting"), windows=1)
    divergence = error_table([NORMAL, replace(NORMAL, windows=2), misled], "reporting", 1)[
        "divergence"
    ]
    assert (divergence["healthy_runs"]["k"], divergence["healthy_runs"]["n"]) == (1, 2)
    assert (divergence["found"]["k"], divergence["found"]["n"]) == (1, 1)


def test_the_table_is_plain_json_with_schema_set_and_runs() -> None:
    table = error_table([NORMAL, FAULTY], "calibrating", 1)
    assert json.loads(json.dumps(table, allow_nan=False)) == table
    assert (table["schema"], table["set"], table["runs"]) == (
        "gandiag.selftest/1",
        "calibrating",
        1,
    )
    assert set(table["faults"]) == set(FAULTS)
    assert set(table["healthy"]["by"]["name"]) <= set(HEALTHY)
