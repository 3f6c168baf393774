"""Faults of D and G themselves; each says its strength."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gandiag.selftest.course import Course
from gandiag.selftest.noise import Floats
from gandiag.selftest.reaction import LOSS

Generator = np.random.Generator

CLIPPED = (-np.log(1e-5), -np.log(1e-12), 2 * np.log(2))
"""Losses that a clipped or blind D is stuck at."""


def frozen_generator(rng: Generator, course: Course, at: int) -> Course:
    """G's weights and every measure of its samples stay exactly as they are; D goes on.

    G still has a gradient, as where its optimizer was never told of its weights.
    """
    return _still(course, at, ["g_weight_norm"])


def dead_generator(rng: Generator, course: Course, at: int) -> Course:
    """G's gradient is exactly 0 or about 1e-12; its weights and its samples stay as they are."""
    still = _still(course, at, ["g_weight_norm"])
    tiny = 1e-12 * np.exp(0.3 * course.noise.draw(rng, len(course)))
    return still.with_players(g_grad_norm=_since(course, at, "g_grad_norm", _either(rng, tiny)))


def dead_discriminator(rng: Generator, course: Course, at: int) -> Course:
    """D's loss is a clip constant, its gradient 0, its weights as they are and its accuracy .5.

    In half of the runs the samples stay as they are, for G has no gradient either; in the others
    their mean drifts by .5 to 2 standard deviations until the end.
    """
    stuck, n = float(rng.choice(CLIPPED)), len(course)
    columns = {f"d_{part}": _since(course, at, f"d_{part}", stuck) for part in LOSS}
    columns |= {name: _since(course, at, name, 0.5) for name in ("d_real", "d_fake", "d_accuracy")}
    columns["d_grad_norm"] = _since(course, at, "d_grad_norm", 0.0)
    dead = _stopped(course, at, ["d_weight_norm"]).with_players(**columns)
    if rng.random() < 0.5:
        still = _still(dead, at, ["g_weight_norm", *(f"g_{part}" for part in LOSS)])
        return still.with_players(g_grad_norm=_since(course, at, "g_grad_norm", 0.0))
    gone = np.maximum(np.arange(n) - at, 0) / (n - at)
    return replace(dead, offset=course.offset + rng.choice([-1, 1]) * rng.uniform(0.5, 2) * gone)


def not_a_number(rng: Generator, course: Course, at: int) -> Course:
    """Everything is NaN; half of the runs say so and end there, the others go on recording it."""
    nan = {name: _since(course, at, name, np.nan) for name in course.players}
    broken = replace(course.with_players(**nan), lost=at)
    return replace(broken, last=at, diverged=at) if rng.random() < 0.5 else broken


def blow_up(rng: Generator, course: Course, at: int) -> Course:
    """Losses and gradients double 12 to 40 times until the end; weights grow by the root of that.

    The samples' mean goes off with the weights, to 6 standard deviations at least.
    """
    since = np.maximum(np.arange(len(course)) - at, 0) / (len(course) - 1 - at)
    growth = 2 ** (rng.uniform(12, 40) * since)
    columns = {}
    for player, sign in (("d", -1.0 if course.target.game == "wasserstein" else 1.0), ("g", 1.0)):
        for part in LOSS:
            columns[f"{player}_{part}"] = course.players[f"{player}_{part}"] + 0.1 * sign * (
                growth - 1
            )
        columns[f"{player}_grad_norm"] = course.players[f"{player}_grad_norm"] * growth
        columns[f"{player}_weight_norm"] = course.players[f"{player}_weight_norm"] * growth**0.5
    off = rng.choice([-1, 1]) * 0.1 * (growth**0.5 - 1)
    return replace(course.with_players(**columns), offset=course.offset + off)


def _still(course: Course, at: int, names: list[str]) -> Course:
    """A run whose samples and some columns stay as they are at a log point."""
    return replace(_stopped(course, at, names), held=at)


def _stopped(course: Course, at: int, names: list[str]) -> Course:
    now = {name: _since(course, at, name, course.players[name][at]) for name in names}
    return course.with_players(**now)


def _since(course: Course, at: int, name: str, value: Floats | float) -> Floats:
    """A column with other values since a log point."""
    return np.where(np.arange(len(course)) >= at, value, course.players[name])


def _either(rng: Generator, tiny: Floats) -> Floats | float:
    return tiny if rng.random() < 0.5 else 0.0
