"""What a player holds, and how one update changes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from gandiag.training import numpy_operations as ops
from gandiag.training.players import EMPTY_LOSS_STATISTICS, Player

SGD = {"kind": "sgd", "learning_rate": 0.5}
TALLY = {name for name in EMPTY_LOSS_STATISTICS if name != "l2_sum"}


def player(**more: Any) -> Player:
    start = {"kind": "normal", "std": 1.0}
    layers = [{"kind": "dense", "units": 2}]
    given = {"layers": layers, "weights": start, "biases": start, "optimizer": SGD}
    return Player.model_validate(given | more)


HELD: list[tuple[dict[str, Any], set[str]]] = [
    ({}, set()),
    ({"optimizer": SGD | {"momentum": 0.5}}, {"velocity"}),
    ({"optimizer": SGD | {"optimistic": True}}, {"last_step"}),
    ({"optimizer": {"kind": "rmsprop", "learning_rate": 1.0}}, {"mean_square"}),
    (
        {"optimizer": {"kind": "adam", "learning_rate": 1.0, "optimistic": True}},
        {"first_moment", "second_moment", "last_step"},
    ),
    ({"average": 0.9}, {"average"}),
    ({"l2": -0.1}, {"l2_sum"}),
]


@pytest.mark.parametrize(("more", "slots"), HELD)
def test_the_state_has_the_arrays_its_settings_need_and_an_update_keeps_them(
    more: dict[str, Any], slots: set[str]
) -> None:
    weights = np.array([[1.0, 2, 3, 4], [5, 6, 7, 8]])
    held = player(**more).init_state(weights)
    assert held.keys() == {"weights", "steps"} | TALLY | slots
    assert all(len(value) == 2 for value in held.values())
    found = {"loss": np.array([1.0, 2.0]), "gradient": np.ones((2, 4)), "l2": np.zeros(2)}
    after = player(**more).update(ops, held, found)
    assert after.keys() == held.keys()
    assert after["steps"].tolist() == [[1.0], [1.0]]
    assert not np.array_equal(after["weights"], weights)


def test_buffers_are_in_the_state_where_there_are_any_and_an_update_replaces_them() -> None:
    one = player()
    assert "memory" not in one.init_state(np.zeros((2, 4)), np.zeros((2, 0)))
    held = one.init_state(np.zeros((1, 4)), np.array([[1.0, 2.0]]))
    found = {"loss": np.zeros(1), "gradient": np.zeros((1, 4)), "memory": np.array([[3.0, 4.0]])}
    assert one.update(ops, held, found)["memory"].tolist() == [[3.0, 4.0]]


def test_loss_statistics_count_losses_and_keep_their_extremes() -> None:
    one = player(l2=1.0)
    held: dict[str, Any] = one.init_state(np.zeros((1, 4)))
    for loss, l2 in ((3.0, 0.5), (-1.0, 0.25), (2.0, 0.125)):
        found = {"loss": np.array([loss]), "gradient": np.zeros((1, 4)), "l2": np.array([l2])}
        held = one.update(ops, held, found)
    tally = {name: held[name].item() for name in EMPTY_LOSS_STATISTICS}
    assert tally == {
        "loss_sum": 4.0,
        "loss_count": 3.0,
        "loss_min": -1.0,
        "loss_max": 3.0,
        "loss_last": 2.0,
        "l2_sum": 0.875,
    }


def test_a_nan_loss_stays_in_the_statistics() -> None:
    one = player()
    held: dict[str, Any] = one.init_state(np.zeros((1, 4)))
    for loss in (1.0, np.nan, 2.0):
        found = {"loss": np.array([loss]), "gradient": np.zeros((1, 4))}
        held = one.update(ops, held, found)
    assert all(np.isnan(held[f"loss_{name}"]).all() for name in ("sum", "min", "max"))
    assert held["loss_last"].tolist() == [2.0]


def test_the_members_of_a_team_begin_differently_and_one_after_the_other() -> None:
    one, team = player(), player(members=3)
    alone = one.draw(4, np.random.default_rng(1))
    drawn = team.draw(4, np.random.default_rng(1)).reshape(3, -1)
    assert np.array_equal(drawn[0], alone)
    assert len({tuple(row) for row in drawn}) == 3


def test_the_l2_term_is_the_mean_over_the_members() -> None:
    rng = np.random.default_rng(0)
    members = rng.standard_normal((3, 1, 10))
    alone = [player(l2=0.7).penalty(ops, row, 4, 0) for row in members]
    team = player(l2=0.7, members=3).penalty(ops, members.reshape(1, -1), 4, 0)
    assert team == pytest.approx(np.mean(alone, axis=0))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"members": 0}, "members\n.*greater than or equal to 1"),
        ({"clip_gradient": 0.0}, "clip_gradient\n.*greater than 0"),
        ({"clip_weights": 0.0}, "clip_weights\n.*greater than 0"),
        ({"average": 1.0}, "average\n.*less than 1"),
        ({"optimizer": SGD | {"learning_rate": 0.0}}, "learning_rate\n.*greater than 0"),
        ({"optimizer": SGD | {"momentum": 1.0}}, "momentum\n.*less than 1"),
    ],
)
def test_a_player_that_could_not_learn_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        player(**wrong)
