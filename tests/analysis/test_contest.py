"""Losses that opponents cannot have: swapped labels, and the games that look a little like it."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.contest import no_contests
from gandiag.analysis.record import Expected
from gandiag.analysis.verdict import decide

from .losses_alone import LENGTHS, LN2, NOISES, noise, record

SUM, MEAN = Expected(d_loss=2 * LN2, g_loss=LN2), Expected(d_loss=LN2, g_loss=LN2)


def both_fall(n, kind, d=2 * LN2):
    at = np.arange(n) / n
    fall = np.exp(-20 * at) + 1e-4
    return {"d_loss": d * fall * np.exp(noise(kind, n, 0.2)),
            "g_loss": LN2 * fall * np.exp(noise(kind, n, 0.2, 1))}  # fmt: skip


@pytest.mark.parametrize("n", LENGTHS)
@pytest.mark.parametrize("kind", NOISES)
@pytest.mark.parametrize(("d", "expected"), [(2 * LN2, SUM), (LN2, MEAN), (2 * LN2, None)])
def test_both_losses_near_0_are_no_contest(n, kind, d, expected):
    (found,) = no_contests(record(expected, **both_fall(n, kind, d)))
    assert (found.kind, found.recovered) == ("no-contest", False)
    assert found.severity > 0.9
    assert "labels" in found.description


def test_any_d_that_answers_both_losses_keeps_to_the_bound():
    """Proper losses of any answers are never reported: whatever D says, one of both is high."""
    rng = np.random.default_rng(0)
    for centre in (-8, -2, 0, 2, 8):
        score = centre + rng.normal(size=(200, 64))
        d_loss = np.logaddexp(0, score).mean(1)  # D's mean on real samples adds to it
        for expected, scale in ((SUM, 1.0), (MEAN, 0.5)):
            g_loss = np.logaddexp(0, -score).mean(1)
            assert no_contests(record(expected, d_loss=scale * d_loss, g_loss=g_loss)) == []
            minimax = {"d_loss": scale * d_loss, "g_loss": -np.logaddexp(0, score).mean(1)}
            known = Expected(d_loss=expected.d_loss, g_loss=-LN2)
            assert no_contests(record(known, **minimax)) == []
            assert no_contests(record(**minimax)) == []


def test_a_saturating_loss_at_0_beside_a_winning_d_is_a_contest_and_far_below_it_is_none():
    losses = both_fall(200, "normal")
    minimax = Expected(d_loss=2 * LN2, g_loss=-LN2)
    assert no_contests(record(minimax, d_loss=losses["d_loss"], g_loss=-losses["d_loss"])) == []
    both = {"d_loss": losses["d_loss"], "g_loss": -LN2 - np.linspace(0, 8, 200)}
    assert len(no_contests(record(minimax, **both))) == 1


@pytest.mark.parametrize(
    ("d", "g"), [(0.25, 0.125), (0.5, 0.25), (2.0, 0.0), (1.0, 0.0), (0.0, 1.0), (-0.02, 0.01)]
)
def test_squares_hinges_and_critics_at_their_equilibrium_are_contests(d, g):
    losses = {"d_loss": d + noise("normal", 200, 0.01), "g_loss": g + noise("normal", 200, 0.01, 1)}
    assert no_contests(record(**losses)) == []
    assert no_contests(record(Expected(d_loss=max(d, 0.0), g_loss=g), **losses)) == []


def test_swapped_labels_are_named_before_the_collapse_that_they_cause():
    n, rng = 200, np.random.default_rng(0)
    target = Expected(np.array([4.0]), np.array([0.5]), d_loss=2 * LN2, g_loss=LN2)
    narrow = {"mean": 9 + 0.02 * rng.normal(size=n), "std": 0.01 + 0.001 * rng.random(n),
              "wasserstein": 5 + 0.02 * rng.normal(size=n)}  # fmt: skip
    verdict = decide(record(target, **both_fall(n, "normal"), **narrow))
    assert verdict.name == "collapsed"
    assert verdict.statements[0].startswith("the losses of D and G are both near their best")
    assert (verdict.episode.kind, verdict.episodes[-1].kind) == ("collapse", "no-contest")


def test_without_both_losses_nothing_is_said():
    losses = both_fall(200, "normal")
    assert no_contests(record(SUM, d_loss=losses["d_loss"])) == []
    assert no_contests(record(SUM, g_loss=losses["g_loss"])) == []
