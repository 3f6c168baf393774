"""A run starts far and narrow, converges within its transient, and may have a gap."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.selftest.drawn.timeline import Timeline, draw_timeline

RUN = Timeline(100, 10, 300, 1000, 20.0, 0, (40, 55), False)


def test_the_start_decays_to_a_hundredth_within_the_transient() -> None:
    assert RUN.early(0) == 1
    assert RUN.early(20) == pytest.approx(0.01)
    samples = np.random.default_rng(0).standard_normal((2000, 1))
    first = RUN.started(samples, 1, np.zeros(1), np.ones(1))
    assert first.mean() == pytest.approx(3 * 0.01**0.05, abs=0.1)
    assert first.std() < 0.5
    assert RUN.started(samples, 50, np.zeros(1), np.ones(1)) is samples


def test_the_log_points_of_a_gap_are_missing() -> None:
    assert len(RUN.recorded()) == 85
    assert not set(range(40, 55)) & set(RUN.recorded())


def test_runs_of_many_columns_are_shorter_and_healthy_ones_have_no_onset() -> None:
    drawn = [draw_timeline(np.random.default_rng(k), 64, healthy=True) for k in range(60)]
    assert max(each.points for each in drawn) <= 100
    assert {each.onset for each in drawn} == {0}
    faulty = [draw_timeline(np.random.default_rng(k), 1, healthy=False) for k in range(60)]
    assert 0.1 < np.mean([each.onset > 0 for each in faulty]) < 0.9
    assert all(each.onset <= 0.7 * each.points for each in faulty)
