"""Who updates when: what is refused, and the random numbers that an iteration needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from gandiag.experiment.experiment import Experiment
from gandiag.training.schedule import Schedule


@pytest.mark.parametrize("updates", ["simultaneous", "worse"])
@pytest.mark.parametrize("steps", [{"d_steps": 2}, {"g_steps": 3}])
def test_simultaneous_updates_are_one_of_each_player(updates: Any, steps: dict[str, int]) -> None:
    message = f"{updates} updates are one of each, not d_steps = "
    with pytest.raises(ValidationError, match=message):
        Schedule(iterations=1, batch=1, updates=updates, **steps)


@pytest.mark.parametrize("name", ["iterations", "batch", "d_steps", "g_steps", "chunk"])
def test_every_count_is_at_least_one(name: str) -> None:
    given = {"iterations": 1, "batch": 1} | {name: 0}
    with pytest.raises(ValidationError, match=f"{name}\n.*greater than or equal to 1"):
        Schedule(**given)


def shapes(experiment: Experiment) -> dict[str, tuple[int, ...]]:
    return {name: draw.shape for name, draw in experiment.game.draws.items()}


def test_fresh_batches_are_drawn_for_every_update(small: Callable[..., Experiment]) -> None:
    found = small({"schedule.latent": "fresh", "schedule.d_steps": 3, "schedule.g_steps": 2})
    assert shapes(found) == {"real": (3, 2, 12), "d_latent": (3, 2, 12), "g_latent": (2, 2, 12)}


def test_shared_batches_are_drawn_once_an_iteration(small: Callable[..., Experiment]) -> None:
    found = small({"schedule.real": "shared", "schedule.d_steps": 3, "schedule.g_steps": 2})
    assert shapes(found) == {"real": (1, 2, 12), "latent": (1, 2, 12)}


def test_noise_and_mixing_are_drawn_only_where_needed(
    small: Callable[..., Experiment],
) -> None:
    steps = {"schedule.real": "shared", "schedule.d_steps": 3, "schedule.g_steps": 2}
    penalty = {"game": "wasserstein", "gradient_penalty": 1.0, "instance_noise": 0.1}
    more = shapes(small(steps | {"objective": penalty})).keys() - shapes(small(steps)).keys()
    found = shapes(small(steps | {"objective": penalty}))
    assert {name: found[name] for name in more} == {
        "d_real_noise": (3, 2, 12),
        "d_fake_noise": (3, 2, 12),
        "g_fake_noise": (2, 2, 12),
        "d_mix": (3, 1, 12),
    }
