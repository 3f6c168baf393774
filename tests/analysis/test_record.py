"""The record: prefixes, tails and what counts as recorded."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.record import Expected, Record

NAN = np.nan


def record(n=11, cadence=10, planned=None, expected=None, **columns):
    columns = {name: np.array(values, float) for name, values in columns.items()}
    return Record(np.arange(n) * cadence, columns, expected or Expected(), planned)


def test_series_of_another_length_are_refused():
    with pytest.raises(ValueError, match=r"d_loss has shape \(3,\); there are 11 log points"):
        record(d_loss=[1, 2, 3])


def test_a_record_cannot_be_written_to():
    with pytest.raises(TypeError):
        record(d_loss=np.ones(11)).columns["g_loss"] = np.ones(11)


@pytest.mark.parametrize("iteration", [-1, 0, 7, 50, 54, 100, 999])
def test_a_prefix_has_the_log_points_up_to_its_iteration(iteration):
    whole = record(d_loss=np.arange(11.0))
    part = whole.prefix(iteration)
    assert part.iteration.tolist() == [k for k in whole.iteration if k <= iteration]
    assert part.columns["d_loss"].tolist() == [float(k // 10) for k in part.iteration]


def test_a_prefix_knows_of_no_divergence_that_is_yet_to_come():
    whole = Record(np.arange(9), {}, diverged_at=5)
    assert whole.prefix(4).diverged_at is None
    assert whole.prefix(5).diverged_at == 5


@pytest.mark.parametrize("cadence", [1, 10, 7])
@pytest.mark.parametrize("planned", [None, 100, 1000])
@pytest.mark.parametrize("part", [0.1, 0.25, 0.33, 1.0])
def test_a_tail_is_what_lies_within_the_last_part_of_the_length(part, planned, cadence):
    whole = record(n=101, cadence=cadence, planned=planned)
    last = whole.iteration[-1]
    length = planned or last
    due = [k for k in whole.iteration if k > last - part * length]
    assert whole.iteration[whole.tail(part, 1)].tolist() == due


def test_a_tail_has_the_log_points_that_are_asked_for_or_all_there_are():
    assert record().tail(0.1, 5) == slice(6, 11)
    assert record().tail(0.1, 50) == slice(0, 11)
    assert record(n=0, planned=9).tail(0.1, 5) == slice(0, 0)


def test_a_tail_does_not_grow_while_a_planned_run_goes_on():
    run = record(n=101, planned=1000)
    lengths = {run.prefix(k).tail(0.25, 1).stop - run.prefix(k).tail(0.25, 1).start
               for k in (300, 500, 1000)}  # fmt: skip
    assert lengths == {25}


def test_a_column_of_nothing_finite_is_no_series():
    run = record(d_loss=[NAN, np.inf] + 9 * [NAN], g_loss=[NAN] * 10 + [1.0])
    assert run.series("d_loss") is None
    assert run.series("nothing") is None
    assert run.series("g_loss") is run.columns["g_loss"]


def test_axes_are_those_that_were_recorded():
    line = Expected(np.zeros(1), np.ones(1))
    plane = Expected(np.zeros(2), np.ones(2))
    assert record(mean=np.zeros(11), expected=line).axes == ("",)
    assert record(mean_0=np.zeros(11), mean_1=np.zeros(11), expected=plane).axes == ("_0", "_1")
    assert record(mean_1=np.zeros(11), expected=plane).axes == ("_1",)
    assert record(mean_0=np.zeros(11)).axes == ("_0",)
    assert record().axes == ()


def test_shares_of_which_one_was_never_recorded_are_none():
    modes = Expected(modes=("a", "b"), shares=np.full(2, 0.5), share_column="mode_share")
    assert record(mode_share_0=np.ones(11), expected=modes).shares is None
    both = record(mode_share_0=np.ones(11), mode_share_1=np.zeros(11), expected=modes)
    assert both.shares.tolist() == [[1.0, 0.0]] * 11
    assert record(mode_share_0=np.ones(11)).shares is None


def test_progress_and_cadence_of_a_run_that_has_not_begun():
    empty = record(n=0, planned=100)
    assert (empty.progress, empty.cadence, len(empty)) == (1.0, 1.0, 0)
    assert record(n=6, planned=100).progress == 0.5
    assert record(n=6).progress == 1.0


def test_the_cadence_is_the_usual_one():
    joined = np.r_[np.arange(0, 100, 10), np.arange(100, 110)]
    assert Record(joined, {}).cadence == np.median(np.diff(joined))


@pytest.mark.parametrize(
    ("iterations", "since"),
    [
        (np.arange(0, 500, 10), 0),
        (2 ** np.arange(20), 0),
        (np.r_[np.arange(0, 500, 10), np.arange(0, 30, 10) + 900], 50),
        (np.r_[np.arange(0, 500, 10), 900], 50),
        (np.r_[np.arange(0, 500, 10), np.arange(500, 1500, 100)], 0),
        (np.r_[0, 10, 400], 0),
        (np.r_[np.arange(0, 200, 10), 500 + np.arange(0, 50, 10), 900 + np.arange(0, 20, 10)], 25),
    ],
)
def test_a_gap_is_a_step_far_wider_than_those_about_it(iterations, since):
    assert Record(np.asarray(iterations), {}).since_gap == since
