"""What an update does beside following a slope: consensus, teams, clips."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytestmark = pytest.mark.framework

Values = dict[str, NDArray[Any]]

RATE = 0.25
"""Of both players."""


@pytest.fixture
def moves(backend: str, computed: Callable[[str, str], Values]) -> Values:
    """The updates of moves.py on one backend."""
    found = computed("strategies", backend)
    return {k.removeprefix("move/"): v for k, v in found.items() if k.startswith("move/")}


def test_consensus_descends_half_the_squared_field_as_well(moves: Values) -> None:
    field, slope = moves["consensus/field"], moves["consensus/differences"]
    assert moves["consensus/moved"] == pytest.approx(
        RATE * (field - 0.8 * slope), rel=1e-6, abs=1e-9
    )


def test_a_team_of_equal_members_is_a_single_player(moves: Values) -> None:
    for who in "dg":
        one, team = moves[f"alike/one/{who}_gradient"], moves[f"alike/team/{who}_gradient"]
        assert team == pytest.approx(np.tile(one, 2), rel=1e-12)
        one, team = moves[f"alike/one/{who}_loss"], moves[f"alike/team/{who}_loss"]
        assert team == pytest.approx(one, rel=1e-12)


def test_pairs_without_cross_weights_are_independent_games(moves: Values) -> None:
    for what in ("d", "g", "average"):
        both = [moves[f"apart/{k}/{what}"] for k in range(2)]
        assert np.abs(both[0] - both[1]).max() > 0.1
        assert moves[f"apart/team/{what}"] == pytest.approx(np.concatenate(both, axis=1), rel=1e-12)


def test_a_long_gradient_is_clipped_and_a_short_one_is_not(moves: Values) -> None:
    slope, moved = moves["clipping/gradient"], moves["clipping/moved"]
    length = np.linalg.norm(slope, axis=1)
    assert length.min() < 0.5 < length.max()
    shortened = slope * np.minimum(1, 0.5 / length)[:, None]
    assert moved == pytest.approx(-RATE * shortened, rel=1e-9)
    assert np.linalg.norm(moved, axis=1).max() == pytest.approx(RATE * 0.5, rel=1e-9)


def test_a_player_s_averages_move_with_its_own_updates_alone(moves: Values) -> None:
    for who in "dg":
        once, after = (moves[f"remembered/{who}_{when}"] for when in ("once", "after"))
        assert np.array_equal(once, after)
