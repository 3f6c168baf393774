"""The baseline: devnag-1d as its author wrote it, one seed, eager PyTorch. Answers "go" lines."""

from __future__ import annotations

import sys
import time

import torch
from torch import nn

ITERATIONS = 3
UPDATES = 40


class Net(nn.Module):
    """Three linear layers with an activation between them."""

    def __init__(self, inputs: int, hidden: int, activation: object) -> None:
        super().__init__()
        self.first = nn.Linear(inputs, hidden)
        self.second = nn.Linear(hidden, hidden)
        self.third = nn.Linear(hidden, 1)
        self.activation = activation

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Maps [n, inputs] to [n, 1]."""
        return self.third(self.activation(self.second(self.activation(self.first(x)))))


def moments(x: torch.Tensor) -> torch.Tensor:
    """Mean, std, skew and excess kurtosis."""
    mean = torch.mean(x)
    centred = x - mean
    std = torch.pow(torch.mean(torch.pow(centred, 2.0)), 0.5)
    z = centred / std
    skew = torch.mean(torch.pow(z, 3.0))
    kurtosis = torch.mean(torch.pow(z, 4.0)) - 3.0
    return torch.cat([v.reshape(1) for v in (mean, std, skew, kurtosis)])


def main() -> None:
    """Runs some iterations for every line on standard input and prints seconds an update."""
    torch.set_num_threads(1)
    g, d = Net(1, 5, torch.tanh), Net(4, 10, torch.sigmoid)
    bce = nn.BCELoss()
    g_optimizer = torch.optim.SGD(g.parameters(), lr=1e-3, momentum=0.9)
    d_optimizer = torch.optim.SGD(d.parameters(), lr=1e-3, momentum=0.9)

    def iterate() -> None:
        for _ in range(20):
            d.zero_grad()
            real = torch.normal(4.0, 1.25, (500, 1))
            bce(torch.sigmoid(d(moments(real))), torch.ones(1)).backward()
            fake = g(torch.rand(500, 1)).detach()
            bce(torch.sigmoid(d(moments(fake))), torch.zeros(1)).backward()
            d_optimizer.step()
        for _ in range(20):
            g.zero_grad()
            bce(torch.sigmoid(d(moments(g(torch.rand(500, 1))))), torch.ones(1)).backward()
            g_optimizer.step()

    iterate()
    print("ready", flush=True)
    for _ in sys.stdin:
        began = time.perf_counter()
        for _ in range(ITERATIONS):
            iterate()
        print((time.perf_counter() - began) / (ITERATIONS * UPDATES), flush=True)


if __name__ == "__main__":
    main()
