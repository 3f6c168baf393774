"""What D and G do in a simulated run: losses, scores, gradients and weights."""

from __future__ import annotations

import numpy as np

from gandiag.selftest.noise import Floats, Noise
from gandiag.selftest.target import EQUILIBRIA

Generator = np.random.Generator
Columns = dict[str, Floats]


def players(
    rng: Generator, game: str, noise: Noise, fading: Floats, cadence: int, *, trends: bool
) -> Columns:
    """The columns of both players of a healthy run [log point].

    Losses start off their equilibrium and settle near it: a GAN's within a tenth (ring8: 5 % below
    for D, 20 % above for G; devnag-1d: .1 %), with noise of 1e-4 to 2e-2 (devnag-1d: 3e-5 to 3e-3;
    ring8: 2e-3). Within a window they spread 5 to 50 times as wide as the means of windows do
    (ring8: 20; devnag-1d: 80). Gradients go down to a twentieth or up to twice as much, with noise
    of 5 to 30 %; weights grow by 5 % to fourfold, and then slowly on.

    Args:
        rng: Their only source of numbers.
        game: The losses.
        noise: How everything wanders.
        fading: What is left of the transient, from 1 to 0 [log point].
        cadence: The iterations between two log points; at 1 a window holds one loss.
        trends: Whether the losses have slow trends of up to .1.
    """
    slower = fading ** rng.uniform(0.3, 1.0)
    columns: Columns = {}
    for player, level in zip("dg", _levels(rng, game), strict=True):
        loss = level + _transient(rng, game, slower)
        loss = loss + 10 ** rng.uniform(-4, -1.7) * noise.draw(rng, len(fading))
        if trends:
            loss = loss + 0.1 * rng.uniform(-1, 1) * np.linspace(0.0, 1.0, len(fading))
        columns |= windowed(rng, f"{player}_loss", loss, cadence)
        columns[f"{player}_grad_norm"] = _gradient(rng, slower, noise)
        columns[f"{player}_weight_norm"] = _weight(rng, fading, noise)
    return columns | _scores(rng, slower, noise, game)


def windowed(rng: Generator, name: str, loss: Floats, cadence: int) -> Columns:
    """A loss as it is recorded: mean, least, greatest and last of the window before a log point.

    Row 0 has none, for nothing was played before it.
    """
    wide = rng.uniform(5, 50) * np.std(np.diff(loss)) / np.sqrt(2) * (cadence > 1)
    below, above = wide * (1 + 0.3 * np.abs(rng.standard_normal((2, len(loss)))))
    last = loss + np.clip(wide / 3 * rng.standard_normal(len(loss)), -below, above)
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


def _transient(rng: Generator, game: str, fading: Floats) -> Floats:
    if game == "wasserstein":
        return np.asarray(rng.uniform(-5, -0.5) * fading)
    return np.asarray(rng.uniform(-0.5, 0.5) * fading)


def _gradient(rng: Generator, fading: Floats, noise: Noise) -> Floats:
    start, last = np.log(10) * rng.uniform(-3, 1.5), rng.uniform(np.log(0.05), np.log(2))
    wander = rng.uniform(0.05, 0.3) * noise.draw(rng, len(fading))
    return np.asarray(np.exp(start + last * (1 - fading) + np.clip(wander, -3, 3)))


def _weight(rng: Generator, fading: Floats, noise: Noise) -> Floats:
    start = np.exp(rng.uniform(np.log(2), np.log(30)))
    grown = np.exp(rng.uniform(np.log(0.05), np.log(3)))
    slow = rng.uniform(0.001, 0.05) * np.linspace(0.0, 1.0, len(fading))
    wander = 1e-4 * noise.draw(rng, len(fading))
    return np.asarray(start * (1 + grown * (1 - fading) + slow + wander))


def _scores(rng: Generator, fading: Floats, noise: Noise, game: str) -> Columns:
    """What D says of both kinds of samples, and how often it is right.

    That is at last .38 to .6 of the time (devnag-1d: .40 to .42; ring8: .54 to .58).
    """
    apart = rng.uniform(0.3, 0.9) * fading + rng.uniform(0.0, 0.08)
    wander = 10 ** rng.uniform(-4, -2) * noise.draw(rng, len(fading), 2)
    middle = 0.5 if game != "wasserstein" else rng.uniform(-1, 1)
    right = rng.uniform(0.38, 0.6) + 0.4 * fading
    right = right + rng.uniform(0.01, 0.05) * noise.draw(rng, len(fading))
    columns = {"d_real": middle + apart / 2 + wander[:, 0]}
    columns["d_fake"] = middle - apart / 2 + wander[:, 1]
    if game != "wasserstein":
        columns = {name: np.clip(values, 0.0, 1.0) for name, values in columns.items()}
    columns["d_accuracy"] = np.r_[0.5, np.clip(right, 0.0, 1.0)[1:]]
    return columns
