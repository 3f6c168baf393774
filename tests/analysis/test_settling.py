"""Where the samples stand at the end: good, on their way, or settled elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.record import Expected, Record
from gandiag.analysis.settling import settling

NAN = np.nan
LINE = Expected(np.array([4.0]), np.array([0.5]))
X = np.arange(200)
RNG = np.random.default_rng(0)


def run(distance, planned=None, **columns):
    """Distances in standard deviations of the data."""
    made = {"wasserstein": 0.5 * np.asarray(distance, float)}
    made |= {name: np.asarray(values, float) for name, values in columns.items()}
    return Record(np.arange(len(made["wasserstein"])) * 10, made, LINE, planned)


@pytest.mark.parametrize(
    ("distance", "state"),
    [
        (np.full(200, 0.1), "good"),
        (np.full(200, 1.0) + 0.1 * RNG.normal(size=200), "settled"),
        (5 - X / 50, "improving"),
        (1 + X / 50, "worsening"),
        (3 * np.exp(-X / 20), "good"),
        (3 * np.exp(-X / 20) + 1, "settled"),
    ],
)
def test_the_state_is_that_of_the_end(distance, state):
    assert settling(run(distance)).state == state


def test_it_is_so_since_the_samples_came_or_left():
    came = settling(run(np.where(X < 80, 2.0, 0.1)))
    assert (came.state, came.was_good) == ("good", False)
    assert 800 <= came.since <= 820
    left = settling(run(np.where(X < 80, 0.1, 2.0)))
    assert (left.state, left.was_good) == ("settled", True)
    assert 800 <= left.since <= 820
    assert left.main[1].value == pytest.approx(2)


def test_a_sample_that_passes_by_the_data_was_not_good():
    swinging = settling(run(np.abs(2 * np.sin(X / 3)) + np.where(X > 150, 0.5, 0)))
    assert swinging.state != "good"
    assert not swinging.was_good


def test_most_samples_between_the_modes_are_not_good_since_they_are_there():
    clean = np.where(X < 120, 0.9, 0.2)
    found = settling(run(np.full(200, 0.1), high_quality=clean, high_quality_floor=np.ones(200)))
    assert found.state == "settled"
    assert found.mostly_misplaced
    assert found.main[1].value == pytest.approx(0.8)
    assert 1200 <= found.since <= 1220
    assert found.was_good


def test_samples_at_no_mode_are_counted_against_those_of_the_data():
    most = {"high_quality": np.full(200, 0.475), "high_quality_floor": np.full(200, 0.5)}
    assert settling(run(np.full(200, 0.1), **most)).state == "good"
    none = {"high_quality": np.full(200, 0.4), "high_quality_floor": np.zeros(200)}
    assert [measure.column for measure, _ in settling(run(np.full(200, 0.1), **none)).shown] == [
        "wasserstein"
    ]


@pytest.mark.parametrize(("share", "state"), [(0.02, "good"), (0.12, "unsure"), (0.3, "settled")])
def test_a_share_is_bad_or_good_only_if_it_surely_is(share, state):
    se = 0.2 if state == "unsure" else 0.08
    columns = {"misplaced_share": np.full(200, share), "misplaced_share_se": np.full(200, se)}
    assert settling(run(np.full(200, 0.1), **columns)).state == state


def test_outliers_at_the_end_are_not_a_matter_of_the_whole_run():
    distance = np.full(200, 0.1)
    distance[-9::4] = 9.0
    found = settling(run(distance))
    assert found.state != "good"
    assert found.since >= 1790


@pytest.mark.parametrize(
    "distance",
    [[], [0.1], [0.1, 0.1], np.full(200, NAN), np.full(200, np.inf), np.where(X < 150, 0.1, NAN)],
)
def test_without_a_recent_distance_there_is_no_answer(distance):
    with np.errstate(all="ignore"):
        assert settling(run(distance)) is None


def test_rare_samples_are_enough():
    rare = np.where(X % 8 == 0, 0.1, NAN)
    assert settling(run(rare)).state == "good"
