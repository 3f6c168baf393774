"""The names of the verdicts and the groups of them."""

from __future__ import annotations

from typing import get_args

from gandiag.analysis.names import ALARMS, LOST, Alarm, Name


def test_alarms_are_all_verdicts_but_good_and_unknown_states():
    assert {*get_args(Name)} - {*ALARMS} == {"healthy", "unconverged", "undecided"}
    assert {*ALARMS} == {*get_args(Alarm)}


def test_a_lost_run_is_an_alarm():
    assert {*LOST} < {*ALARMS}
