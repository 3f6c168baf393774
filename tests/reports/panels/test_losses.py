"""Where the losses rest when neither player can gain."""

from __future__ import annotations

import math

import pytest

from gandiag.experiment.loading import read_experiment
from gandiag_html.panels.losses import equilibrium


@pytest.mark.parametrize(
    ("name", "player", "value"),
    [
        ("devnag-1d", "d_loss", 2 * math.log(2)),
        ("devnag-1d", "g_loss", math.log(2)),
        ("dirac", "g_loss", -math.log(2)),
        ("dirac:wgan", "d_loss", 0.0),
    ],
)
def test_the_equilibrium_is_that_of_the_game(name: str, player: str, value: float) -> None:
    found = equilibrium(read_experiment(name), player)
    assert found is not None
    assert found[0] == pytest.approx(value)


def test_the_generator_loss_of_a_critic_has_no_equilibrium_value() -> None:
    assert equilibrium(read_experiment("dirac:wgan"), "g_loss") is None
