"""The Dirac-GAN under every strategy: iteration by iteration, several starts side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
from frameworks import Framework, Values
from losses import tensors

from gandiag.experiment.loading import read_experiment
from gandiag.training.playing import GameProgram

STARTS = np.array([[0.5, 0.0], [-0.3, 0.8], [1.0, -0.6], [1e-4, 2e-4]])
"""(theta, psi) of every lane."""

AT = 0.4
"""Where the data are, if not at 0."""

ASIDE = {"data.at": AT, "objective.generator": "non-saturating"}
WGAN = {"objective": {"game": "wasserstein"}, "schedule.updates": "simultaneous"}
IN_TURN = {"schedule.updates": "alternating"}
FALLING = {"factor": 0.5, "every": 4}


def sgd(rate: float = 0.2, **more: Any) -> dict[str, Any]:
    """The same optimiser for both."""
    optimizer = {"kind": "sgd", "learning_rate": rate} | more
    return {"generator.optimizer": optimizer, "discriminator.optimizer": optimizer}


ORBITS: dict[str, tuple[dict[str, Any], int]] = {
    "consensus": ({"objective.consensus": 0.9}, 40),
    "wasserstein": (WGAN | sgd(0.3), 120),
    "optimistic": (WGAN | sgd(0.3, optimistic=True), 120),
    "gradient-penalty": (
        IN_TURN | {"objective": {"game": "wasserstein", "gradient_penalty": 0.7}},
        150,
    ),
    "unrolled": (IN_TURN | {"objective": {"game": "wasserstein", "unrolled": 2}}, 40),
    "worse": (ASIDE | {"schedule.updates": "worse"}, 60),
    "worse-stacked": (ASIDE | {"schedule.updates": "worse", "objective.stacked": True}, 60),
    "clipped-gradient": (
        ASIDE | {"generator.clip_gradient": 0.05, "discriminator.clip_gradient": 0.1},
        40,
    ),
    "clipped-weights": (
        WGAN | IN_TURN | {"discriminator.clip_weights": 0.3, "schedule.d_steps": 2},
        40,
    ),
    "average": (ASIDE | {"generator.average": 0.9}, 20),
    "staircase": (ASIDE | sgd(decay=FALLING), 12),
    "continuous": (ASIDE | sgd(decay=FALLING | {"staircase": False}), 12),
    "l2": (ASIDE | {"generator.l2": -0.1, "discriminator.l2": 0.5}, 12),
    "ratio": (ASIDE | IN_TURN | {"schedule.d_steps": 2, "schedule.g_steps": 3}, 8),
    "noise": ({"objective.instance_noise": 1.0, "schedule.batch": 4}, 40),
}
"""A variant's settings, and how many iterations of it."""

SIGNS = {
    "d_real_noise": [1.0, -1.0, 1.0, -1.0],
    "d_fake_noise": [1.0, 1.0, -1.0, -1.0],
    "g_fake_noise": [1.0, -1.0, 1.0, -1.0],
}
"""Instance noise of the variance 1 exactly, of which real and generated are not correlated."""


def orbits(work: Framework) -> Values:
    """All that both players hold, [iteration + 1, lane, ...], by variant, player and name."""
    values: Values = {}
    for name, (settings, count) in ORBITS.items():
        game = read_experiment("dirac", settings).game
        program = GameProgram(game, work.tools)
        noise = {}
        for stream, draw in game.draws.items():
            numbers = np.empty((draw.count, len(STARTS), draw.size, draw.batch))
            numbers[:] = game.data.at if stream == "real" else SIGNS.get(stream, 0.5)
            noise[stream] = work.to_tensor(numbers)
        state: Any = tensors(work, game.initial(STARTS[:, :1], STARTS[:, 1:]))
        seen, iterate = [state], work.traced(program.iterate)
        for _ in range(count):
            seen.append(iterate(seen[-1], noise, 1))
        for who in "dg":
            for what in seen[0][who]:
                path = [work.to_numpy(s[who][what]) for s in seen]
                values[f"{name}/{who}/{what}"] = np.array(path)
    return values
