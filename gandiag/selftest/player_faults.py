"""Faults of D and G themselves; each docstring gives the strength."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gandiag.selftest.noise import Floats
from gandiag.selftest.players import LOSS
from gandiag.selftest.simulated_run import SimulatedRun

Generator = np.random.Generator

CLIPPED = (-np.log(1e-5), -np.log(1e-12), 2 * np.log(2))
"""Constant losses of a D whose output is clipped, or that always answers .5."""


def frozen_generator(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """G's weights and every measure of its samples stay exactly as they are; D goes on.

    G still has a gradient, as where its optimizer was never told of its weights.
    """
    return _freeze_samples(run, at, ["g_weight_norm"])


def dead_generator(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """G's gradient is exactly 0 or about 1e-12; its weights and its samples stay as they are."""
    frozen = _freeze_samples(run, at, ["g_weight_norm"])
    tiny = 1e-12 * np.exp(0.3 * run.noise.draw(rng, len(run)))
    return frozen.with_players(
        g_grad_norm=_replace_from(run, at, "g_grad_norm", _tiny_or_zero(rng, tiny))
    )


def dead_discriminator(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """D's loss is a clip constant, its gradient 0, its weights as they are and its accuracy .5.

    In half of the runs the samples stay as they are, for G has no gradient either; in the others
    their mean drifts by .5 to 2 standard deviations until the end.
    """
    stuck, n = float(rng.choice(CLIPPED)), len(run)
    columns = {f"d_{part}": _replace_from(run, at, f"d_{part}", stuck) for part in LOSS}
    columns |= {
        name: _replace_from(run, at, name, 0.5) for name in ("d_real", "d_fake", "d_accuracy")
    }
    columns["d_grad_norm"] = _replace_from(run, at, "d_grad_norm", 0.0)
    dead = _freeze_columns(run, at, ["d_weight_norm"]).with_players(**columns)
    if rng.random() < 0.5:
        frozen = _freeze_samples(dead, at, ["g_weight_norm", *(f"g_{part}" for part in LOSS)])
        return frozen.with_players(g_grad_norm=_replace_from(run, at, "g_grad_norm", 0.0))
    elapsed = np.maximum(np.arange(n) - at, 0) / (n - at)
    return replace(dead, offset=run.offset + rng.choice([-1, 1]) * rng.uniform(0.5, 2) * elapsed)


def not_a_number(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """Everything is NaN; half of the runs say so and end there, the others go on recording it."""
    nan = {name: _replace_from(run, at, name, np.nan) for name in run.players}
    broken = replace(run.with_players(**nan), nan_from=at)
    return replace(broken, ends_at=at, diverged_at=at) if rng.random() < 0.5 else broken


def blow_up(rng: Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """Losses and gradients double 12 to 40 times until the end; weights grow by the root of that.

    The samples' mean goes off with the weights, to 6 standard deviations at least.
    """
    since = np.maximum(np.arange(len(run)) - at, 0) / (len(run) - 1 - at)
    growth = 2 ** (rng.uniform(12, 40) * since)
    columns = {}
    for player, sign in (("d", -1.0 if run.target.game == "wasserstein" else 1.0), ("g", 1.0)):
        for part in LOSS:
            columns[f"{player}_{part}"] = run.players[f"{player}_{part}"] + 0.1 * sign * (
                growth - 1
            )
        columns[f"{player}_grad_norm"] = run.players[f"{player}_grad_norm"] * growth
        columns[f"{player}_weight_norm"] = run.players[f"{player}_weight_norm"] * growth**0.5
    off = rng.choice([-1, 1]) * 0.1 * (growth**0.5 - 1)
    return replace(run.with_players(**columns), offset=run.offset + off)


def _freeze_samples(run: SimulatedRun, at: int, names: list[str]) -> SimulatedRun:
    """Keeps the samples and some columns at their values of log point ``at``."""
    return replace(_freeze_columns(run, at, names), frozen_from=at)


def _freeze_columns(run: SimulatedRun, at: int, names: list[str]) -> SimulatedRun:
    columns = {name: _replace_from(run, at, name, run.players[name][at]) for name in names}
    return run.with_players(**columns)


def _replace_from(run: SimulatedRun, at: int, name: str, value: Floats | float) -> Floats:
    """A column with other values from log point ``at`` on."""
    return np.where(np.arange(len(run)) >= at, value, run.players[name])


def _tiny_or_zero(rng: Generator, tiny: Floats) -> Floats | float:
    return tiny if rng.random() < 0.5 else 0.0
