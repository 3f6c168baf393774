"""Scores of a perfect, a wrong, a late and an undecided diagnosis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from gandiag.analysis.episode import Episode, Kind
from gandiag.analysis.names import Name
from gandiag.analysis.record import Record
from gandiag.selftest.cases import NAMES, Case
from gandiag.selftest.scoring import LOOKS, DiagnosisFunctions, Outcome, score


@dataclass(frozen=True)
class Verdict:
    name: Name
    onset: int | None = None


def nothing(record: Record) -> tuple[()]:
    return ()


def scored_with(case: Case, decide: Callable[[Record], Verdict], *episodes: Episode) -> Outcome:
    return score(case, DiagnosisFunctions(decide, lambda record: episodes, nothing))


def an_episode(start: int, end: int, *, recovered: bool, kind: Kind = "collapse") -> Episode:
    return Episode(kind, start, start, end, recovered, 1.0, "std", "it was narrow")


def after(case: Case, delay: int) -> Callable[[Record], Verdict]:
    """A diagnosis that is correct from ``delay`` iterations after the onset, and healthy before."""
    onset = case.draw()[1].onset

    def decide(record: Record) -> Verdict:
        detected = onset is not None and record.iteration[-1] >= onset + delay
        return Verdict(case.draw()[1].correct[0], onset) if detected else Verdict("healthy")

    return decide


@pytest.mark.parametrize("name", NAMES)
def test_a_perfect_diagnosis_has_no_error_and_at_most_one_look_of_delay(name: str) -> None:
    case = Case(name, 4, "calibrating")
    outcome = scored_with(case, after(case, 0))
    assert outcome.found
    assert not outcome.wrong
    assert not outcome.undecided
    assert not outcome.alarmed
    if outcome.correct == ("healthy",):
        assert outcome.delay is None
    else:
        step = 1 / (outcome.points - 1)
        assert 0 <= (outcome.delay or 0.0) < 1 / LOOKS + step
        assert outcome.onset_error == 0


def test_a_delay_is_a_fraction_of_the_length() -> None:
    case = Case("wrong-mean", 4, "calibrating")
    record, truth = case.draw()
    late = (record.planned or 0) // 10
    delay = scored_with(case, after(case, late)).delay
    assert delay is not None
    assert 0.1 - 0.01 <= delay <= 0.1 + 1 / LOOKS + 1 / int(truth.settings["points"])


def test_a_diagnosis_that_is_always_collapsed_alarms_at_every_look() -> None:
    healthy = scored_with(
        Case("healthy-line", 0, "calibrating"), lambda record: Verdict("collapsed", 0)
    )
    assert healthy.alarmed
    assert healthy.wrong
    assert healthy.alarms == tuple((k, "collapsed") for k in range(1, LOOKS + 1))
    faulty = scored_with(
        Case("wrong-mean", 0, "calibrating"), lambda record: Verdict("collapsed", 0)
    )
    assert faulty.wrong
    assert faulty.delay is None
    assert 0.3 * LOOKS - 1 <= len(faulty.alarms) <= 0.7 * LOOKS + 1  # those before the onset


@pytest.mark.parametrize("name", ["unconverged", "undecided"])
def test_undecided_is_neither_correct_nor_wrong_nor_an_alarm(name: Name) -> None:
    for case in (Case("healthy-modes", 0, "calibrating"), Case("nan", 0, "calibrating")):
        outcome = scored_with(case, lambda record: Verdict(name))
        assert outcome.undecided
        assert not outcome.wrong
        assert not outcome.found
        assert not outcome.alarmed


def test_one_alarm_at_one_look_counts() -> None:
    case = Case("healthy-line", 0, "calibrating")
    middle = (case.draw()[0].planned or 0) * 25 // LOOKS

    def decide(record: Record) -> Verdict:
        last = int(record.iteration[-1])
        return Verdict("dead" if middle - record.cadence < last <= middle else "healthy")

    outcome = scored_with(case, decide)
    assert outcome.alarms == ((25, "dead"),)
    assert outcome.alarmed
    assert outcome.found


def test_a_correct_verdict_before_the_onset_is_a_false_alarm() -> None:
    case = Case("limit-cycle", 1, "calibrating")
    onset = case.draw()[1].onset or 0
    outcome = scored_with(
        case, lambda r: Verdict("oscillating" if r.iteration[-1] < onset else "healthy", 0)
    )
    assert outcome.alarmed
    assert outcome.delay is None


def test_an_alarm_after_a_harmless_fault_is_false() -> None:
    outcome = scored_with(
        Case("loss-spike", 0, "calibrating"), lambda record: Verdict("diverging", 0)
    )
    assert len(outcome.alarms) == LOOKS


def test_on_a_healthy_run_only_an_episode_that_has_not_ended_alarms() -> None:
    case = Case("healthy-line", 0, "calibrating")
    record, truth = case.draw()
    end = int(record.iteration[-1])

    def healthy_only(record: Record) -> Verdict:
        return Verdict("healthy")

    assert scored_with(case, healthy_only, an_episode(0, end, recovered=False)).alarmed
    ended = scored_with(case, healthy_only, an_episode(0, truth.settled, recovered=True))
    assert not ended.alarmed
    assert ended.false_episodes == {}  # a healthy run is narrow in its transient
    later = an_episode(truth.settled + 1, end, recovered=True)
    assert scored_with(case, healthy_only, later, later).false_episodes == {"collapse": 2}


def test_an_episode_counts_for_a_fault_unless_it_ends_before_the_onset() -> None:
    case = Case("narrow-peak", 0, "calibrating")
    onset = case.draw()[1].onset or 0

    def healthy_only(record: Record) -> Verdict:
        return Verdict("healthy")

    assert (
        scored_with(
            case, healthy_only, an_episode(0, onset - 1, recovered=True)
        ).episodes_after_onset
        == ()
    )
    assert scored_with(
        case, healthy_only, an_episode(onset, onset, recovered=True)
    ).episodes_after_onset == ("collapse",)
