"""What an undecided D loses: from the experiment, from the start, or assumed."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.loss_scale import chance_level, is_critic, is_saturating, loss_column
from gandiag.analysis.record import Expected

from .losses_alone import LN2, record


@pytest.mark.parametrize(
    ("start", "loss", "convention"),
    [(1.386, 2 * LN2, "sum"), (1.55, 2 * LN2, "sum"), (0.693, LN2, "mean"), (3.0, LN2, "assumed"),
     (0.0, LN2, "assumed"), (1.0, LN2, "assumed")],
)  # fmt: skip
def test_the_start_shows_how_the_loss_is_logged(start, loss, convention):
    found = chance_level(record(d_loss=np.r_[np.nan, start, np.full(98, 0.4)]))
    assert (found.loss, found.convention) == (loss, convention)


def test_the_experiment_comes_first():
    found = chance_level(record(Expected(d_loss=0.25), d_loss=np.full(50, LN2)))
    assert (found.loss, found.convention) == (0.25, "known")


def test_a_critic_has_no_chance_level_and_rounding_makes_none():
    assert is_critic(record(d_loss=np.r_[5.0, -0.1]))
    assert chance_level(record(d_loss=np.r_[5.0, -0.1])) is None
    assert not is_critic(record(d_loss=np.r_[1.386, -np.log(1 + 1e-8)]))
    assert chance_level(record(g_loss=np.ones(3))) is None


def test_the_loss_is_taken_without_its_l2_term():
    both = record(d_loss=np.ones(3), d_cross_entropy=np.zeros(3))
    assert (loss_column("d", both), loss_column("g", both)) == ("d_cross_entropy", None)


def test_a_saturating_loss_is_negative():
    assert is_saturating(record(g_loss=np.array([-0.69, -0.1])))
    assert not is_saturating(record(g_loss=np.array([0.69, 0.1])))
    assert is_saturating(record(Expected(g_loss=-LN2), g_loss=np.zeros(3)))
