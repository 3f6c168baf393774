"""Runs of scalars alone: what is planted in the losses is there."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.selftest.drawn.scalar_cases import ScalarCase, scalar_cases
from gandiag.selftest.drawn.scalar_faults import FAULTS
from gandiag.selftest.drawn.scoring import score_drawn


def test_there_are_healthy_runs_of_every_game_and_of_a_measure_of_quality() -> None:
    cases = scalar_cases(1)
    healthy = {each.data for each in cases if each.fault == "none"}
    assert healthy == {"sum", "mean", "critic", "fid"}
    assert {each.fault for each in cases} == {"none", "quality worsens", *FAULTS}


@pytest.mark.parametrize(
    ("game", "fault", "d", "g"),
    [
        ("sum", "D wins", (0, 1e-5), (11, 13)),
        ("mean", "no contest", (0, 0), (19, 21)),
        ("critic", "losses run away", (-181, -177), (177, 181)),
    ],
)
def test_the_losses_end_where_the_fault_says(
    game: str, fault: str, d: tuple[float, float], g: tuple[float, float]
) -> None:
    record = ScalarCase(game, fault, 1).play().record
    assert d[0] <= record.columns["d_loss"][-1] <= d[1]
    assert g[0] <= record.columns["g_loss"][-1] <= g[1]


@pytest.mark.parametrize(("game", "fault"), [("sum", "D wins"), ("mean", "losses swing")])
def test_an_episode_of_the_right_kind_tells_of_a_fault(game: str, fault: str) -> None:
    outcome = score_drawn(ScalarCase(game, fault, 1))
    assert outcome.told
    assert set(outcome.standing) & set(FAULTS[fault].kinds)


def test_nothing_is_called_healthy_without_samples() -> None:
    quality = score_drawn(ScalarCase("fid", "none", 1))
    assert (quality.final, quality.evidence) == ("undecided", "quality column")
    outcome = score_drawn(ScalarCase("sum", "none", 1))
    assert outcome.evidence == "losses only"
    assert (outcome.final, outcome.right, outcome.n) == ("undecided", ("undecided",), 0)


def test_nan_is_diverging() -> None:
    outcome = score_drawn(ScalarCase("mean", "not finite", 1))
    assert outcome.found
    assert outcome.bad
    assert np.isnan(ScalarCase("mean", "not finite", 1).play().record.columns["g_loss"][-1])
