"""Verdicts while a run goes on: when they are made, what they are, and that none hurts."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from gandiag.analysis.record import Record
from gandiag.analysis.verdict import Verdict, decide
from gandiag.diagnosis import live
from gandiag.diagnosis.live import FRACTIONS, LiveVerdict, event_of, judge
from gandiag.diagnosis.records import record_of
from gandiag.experiment.loading import read_experiment
from gandiag.experiment.recorded import Recorded

SETTINGS = {"schedule.iterations": 1000}


def planned(iterations=None):
    return Recorded(name="loop", iterations=iterations)


def rows(n, cadence=1, **more):
    """A loop whose samples come to the data and swing off again."""
    rng = np.random.default_rng(0)
    for k in range(n):
        away = max(2 - k / 40, 0) + (1.5 * math.sin(k / 4) if k > 150 else 0)
        yield {
            "phase": "train",
            "iteration": k * cadence,
            "d_loss": None if k == 0 else 1.4 + 0.1 * rng.normal(),
            "g_loss": None if k == 0 else 0.7 + 0.1 * rng.normal(),
            "mean": 4 + 0.5 * away + 0.01 * rng.normal(),
            "std": 0.5,
            "wasserstein": abs(0.5 * away) + 0.01 * rng.random(),
            **{f"{name}_floor": v for name, v in (("mean", 4.0), ("std", 0.5))},
        } | more


@pytest.fixture
def judged(monkeypatch):
    """The lengths of the records that were judged."""
    seen = []

    def spy(record):
        seen.append(len(record))
        return decide(record)

    monkeypatch.setattr(live, "decide", spy)
    return seen


@pytest.mark.parametrize(("n", "cadence"), [(51, 20), (201, 5), (1001, 1), (334, 3), (11, 100)])
def test_a_planned_run_is_judged_at_fixed_fractions_of_its_length(n, cadence, judged):
    follower = LiveVerdict(planned(1000))
    for row in rows(n, cadence):
        follower.take(row)
    assert len(judged) <= FRACTIONS
    at = [(points - 1) * cadence for points in judged]
    due = {next(k * cadence for k in range(n) if k * cadence >= 20 * part)
           for part in range(1, (n - 1) * cadence // 20 + 1)}  # fmt: skip
    assert set(at) == due
    assert len(set(at)) == len(at)


@pytest.mark.parametrize("iterations", [1, 7, 20, 49, 51, 99])
def test_a_run_of_few_iterations_is_judged_at_its_end_as_well(iterations, judged):
    follower = LiveVerdict(planned(iterations))
    for row in rows(iterations + 1):
        follower.take(row)
    assert judged[-1] == iterations + 1
    assert len(judged) <= FRACTIONS
    assert len(set(judged)) == len(judged)


def test_a_run_of_unknown_length_is_judged_whenever_there_is_a_twentieth_more(judged):
    follower = LiveVerdict(planned())
    for row in rows(2000):
        follower.take(row)
    assert judged[:3] == [1, 2, 3]
    assert len(judged) < 40 + 20 * math.log(2000 / 40) + 20
    assert all(b - a <= max(1, a // 20 + 1) for a, b in pairwise(judged))


@pytest.mark.parametrize(
    "trained",
    [planned(), planned(300), planned(100_000), read_experiment("devnag-1d", SETTINGS)],
    ids=["unplanned", "planned", "far", "experiment"],
)
def test_live_verdicts_are_those_of_the_journal_at_the_same_prefix(trained):
    told, all_rows = [], list(rows(301))
    follower = LiveVerdict(trained)
    for row in all_rows:
        verdict = follower.take(row)
        if verdict is not None:
            told.append((row["iteration"], verdict))
    whole = record_of(all_rows, trained)
    names = [verdict.name for _, verdict in told]
    assert all(a != b for a, b in pairwise(names))
    for at, verdict in told:
        read = record_of([row for row in all_rows if row["iteration"] <= at], trained)
        with np.errstate(all="ignore"):
            assert repr(verdict) == repr(decide(read)) == repr(decide(whole.prefix(at)))
    if trained.iterations != 100_000:
        first = "healthy" if trained.name == "loop" else "unconverged"  # narrower than devnag-1d
        assert {first, "oscillating"} <= set(names)
    else:
        assert not names


def test_columns_that_come_late_are_missing_before():
    """What is logged from somewhere in the middle on is no other thing to a reader afterwards."""
    all_rows = list(rows(301))
    for row in all_rows[:60]:
        for name in ("mean", "std", "wasserstein", "mean_floor", "std_floor"):
            del row[name]
    follower = LiveVerdict(planned(300))
    for row in all_rows:
        verdict = follower.take(row)
        if verdict is not None:
            with np.errstate(all="ignore"):
                whole = record_of(all_rows, planned(300)).prefix(row["iteration"])
                assert repr(verdict) == repr(decide(whole))
    record, known = follower.record(), record_of(all_rows, planned(300))
    assert record.columns.keys() == known.columns.keys()
    for name, values in known.columns.items():
        np.testing.assert_array_equal(record.columns[name], values)
    assert follower.points == 301


def test_pretraining_is_not_judged(judged):
    follower = LiveVerdict(planned(300))
    for row in rows(301, phase="pretrain"):
        assert follower.take(row) is None
    assert judged == []
    assert follower.points == 0
    assert follower.verdict.name == "undecided"


@pytest.mark.parametrize("note", ["a word", None, [1, 2], math.nan])
def test_what_is_no_number_in_a_row_is_left_out(note):
    follower = LiveVerdict(planned(300))
    for row in rows(150, note=note):
        follower.take(row)
    assert follower.verdict.name == "healthy"
    assert np.isnan(follower.record().columns["note"]).all()


def test_a_failed_diagnosis_is_undecided_and_reports_the_error(monkeypatch):
    def fail(record: Record) -> Verdict:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(live, "decide", fail)
    follower = LiveVerdict(planned(10))
    for row in rows(11):
        follower.take(row)
    assert follower.verdict.name == "undecided"
    assert follower.verdict.missing == (
        "the diagnosis failed, please report it: ZeroDivisionError: by nothing"
    )


def test_a_record_that_cannot_be_made_is_undecided_too():
    def fail() -> Record:
        raise OSError("no classifier")

    assert judge(fail).missing.endswith("OSError: no classifier")


def test_an_event_has_the_verdict_as_plain_data():
    verdict = Verdict("dead", 7, "since iteration 7", ("D has stopped learning",))
    assert event_of(90, verdict) == {
        "event": "verdict",
        "phase": "train",
        "iteration": 90,
        "verdict": "dead",
        "onset": 7,
        "sentence": "dead since iteration 7: D has stopped learning",
    }
