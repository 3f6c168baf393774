"""Scores are what a decider deserves: a perfect one, a wrong one, a late one, a silent one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from gandiag.analysis.collapse import collapses
from gandiag.analysis.divergence import windows
from gandiag.analysis.episode import Episode, Kind
from gandiag.analysis.names import Name
from gandiag.analysis.record import Record
from gandiag.analysis.verdict import decide
from gandiag.selftest.cases import NAMES, NULLS, Case, cases
from gandiag.selftest.running import run
from gandiag.selftest.scoring import PEEKS, Judge, Outcome, score


@dataclass(frozen=True)
class Said:
    name: Name
    onset: int | None = None


def nothing(record: Record) -> tuple[()]:
    return ()


def judged(case: Case, decide: Callable[[Record], Said], *episodes: Episode) -> Outcome:
    return score(case, Judge(decide, lambda record: episodes, nothing))


def an_episode(start: int, end: int, *, recovered: bool, kind: Kind = "collapse") -> Episode:
    return Episode(kind, start, start, end, recovered, 1.0, "std", "it was narrow")


def after(case: Case, delay: int) -> Callable[[Record], Said]:
    """Who is right some iterations after the onset, and until then says that all is well."""
    onset = case.draw()[1].onset

    def decide(record: Record) -> Said:
        known = onset is not None and record.iteration[-1] >= onset + delay
        return Said(case.draw()[1].right[0], onset) if known else Said("healthy")

    return decide


@pytest.mark.parametrize("name", NAMES)
def test_a_perfect_decider_has_no_error_and_no_delay_but_to_the_next_peek(name: str) -> None:
    case = Case(name, 4, "calibrating")
    outcome = judged(case, after(case, 0))
    assert outcome.found
    assert not outcome.wrong
    assert not outcome.undecided
    assert not outcome.alarmed
    if outcome.right == ("healthy",):
        assert outcome.delay is None
    else:
        step = 1 / (outcome.points - 1)
        assert 0 <= (outcome.delay or 0.0) < 1 / PEEKS + step
        assert outcome.onset_error == 0


def test_a_delay_is_a_part_of_the_length() -> None:
    case = Case("wrong-mean", 4, "calibrating")
    record, truth = case.draw()
    late = (record.planned or 0) // 10
    delay = judged(case, after(case, late)).delay
    assert delay is not None
    assert 0.1 - 0.01 <= delay <= 0.1 + 1 / PEEKS + 1 / int(truth.facts["points"])


def test_a_decider_that_always_sees_a_collapse_alarms_at_every_peek() -> None:
    healthy = judged(Case("healthy-line", 0, "calibrating"), lambda record: Said("collapsed", 0))
    assert healthy.alarmed
    assert healthy.wrong
    assert healthy.alarms == tuple((k, "collapsed") for k in range(1, PEEKS + 1))
    sick = judged(Case("wrong-mean", 0, "calibrating"), lambda record: Said("collapsed", 0))
    assert sick.wrong
    assert sick.delay is None
    assert 0.3 * PEEKS - 1 <= len(sick.alarms) <= 0.7 * PEEKS + 1  # those before the onset


@pytest.mark.parametrize("name", ["unconverged", "undecided"])
def test_no_verdict_is_neither_right_nor_wrong_nor_an_alarm(name: Name) -> None:
    for case in (Case("healthy-modes", 0, "calibrating"), Case("nan", 0, "calibrating")):
        outcome = judged(case, lambda record: Said(name))
        assert outcome.undecided
        assert not outcome.wrong
        assert not outcome.found
        assert not outcome.alarmed


def test_an_alarm_in_a_single_peek_is_an_alarm() -> None:
    case = Case("healthy-line", 0, "calibrating")
    middle = (case.draw()[0].planned or 0) * 25 // PEEKS

    def decide(record: Record) -> Said:
        last = int(record.iteration[-1])
        return Said("dead" if middle - record.cadence < last <= middle else "healthy")

    outcome = judged(case, decide)
    assert outcome.alarms == ((25, "dead"),)
    assert outcome.alarmed
    assert outcome.found


def test_a_right_verdict_before_the_onset_is_a_false_alarm_and_no_discovery() -> None:
    case = Case("limit-cycle", 1, "calibrating")
    onset = case.draw()[1].onset or 0
    outcome = judged(
        case, lambda r: Said("oscillating" if r.iteration[-1] < onset else "healthy", 0)
    )
    assert outcome.alarmed
    assert outcome.delay is None


def test_an_alarm_after_a_fault_that_leaves_the_run_healthy_is_false() -> None:
    outcome = judged(Case("loss-spike", 0, "calibrating"), lambda record: Said("diverging", 0))
    assert len(outcome.alarms) == PEEKS


def test_an_episode_left_standing_alarms_on_a_healthy_run_and_one_that_ended_does_not() -> None:
    case = Case("healthy-line", 0, "calibrating")
    record, truth = case.draw()
    end = int(record.iteration[-1])

    def well(record: Record) -> Said:
        return Said("healthy")

    assert judged(case, well, an_episode(0, end, recovered=False)).alarmed
    ended = judged(case, well, an_episode(0, truth.settled, recovered=True))
    assert not ended.alarmed
    assert ended.false == {}  # for the transient of a healthy run is narrow indeed
    again = an_episode(truth.settled + 1, end, recovered=True)
    assert judged(case, well, again, again).false == {"collapse": 2}


def test_an_episode_shows_a_fault_if_it_is_not_over_before_it() -> None:
    case = Case("narrow-peak", 0, "calibrating")
    onset = case.draw()[1].onset or 0

    def well(record: Record) -> Said:
        return Said("healthy")

    assert judged(case, well, an_episode(0, onset - 1, recovered=True)).shown == ()
    assert judged(case, well, an_episode(onset, onset, recovered=True)).shown == ("collapse",)


def test_several_processes_come_to_what_one_comes_to() -> None:
    todo = cases("calibrating", 2, ("healthy-line", "nan"))
    judge = Judge(decide, collapses, windows)  # other processes import them by name
    ticks: list[int] = []
    one = run(todo, judge, 1)
    two = run(todo, judge, 2, lambda: ticks.append(1))
    assert one == two
    assert len(ticks) == len(todo)
    assert [outcome.case for outcome in two] == todo
    assert any(outcome.case.name in NULLS for outcome in two)
