"""Four scalars a step, through TensorBoard's writer or the monitor; prints seconds a step.

Until all is on the disk: TensorBoard's writer works in a thread, and what it has put off counts.
TensorFlow is hidden from it, as it is where only PyTorch is installed.
"""

from __future__ import annotations

import sys
import tempfile
import time
import types
from collections.abc import Callable

import torch

import gandiag

STEPS = 5000


def tensorboard(folder: str) -> Callable[[int, list[torch.Tensor]], None]:
    sys.modules["tensorboard.compat.notf"] = types.ModuleType("tensorboard.compat.notf")
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(folder)

    def work(first: int, losses: list[torch.Tensor]) -> None:
        for step in range(first, first + STEPS):
            writer.add_scalar("d_loss", losses[0], step)
            writer.add_scalar("g_loss", losses[1], step)
            writer.add_scalar("d_real", losses[2], step)
            writer.add_scalar("d_fake", losses[3], step)
        writer.flush()

    return work


def monitor(folder: str) -> Callable[[int, list[torch.Tensor]], None]:
    recorder = gandiag.Monitor(folder + "/gan", every=100)

    def work(first: int, losses: list[torch.Tensor]) -> None:
        for step in range(first, first + STEPS):
            recorder.log(
                step, d_loss=losses[0], g_loss=losses[1], d_real=losses[2], d_fake=losses[3]
            )
        recorder.flush()

    return work


def main(which: str) -> None:
    losses = [(torch.randn((), requires_grad=True) * 2) for _ in range(4)]
    with tempfile.TemporaryDirectory() as folder:
        work = {"tensorboard": tensorboard, "monitor": monitor}[which](folder)
        work(0, losses)
        print("ready", flush=True)
        first = STEPS
        for _ in sys.stdin:
            begin = time.perf_counter()
            work(first, losses)
            print((time.perf_counter() - begin) / STEPS, flush=True)
            first += STEPS


if __name__ == "__main__":
    main(sys.argv[1])
