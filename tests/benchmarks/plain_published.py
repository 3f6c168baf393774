"""Plain eager PyTorch loops of published trainings, one seed: ``plain_published.py PRESET``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce

Iterate = Callable[[], None]


def main(preset: str) -> None:
    """Runs some iterations for every line on standard input and prints seconds an update."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    iterate, iterations = LOOPS[preset]
    once = iterate()
    once()
    print("ready", flush=True)
    for _ in sys.stdin:
        began = time.perf_counter()
        for _ in range(iterations):
            once()
        print((time.perf_counter() - began) / (2 * iterations), flush=True)


def line(activation: nn.Module, noise: Callable[..., Tensor], simultaneous: bool) -> Iterate:
    """AYLIEN's and Edward's: N(4, .5) from an ordered latent, batches of twelve."""
    g = nn.Sequential(nn.Linear(1, 4), activation, nn.Linear(4, 1))
    layers: list[nn.Module] = [nn.Linear(1, 8), nn.Tanh()]
    for _ in range(2):
        layers += [nn.Linear(8, 8), nn.Tanh()]
    d = nn.Sequential(*layers, nn.Linear(8, 1))
    points = torch.linspace(-8, 8, 12)[:, None]

    def latent() -> Tensor:
        return points + 0.01 * noise(12, 1)

    def real() -> Tensor:
        return torch.sort(torch.normal(4.0, 0.5, (12, 1)), dim=0).values

    optimizers = [torch.optim.SGD(net.parameters(), lr=0.03) for net in (d, g)]
    return _game(g, d, real, latent, optimizers, simultaneous)


def digits(binarize: bool, simultaneous: bool) -> Iterate:
    """Edward's and wiseodd's vanilla GAN on MNIST."""
    from gandiag.data.digit_files import load_digits

    images = load_digits("mnist5k").images
    g = nn.Sequential(nn.Linear(100, 128), nn.ReLU(), nn.Linear(128, 784), nn.Sigmoid())
    d = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 1))
    rng = np.random.default_rng(0)

    def real() -> Tensor:
        batch = torch.from_numpy(images[rng.integers(0, len(images), 128)]).float() / 255
        return torch.bernoulli(batch) if binarize else batch

    def latent() -> Tensor:
        return torch.rand(128, 100) * 2 - 1

    optimizers = [torch.optim.Adam(net.parameters(), lr=1e-3) for net in (d, g)]
    return _game(g, d, real, latent, optimizers, simultaneous)


def _game(
    g: nn.Module,
    d: nn.Module,
    real: Callable[[], Tensor],
    latent: Callable[[], Tensor],
    optimizers: list[torch.optim.Optimizer],
    simultaneous: bool,
) -> Iterate:
    n = len(latent())
    ones, zeros = torch.ones(n, 1), torch.zeros(n, 1)

    def together() -> None:
        z = latent()
        fake = g(z)
        d_loss = bce(d(real()), ones) + bce(d(fake.detach()), zeros)
        g_loss = bce(d(fake), ones)
        slopes = torch.autograd.grad(d_loss, list(d.parameters()))
        for weight, slope in zip(d.parameters(), slopes, strict=True):
            weight.grad = slope
        slopes = torch.autograd.grad(g_loss, list(g.parameters()))
        for weight, slope in zip(g.parameters(), slopes, strict=True):
            weight.grad = slope
        for optimizer in optimizers:
            optimizer.step()

    def in_turn() -> None:
        optimizers[0].zero_grad()
        (bce(d(real()), ones) + bce(d(g(latent()).detach()), zeros)).backward()
        optimizers[0].step()
        optimizers[1].zero_grad()
        bce(d(g(latent())), ones).backward()
        optimizers[1].step()

    return together if simultaneous else in_turn


LOOPS: dict[str, tuple[Callable[[], Iterate], int]] = {
    "aylien-1d": (lambda: line(nn.Softplus(), torch.rand, False), 100),
    "edward-1d": (lambda: line(nn.ReLU(), torch.randn, True), 100),
    "wiseodd-mnist": (lambda: digits(False, False), 20),
    "edward-mnist": (lambda: digits(True, True), 20),
}


if __name__ == "__main__":
    main(sys.argv[1])
