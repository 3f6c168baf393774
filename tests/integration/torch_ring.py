"""A typical public GAN on a ring of eight Gaussians: plain PyTorch, one file.

It has a bug known from real code: from some step on, a whole batch uses one noise vector, and the
generator makes one point. Only the lines with ``monitor`` concern gandiag.
"""

from __future__ import annotations

import sys

import torch
from torch import nn

import gandiag

STEPS, BATCH = 1601, 128


def ring(n: int) -> torch.Tensor:
    angle = torch.randint(0, 8, (n,)) * (2 * torch.pi / 8)
    return 2 * torch.stack([angle.cos(), angle.sin()], 1) + 0.02 * torch.randn(n, 2)


def network(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, outputs)
    )


def noise(n: int, broken: bool) -> torch.Tensor:
    return torch.randn(1, 2).expand(n, 2) if broken else torch.randn(n, 2)


def main(out: str, breaks_at: int) -> None:
    torch.manual_seed(0)
    generator, discriminator = network(2, 2), network(2, 1)
    g_optimizer = torch.optim.Adam(generator.parameters(), 4e-3, betas=(0.5, 0.9))
    d_optimizer = torch.optim.Adam(discriminator.parameters(), 1e-3, betas=(0.5, 0.9))
    loss = nn.BCEWithLogitsLoss()
    ones, zeros = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)

    monitor = gandiag.Monitor(out, real=ring(2500), every=100)
    for step in range(STEPS):
        broken = step > breaks_at
        fake = generator(noise(BATCH, broken))
        d_loss = loss(discriminator(ring(BATCH)), ones) + loss(discriminator(fake.detach()), zeros)
        d_optimizer.zero_grad()
        d_loss.backward()
        d_optimizer.step()

        g_loss = loss(discriminator(fake), ones)
        g_optimizer.zero_grad()
        g_loss.backward()
        g_optimizer.step()

        monitor.log(step, d_loss=d_loss, g_loss=g_loss, d_updates=1, g_updates=1)
        if monitor.wants_samples(step):
            monitor.log_samples(step, fake=generator(noise(2500, broken)))
        if monitor.should_stop:
            break


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
