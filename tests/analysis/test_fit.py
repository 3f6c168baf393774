"""Measures of fit: what is surely too much, surely little, or neither."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.fit import directions, lost, measures, misplaced, shape
from gandiag.analysis.record import Expected, Record
from gandiag.analysis.settling import settling
from gandiag.analysis.thresholds import CERTAINTY, FRESH, LOST

LAST = slice(-5, None)
NAN = np.nan


def run(**columns):
    """Forty log points; a number stands for as many."""
    made = {name: np.broadcast_to(np.asarray(x, float), 40) for name, x in columns.items()}
    return Record(np.arange(40) * 10, made, Expected())


@pytest.mark.parametrize(
    ("value", "se", "is_bad", "is_good"),
    [(0.5, 0.01, True, False), (0.0, 0.01, False, True), (0.08, 0.05, False, False),
     (0.0, 0.5, False, False), (0.08, 0.001, True, False)],
)  # fmt: skip
def test_a_share_is_bad_or_good_where_that_is_sure(value, se, is_bad, is_good):
    share = lost(run(lost_share=value, lost_share_se=se, n_samples=1000))
    level = share.level(LAST)
    assert level.value == pytest.approx(value)
    assert level.high == pytest.approx(value + CERTAINTY * FRESH * se + 8 / 1000)
    assert level.low == pytest.approx(max(value - CERTAINTY * FRESH * se, 0))
    assert (share.is_bad(level), share.is_good(level)) == (is_bad, is_good)


def test_noise_about_0_stays_on_both_sides_in_the_mean_and_no_level_is_below_0():
    share = misplaced(run(misplaced_share=np.tile([-0.1, 0.1], 20), misplaced_share_se=0.1))
    assert share.level(slice(0, 40)).value == pytest.approx(0)
    assert share.level(slice(0, 1)).value == 0
    assert share.values.min() == 0


def test_a_distance_loses_its_floor_in_squares():
    distance = directions(run(worst_score_distance=0.5, worst_score_distance_floor=0.3))
    assert distance.level(LAST).value == pytest.approx(0.4)
    assert distance.values == pytest.approx(0.4)
    (first, *_) = measures(run(score_distance=0.5, score_distance_floor=0.4))
    assert first.level(LAST).value == pytest.approx(0.3)


def test_the_interval_of_a_distance_is_that_of_its_square():
    made = {"total_variation": 0.5, "total_variation_se": 0.05, "total_variation_floor": 0.3}
    level = shape(run(**made)).level(LAST)
    half = CERTAINTY * FRESH * 2 * 0.5 * 0.05
    assert (level.low, level.high) == pytest.approx(((0.16 - half) ** 0.5, (0.16 + half) ** 0.5))


def test_log_points_that_were_not_measured_do_not_count():
    values = np.where(np.arange(40) % 4, NAN, 0.3)
    level = misplaced(run(misplaced_share=values)).level(slice(-8, None))
    assert (level.value, level.n) == (pytest.approx(0.3), 2)
    assert misplaced(run(misplaced_share=values)).level(slice(1, 3)).n == 0


def test_what_is_not_recorded_is_no_measure():
    assert (lost(run(d_loss=1)), misplaced(run(d_loss=1)), shape(run(d_loss=1))) == (None,) * 3
    assert measures(run(d_loss=1)) == ()


@pytest.mark.parametrize(
    ("n", "good"), [(10, False), (20, False), (50, False), (60, True), (400, True)]
)
def test_with_few_samples_a_piece_of_the_data_may_be_lost_unseen(n, good):
    share = lost(run(lost_share=NAN if n < 20 else 0.0, lost_share_se=0.0, n_samples=n))
    level = share.level(LAST)
    assert level.value == 0
    assert level.high == pytest.approx(8 / n)
    assert share.is_good(level) == good == (8 / n <= LOST[1])


@pytest.mark.parametrize(("lost_share", "state"), [(0.0, "good"), (0.1, "unsure")])
def test_samples_are_not_good_where_a_part_may_be_lost(lost_share, state):
    found = settling(
        run(score_distance=0.05, lost_share=lost_share, lost_share_se=0.03, n_samples=400)
    )
    assert found.state == state
    assert found.main[0].column == ("score_distance" if state == "good" else "lost_share")


def test_at_no_mode_is_the_part_below_what_the_data_have():
    near = misplaced(run(high_quality=0.6, high_quality_floor=0.96, high_quality_se=0.01))
    assert near.level(LAST).value == pytest.approx(1 - 0.6 / 0.96)
    assert near.told(near.level(LAST)) == "37.5 % of the samples lie at no mode"


def test_a_last_measure_that_was_never_taken_does_not_decide():
    """It has no log points whose last ones could be the window."""
    near = np.where(np.arange(40) > 20, np.inf, 0.0)
    made = {
        "reverse_kl": np.resize([0.0, 0.0, 1.0], 40),
        "high_quality": near,
        "high_quality_floor": 1.0,
    }
    with np.errstate(all="ignore"):
        assert settling(run(**made, n_samples=400)) is not None
