"""Slow twins of two presets in ordinary PyTorch: modules, optim, a loop; nothing of ours but data.

They begin with the same weights and see the same batches, so that every difference is a difference
in what is trained.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from gandiag.experiment.loading import read_experiment
from gandiag.running.streams import draw_lanes, generator

SEED = 3


def twins() -> dict[str, NDArray[Any]]:
    """The weights [log point, parameter] of both twins' players."""
    with torch.enable_grad():
        return devnag() | aylien()


def devnag(iterations: int = 3) -> dict[str, NDArray[Any]]:
    """Dev Nag's loop: 20 D and 20 G updates on the moments of batches of 500."""
    experiment = read_experiment("devnag-1d")
    g = mlp([1, 5, 5, 1], nn.Tanh)
    d = mlp([4, 10, 10, 1], nn.Sigmoid)
    begin(g, experiment.generator, 1, "generator")
    begin(d, experiment.discriminator, 4, "discriminator")
    g_optimizer = torch.optim.SGD(g.parameters(), lr=1e-3, momentum=0.9)
    d_optimizer = torch.optim.SGD(d.parameters(), lr=1e-3, momentum=0.9)
    bce = nn.BCEWithLogitsLoss()
    draws = batches(experiment, iterations)
    g_path, d_path = [weights(g)], [weights(d)]
    for i in range(iterations):
        for k in range(20):
            real, latent = draws["real"][i, k], draws["d_latent"][i, k]
            fake = g(latent).detach()
            loss = bce(d(moments(real)), torch.ones(1, 1).double())
            loss = loss + bce(d(moments(fake)), torch.zeros(1, 1).double())
            step(d_optimizer, loss)
        for k in range(20):
            fake = g(draws["g_latent"][i, k])
            step(g_optimizer, bce(d(moments(fake)), torch.ones(1, 1).double()))
        g_path.append(weights(g))
        d_path.append(weights(d))
    return {"devnag/g": np.array(g_path), "devnag/d": np.array(d_path)}


def aylien(before: int = 100, iterations: int = 50) -> dict[str, NDArray[Any]]:
    """AYLIEN's loop: D is first fitted to the density, then one D and one G update in turn."""
    experiment = read_experiment("aylien-1d")
    g = mlp([1, 4, 1], nn.Softplus)
    d = mlp([1, 8, 8, 8, 1], nn.Tanh)
    begin(g, experiment.generator, 1, "generator")
    begin(d, experiment.discriminator, 1, "pretrain")
    assert experiment.pretrain is not None
    draw = experiment.pretrain.draws["points"]
    chunk = experiment.schedule.chunk
    points = draw_lanes([SEED], "pretrain/points", draw, 0, chunk)[:before, 0, 0]
    optimizer, schedule = sgd_with_decay(d)
    for x, density in torch.from_numpy(points.astype(np.float64)):
        error = torch.sigmoid(d(x[:, None]))[:, 0] - density
        step(optimizer, (error**2).mean())
        schedule.step()
    g_path, d_path = [weights(g)], [weights(d)]
    (d_optimizer, d_schedule), (g_optimizer, g_schedule) = sgd_with_decay(d), sgd_with_decay(g)
    draws = batches(experiment, iterations)
    for i in range(iterations):
        real, fake = draws["real"][i, 0], g(draws["d_latent"][i, 0]).detach()
        p_real, p_fake = torch.sigmoid(d(real)), torch.sigmoid(d(fake))
        step(d_optimizer, -(torch.log(p_real) + torch.log(1 - p_fake)).mean())
        d_schedule.step()
        step(g_optimizer, -torch.log(torch.sigmoid(d(g(draws["g_latent"][i, 0])))).mean())
        g_schedule.step()
        g_path.append(weights(g))
        d_path.append(weights(d))
    return {"aylien/g": np.array(g_path), "aylien/d": np.array(d_path)}


def mlp(widths: list[int], activation: type[nn.Module]) -> nn.Sequential:
    """A plain network in float64."""
    layers: list[nn.Module] = []
    for inputs, outputs in itertools.pairwise(widths):
        layers += [nn.Linear(inputs, outputs), activation()]
    return nn.Sequential(*layers[:-1]).double()


def begin(network: nn.Sequential, player: Any, inputs: int, who: str) -> None:
    """Puts the seed's initial weights into a network."""
    drawn = player.initial(inputs, generator(SEED, f"initial/{who}")).astype(np.float64)
    named = player.named(inputs, drawn)
    linear = [layer for layer in network if isinstance(layer, nn.Linear)]
    for index, layer in enumerate(linear):
        layer.weight.data = torch.from_numpy(named[f"{index}.weights"].copy())
        layer.bias.data = torch.from_numpy(named[f"{index}.biases"][:, 0].copy())


def weights(network: nn.Sequential) -> NDArray[Any]:
    """All weights of a network in one row, in our order."""
    parts = [p.detach().numpy().ravel() for p in network.parameters()]
    return np.concatenate(parts)


def batches(experiment: Any, iterations: int) -> dict[str, torch.Tensor]:
    """The batches of one seed, [iteration, draw, sample, coordinate], in float64."""
    found = {}
    for name, draw in experiment.game.draws.items():
        numbers = draw_lanes([SEED], f"train/{name}", draw, 0, experiment.schedule.chunk)
        found[name] = torch.from_numpy(
            numbers[:iterations, :, 0].transpose(0, 1, 3, 2).astype(np.float64)
        )
    return found


def moments(x: torch.Tensor) -> torch.Tensor:
    """Mean, biased std, skew and excess kurtosis of a batch [n, 1], as one row."""
    mean = x.mean()
    std = ((x - mean) ** 2).mean().sqrt()
    z = (x - mean) / std
    return torch.stack([mean, std, (z**3).mean(), (z**4).mean() - 3])[None]


def step(optimizer: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    """One update."""
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def sgd_with_decay(network: nn.Module) -> tuple[Any, Any]:
    """Plain descent whose rate falls by a twentieth every 150 updates."""
    optimizer = torch.optim.SGD(network.parameters(), lr=0.03)
    return optimizer, torch.optim.lr_scheduler.StepLR(optimizer, 150, 0.95)
