"""Episodes: their order of times, their sentence, and when two are the same trouble."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gandiag.analysis.episode import Episode, Resolution, episode_at
from gandiag.analysis.record import Record

NARROW = Episode("collapse", 1200, 1500, 1990, False, 0.9, "std", "the samples are narrow")


def test_the_sentence_is_the_description_and_the_interval_once():
    assert NARROW.sentence == "the samples are narrow, from iteration 1,200 to 1,990"


@pytest.mark.parametrize("times", [(2, 1, 3), (1, 3, 2), (3, 2, 1)])
def test_start_peak_and_end_must_be_in_order(times):
    with pytest.raises(ValueError, match="not in order"):
        Episode("collapse", *times, False, 1.0, "std", "")


def test_the_evidence_is_a_copy_that_cannot_be_changed():
    evidence = {"z": 1.0}
    episode = replace(NARROW, evidence=evidence)
    evidence["z"] = 2.0
    assert episode.evidence["z"] == 1.0
    with pytest.raises(TypeError):
        episode.evidence["z"] = 3.0


def test_log_points_become_iterations():
    record = Record(np.array([0, 10, 25, 30]), {})
    episode = episode_at(
        record, "loss-spike", (1, 2, 3), recovered=True, severity=2.0, series="d_loss",
        description="D's loss spiked", resolution=(10.0, np.inf), evidence={"z": 9.0},
    )  # fmt: skip
    assert (episode.start, episode.peak, episode.end) == (10, 25, 30)
    assert episode.resolution == Resolution(10.0, np.inf)
    assert {type(time) for time in (episode.start, episode.peak, episode.end)} == {int}


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"start": 1000, "description": "x"}, True),
        ({"series": "spread"}, False),
        ({"kind": "partial-collapse"}, False),
        ({"recovered": True}, False),
    ],
)
def test_ongoing_episodes_of_a_kind_and_a_series_are_the_same(changes, same):
    assert NARROW.continues(replace(NARROW, **changes)) is same
