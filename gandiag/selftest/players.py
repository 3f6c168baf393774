"""The columns of D and G in a simulated run: losses, scores, gradients and weights."""

from __future__ import annotations

import numpy as np

from gandiag.selftest.noise import Floats, Noise
from gandiag.selftest.simulated_run import SimulatedRun
from gandiag.selftest.target import EQUILIBRIA

Generator = np.random.Generator
Columns = dict[str, Floats]

LOSS = ("loss", "loss_min", "loss_max", "loss_last")
"""The four columns of a loss, after the player's prefix."""


def healthy_players(
    rng: Generator, game: str, noise: Noise, transient: Floats, cadence: int, *, trends: bool
) -> Columns:
    """The columns of both players of a healthy run [log point].

    Losses start away from their equilibrium and settle near it: a GAN's within a tenth (ring8: 5 %
    below for D, 20 % above for G; devnag-1d: .1 %), with noise of 1e-4 to 2e-2 (devnag-1d: 3e-5 to
    3e-3; ring8: 2e-3). Within a window they spread 5 to 50 times as wide as the means of windows do
    (ring8: 20; devnag-1d: 80). Gradients change by a factor of .05 to 2, with noise of 5 to 30 %;
    weights grow by 5 % to 300 %, and then slowly on.

    Args:
        rng: Their only source of random numbers.
        game: The losses: "gan", "scaled" or "wasserstein".
        noise: The noise process of all series.
        transient: The remaining fraction of the transient, from 1 to 0 [log point].
        cadence: The iterations between two log points; at 1 a window has one loss.
        trends: Whether the losses have slow trends of up to .1.

    Returns:
        The columns by name.
    """
    slower = transient ** rng.uniform(0.3, 1.0)
    columns: Columns = {}
    for player, level in zip("dg", _levels(rng, game), strict=True):
        loss = level + _start(rng, game, slower)
        loss = loss + 10 ** rng.uniform(-4, -1.7) * noise.draw(rng, len(transient))
        if trends:
            loss = loss + 0.1 * rng.uniform(-1, 1) * np.linspace(0.0, 1.0, len(transient))
        columns |= windowed(rng, f"{player}_loss", loss, cadence)
        columns[f"{player}_grad_norm"] = _gradient(rng, slower, noise)
        columns[f"{player}_weight_norm"] = _weight(rng, transient, noise)
    return columns | _scores(rng, slower, noise, game)


def windowed(rng: Generator, name: str, loss: Floats, cadence: int) -> Columns:
    """A loss as it is recorded: mean, minimum, maximum and last of the window before a log point.

    Row 0 is NaN, as there was no update before it.
    """
    width = rng.uniform(5, 50) * np.std(np.diff(loss)) / np.sqrt(2) * (cadence > 1)
    below, above = width * (1 + 0.3 * np.abs(rng.standard_normal((2, len(loss)))))
    last = loss + np.clip(width / 3 * rng.standard_normal(len(loss)), -below, above)
    columns = {name: loss, f"{name}_min": loss - below, f"{name}_max": loss + above}
    columns[f"{name}_last"] = last
    for each, values in columns.items():
        columns[each] = np.r_[np.nan, values[1:]]
    return columns


def _levels(rng: Generator, game: str) -> tuple[float, float]:
    d_loss, g_loss = EQUILIBRIA[game]
    if game == "wasserstein" or g_loss is None:
        return -rng.uniform(0.01, 0.2), rng.uniform(-1, 1)
    return d_loss * (1 - rng.uniform(0, 0.1)), g_loss * (1 + rng.uniform(0, 0.2))


def _start(rng: Generator, game: str, transient: Floats) -> Floats:
    if game == "wasserstein":
        return np.asarray(rng.uniform(-5, -0.5) * transient)
    return np.asarray(rng.uniform(-0.5, 0.5) * transient)


def _gradient(rng: Generator, transient: Floats, noise: Noise) -> Floats:
    start, last = np.log(10) * rng.uniform(-3, 1.5), rng.uniform(np.log(0.05), np.log(2))
    fluctuation = rng.uniform(0.05, 0.3) * noise.draw(rng, len(transient))
    return np.asarray(np.exp(start + last * (1 - transient) + np.clip(fluctuation, -3, 3)))


def _weight(rng: Generator, transient: Floats, noise: Noise) -> Floats:
    start = np.exp(rng.uniform(np.log(2), np.log(30)))
    grown = np.exp(rng.uniform(np.log(0.05), np.log(3)))
    slow = rng.uniform(0.001, 0.05) * np.linspace(0.0, 1.0, len(transient))
    fluctuation = 1e-4 * noise.draw(rng, len(transient))
    return np.asarray(start * (1 + grown * (1 - transient) + slow + fluctuation))


def _scores(rng: Generator, transient: Floats, noise: Noise, game: str) -> Columns:
    """D's mean answers to real and to fake samples, and its accuracy.

    The accuracy ends at .38 to .6 (devnag-1d: .40 to .42; ring8: .54 to .58).
    """
    gap = rng.uniform(0.3, 0.9) * transient + rng.uniform(0.0, 0.08)
    fluctuation = 10 ** rng.uniform(-4, -2) * noise.draw(rng, len(transient), 2)
    middle = 0.5 if game != "wasserstein" else rng.uniform(-1, 1)
    accuracy = rng.uniform(0.38, 0.6) + 0.4 * transient
    accuracy = accuracy + rng.uniform(0.01, 0.05) * noise.draw(rng, len(transient))
    columns = {"d_real": middle + gap / 2 + fluctuation[:, 0]}
    columns["d_fake"] = middle - gap / 2 + fluctuation[:, 1]
    if game != "wasserstein":
        columns = {name: np.clip(values, 0.0, 1.0) for name, values in columns.items()}
    columns["d_accuracy"] = np.r_[0.5, np.clip(accuracy, 0.0, 1.0)[1:]]
    return columns


def with_response(rng: np.random.Generator, run: SimulatedRun, at: int) -> SimulatedRun:
    """The run with players that respond to the samples' error after log point ``at``.

    In a third of the runs they do not (devnag-1d: a run settles at the wrong mean with losses of
    ln 2). In the others D's loss falls by up to 70 % and G's rises up to threefold, or by up to 2
    and 1 in a Wasserstein game; D's accuracy rises up to 98 %.
    """
    strength = rng.uniform(0.3, 1.0) * (rng.random() < 2 / 3)
    excess = np.maximum(run.error - np.median(run.error[at // 2 : at]), 0.0)
    response = strength * (1 - np.exp(-excess)) * (np.arange(len(run)) >= at)
    columns = dict(run.players)
    for part in LOSS:
        d_loss, g_loss = f"d_{part}", f"g_{part}"
        if run.target.game == "wasserstein":
            columns[d_loss] = columns[d_loss] - 2 * response
            columns[g_loss] = columns[g_loss] + response
        else:
            columns[d_loss] = columns[d_loss] * (1 - 0.7 * response)
            columns[g_loss] = columns[g_loss] * (1 + 2 * response)
    accuracy = columns["d_accuracy"]
    columns["d_accuracy"] = accuracy + np.maximum(0.98 - accuracy, 0.0) * response
    columns["d_real"] = columns["d_real"] + 0.4 * response * (1 - columns["d_real"])
    columns["d_fake"] = columns["d_fake"] * (1 - 0.4 * response)
    return run.with_players(**columns)
