"""A verdict's parts and the sentence that they make."""

from __future__ import annotations

import numpy as np

from gandiag.analysis.episode import Episode
from gandiag.analysis.finding import Finding
from gandiag.analysis.record import Record
from gandiag.analysis.verdict_text import Verdict, of_episodes, since_iteration, undecided

RECORD = Record(np.arange(1000, 2000, 10), {})
FIRST = Episode("blow-up", 1500, 1990, 1990, False, 40.0, "d_loss", "D's loss grew 12-fold")
SECOND = Episode("blow-up", 1400, 1990, 1990, False, 20.0, "g_loss", "G's loss grew 11-fold")


def test_the_sentence_is_made_of_its_parts():
    verdict = of_episodes("diverging", [FIRST, SECOND], RECORD)
    expected = "diverging since iteration 1,400: D's loss grew 12-fold; G's loss grew 11-fold"
    assert verdict.sentence == str(verdict) == expected
    assert (verdict.onset, verdict.episode, verdict.episodes) == (1400, FIRST, (FIRST, SECOND))
    assert [finding.sentence for finding in verdict.reasons] == [FIRST.sentence, SECOND.sentence]


def test_additions_come_last_and_are_kept_apart():
    added = Finding(1.0, 9, "the losses do not show it")
    verdict = Verdict("dead", 7, "since iteration 7", ("D has stopped learning",), added=(added,))
    assert verdict.sentence.endswith("D has stopped learning; the losses do not show it")
    assert (verdict.reasons, verdict.evidence) == ((), (added,))


def test_an_undecided_verdict_says_what_is_missing():
    verdict = undecided("not enough data: no losses")
    assert verdict.sentence == verdict.missing == "not enough data: no losses"
    assert str(verdict) == "undecided: not enough data: no losses"


def test_a_verdict_by_the_distance_rests_on_no_episode():
    for name, onset in (("off-target", 1400), ("unconverged", None)):
        verdict = Verdict(name, onset, "", ("far",), episodes=(SECOND,))
        assert verdict.episode is None


def test_the_first_log_point_is_the_start():
    assert since_iteration(1000, RECORD) == "from the start"
    assert since_iteration(1010, RECORD) == "since iteration 1,010"
