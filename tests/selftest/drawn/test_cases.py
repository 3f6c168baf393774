"""Runs are addressed, the grounds share no data, and every fault meets data that suit it."""

from __future__ import annotations

import pytest

from gandiag.selftest.drawn.cases import POPULATIONS, DrawnCase, drawn_cases
from gandiag.selftest.drawn.faults import FAULTS
from gandiag.selftest.drawn.scoring import score_drawn


def test_the_same_address_is_the_same_run() -> None:
    case, again = (DrawnCase("two moons", "lost", 3) for _ in range(2))
    assert case.timeline == again.timeline
    assert score_drawn(case) == score_drawn(again)
    assert DrawnCase("two moons", "lost", 4).timeline != case.timeline


def test_the_grounds_share_no_data_and_cover_all() -> None:
    seen = {ground: {each.data for each in drawn_cases(ground, 1)} for ground in
            ("calibrating", "reporting")}  # fmt: skip
    assert not seen["calibrating"] & seen["reporting"]
    assert seen["calibrating"] | seen["reporting"] == set(POPULATIONS)
    assert len(seen["reporting"]) > 3 * len(seen["calibrating"])


def test_every_fault_is_drawn_within_its_strengths() -> None:
    drawn = drawn_cases("reporting", 2)
    assert {each.fault for each in drawn} == {"none", *FAULTS}
    for case in drawn[::7]:
        if case.fault not in ("none", "lost"):
            low, high = FAULTS[case.fault].strengths
            assert low <= case.strength <= high


def test_what_a_verdict_rests_on_follows_from_the_data() -> None:
    names = {
        "normal by formula": "known distribution",
        "ring of 12 with known modes": "known modes",
        "grid of 25": "samples",
    }
    for name, evidence in names.items():
        assert score_drawn(DrawnCase(name, "none", 1)).evidence == evidence


def test_a_short_oscillation_is_in_the_grey_zone() -> None:
    cases = [DrawnCase("normal", "swing", k) for k in range(40)]
    for case in cases:
        long = case.timeline.points - case.onset >= 48
        assert case.right == (("oscillating",) if long and case.strength >= 0.4 else ()) or (
            long and case.strength < 0.15
        )


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError):
        DrawnCase("snow", "none", 0)
    with pytest.raises(KeyError):
        DrawnCase("normal", "snow", 0)
