"""A real GAN in plain PyTorch, with the monitor and without it by turns, in one process.

Prints the seconds of every stretch of steps as JSON, by kind: ``bare``; ``sampled``, where G makes
the samples that a log point asks for; and ``monitored``, where they are recorded too. The last over
the second is what the monitor costs, the last over the first what a user pays in all.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time

import torch
from torch import nn

import gandiag

STRETCH, ROUNDS, BATCH, SAMPLES = 100, 40, 256, 2500


def network(inputs: int, outputs: int, width: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(),
        nn.Linear(width, outputs),
    )  # fmt: skip


class Loop:
    """A GAN and its step."""

    def __init__(self, size: int, width: int) -> None:
        torch.manual_seed(0)
        self.size = size
        self.generator, self.discriminator = network(2, size, width), network(size, 1, width)
        self.g_optimizer = torch.optim.Adam(self.generator.parameters(), 1e-4)
        self.d_optimizer = torch.optim.Adam(self.discriminator.parameters(), 1e-4)
        self.loss = nn.BCEWithLogitsLoss()
        self.ones, self.zeros = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)

    def step(self) -> tuple[torch.Tensor, torch.Tensor]:
        real = 4 + 0.5 * torch.randn(BATCH, self.size)
        fake = self.generator(torch.randn(BATCH, 2))
        d_loss = self.loss(self.discriminator(real), self.ones)
        d_loss = d_loss + self.loss(self.discriminator(fake.detach()), self.zeros)
        self.d_optimizer.zero_grad()
        d_loss.backward()
        self.d_optimizer.step()
        g_loss = self.loss(self.discriminator(fake), self.ones)
        self.g_optimizer.zero_grad()
        g_loss.backward()
        self.g_optimizer.step()
        return d_loss, g_loss


def main(size: int, width: int) -> None:
    loop = Loop(size, width)
    real = 4 + 0.5 * torch.randn(5000, size)
    spent: dict[str, list[float]] = {"bare": [], "sampled": [], "monitored": []}
    with tempfile.TemporaryDirectory() as folder:
        monitor = gandiag.Monitor(folder + "/gan", real=real, every=STRETCH)
        for turn in range(ROUNDS):
            for kind in random.sample(list(spent), len(spent)):
                begin = time.perf_counter()
                for step in range(turn * STRETCH, (turn + 1) * STRETCH):
                    d_loss, g_loss = loop.step()
                    if kind == "monitored":
                        monitor.log(step, d_loss=d_loss, g_loss=g_loss, d_updates=1, g_updates=1)
                    if kind != "bare" and step % STRETCH == 0:
                        with torch.no_grad():
                            fake = loop.generator(torch.randn(SAMPLES, 2))
                        if kind == "monitored":
                            monitor.log_samples(step, fake=fake)
                spent[kind].append(time.perf_counter() - begin)
        monitor.close()
    print(json.dumps(spent))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
