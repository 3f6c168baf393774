"""What a verdict rests on: the kind of evidence, what it sees and what it cannot see."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.record import Expected, Record
from gandiag.analysis.scope import scope_of
from gandiag.analysis.verdict import decide

LINE = Expected(np.array([4.0]), np.array([0.5]))
MODES = Expected(modes=("a", "b"), shares=np.full(2, 0.5), share_column="mode_share")


def record(expected=None, n=100, points=100, **columns):
    made = {"d_loss": 1.4, "g_loss": 0.7} | columns
    if n:
        made["n_samples"] = n
    series = {k: np.broadcast_to(np.asarray(v, float), points).copy() for k, v in made.items()}
    return Record(np.arange(points) * 10, series, expected or Expected(), 10 * points)


SHARES = {"lost_share": 0.0, "lost_share_se": 0.01, "misplaced_share": 0.0, "score_distance": 0.1}


@pytest.mark.parametrize(
    ("expected", "columns", "evidence"),
    [
        (LINE, {"mean": 4.0, "std": 0.5, "wasserstein": 0.1}, "known distribution"),
        (LINE, {"mean": 4.0, "mean_floor": 4.0, "std": 0.5, "wasserstein": 0.1}, "samples"),
        (None, SHARES, "samples"),
        (MODES, {"mode_share_0": 0.5, "mode_share_1": 0.5}, "known modes"),
        (Expected(goals={"fid": "low"}), {"fid": 12.0}, "quality column"),
        (None, {}, "losses only"),
    ],
)
def test_the_kind_of_evidence_is_that_of_what_was_recorded(expected, columns, evidence):
    assert scope_of(record(expected, **columns)).evidence == evidence


@pytest.mark.parametrize(
    ("n", "band"), [(50, "below 100"), (300, "100 to 999"), (2500, "1,000 and more")]
)
def test_the_band_is_that_of_the_samples_a_log_point(n, band):
    scope = scope_of(record(n=n, **SHARES))
    assert (scope.samples, scope.band) == (n, band)


def test_losses_alone_see_no_samples():
    scope = scope_of(record(n=0))
    assert scope.samples == 0
    assert not any("lost" in each or "location" in each for each in scope.sees)
    assert any("nothing compares them with real ones" in each for each in scope.cannot_see)


def test_from_where_on_a_lost_share_is_seen_follows_from_its_error():
    few = scope_of(record(**{**SHARES, "lost_share_se": 0.06}))
    many = scope_of(record(**{**SHARES, "lost_share_se": 0.005}))
    assert "separate parts of the data lost from 19 % on" in few.sees
    assert "separate parts of the data lost from 8 % on" in many.sees
    assert any("smaller than 4 %" in each for each in few.cannot_see)


def test_a_healthy_verdict_says_what_it_would_have_seen():
    rng = np.random.default_rng(0)
    noise = {"d_loss": 1.4 + 0.05 * rng.normal(size=100), "g_loss": 0.7 + 0.05 * rng.random(100)}
    verdict = decide(record(n=1000, **SHARES, **noise))
    assert verdict.name == "healthy"
    assert (
        "nothing wrong in location, width, separate parts of the data lost from 9 % on"
        in verdict.sentence
    )
    assert verdict.scope is not None
    assert verdict.scope.rests_on == "samples, 1,000 samples a log point"
