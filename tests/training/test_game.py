"""The facts of a game that follow from its settings.

Its draws are in ``test_schedule``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gandiag.experiment.experiment import Experiment

Small = Callable[..., Experiment]

NORM = {"kind": "batch-norm"}
ONE = {"kind": "dense", "units": 1}


@pytest.mark.parametrize(
    ("settings", "batches"),
    [
        ({}, False),
        ({"discriminator.layers": [NORM, ONE]}, True),
        ({"discriminator.sees": {"kind": "moments"}}, True),
        ({"discriminator.sees": {"kind": "packed", "count": 3}}, False),
        ({"discriminator.sees": {"kind": "packed", "count": 3}, "generator.members": 2}, True),
    ],
)
def test_d_is_evaluated_on_batches_where_an_answer_depends_on_other_samples(
    settings: dict[str, Any], batches: bool, small: Small
) -> None:
    assert small(settings).game.evaluates_batches is batches


def test_a_player_has_classes_only_if_it_takes_labels(small: Small) -> None:
    game = replace(small().game, classes=3)
    assert (game.g_classes, game.d_classes) == (0, 0)
    labelled = game.discriminator.model_copy(update={"labels": "every"})
    assert replace(game, discriminator=labelled).d_classes == 3
    assert game.draws["real"].size == 2 + 3


def test_g_needs_real_samples_in_a_zero_sum_game_or_an_unrolled_one(small: Small) -> None:
    needs = {
        name: small(settings).game.needs_real_for_g
        for name, settings in {
            "plain": {},
            "zero-sum": {"objective.generator": "zero-sum"},
            "unrolled": {"objective.unrolled": 1},
        }.items()
    }
    assert needs == {"plain": False, "zero-sum": True, "unrolled": True}


def test_the_initial_state_has_weights_buffers_and_no_failure(small: Small) -> None:
    game = small({"generator.layers": [NORM, {"kind": "dense", "units": 2}]}).game
    weights, buffers = np.ones((3, 10)), np.ones((3, 4))
    state: Any = game.initial((weights, buffers), weights)
    assert (state["g"]["memory"].shape, "memory" in state["d"]) == ((3, 4), False)
    assert state["failed_at"].tolist() == [-1, -1, -1]
