"""A small GAN with accelerate, for the tests of ``gandiag_accelerate``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from torch import nn

from gandiag_accelerate import MonitorTracker

REAL = torch.randn(200, 1, generator=torch.Generator().manual_seed(1)) + 4


def train(tracker: Any, fail_at: int = -1, step_given: bool = True) -> list[dict[str, float]]:
    """Fifty steps, with two updates of D in each and one of G in every third."""
    torch.manual_seed(0)
    accelerator = Accelerator(log_with=tracker, cpu=True)
    players = nn.Linear(1, 1), nn.Linear(1, 1)
    pairs = [(p, torch.optim.Adam(p.parameters(), 0.01)) for p in players]
    (d, d_optimizer), (g, g_optimizer) = (accelerator.prepare(*pair) for pair in pairs)
    accelerator.init_trackers("my-gan", config={"lr": 0.01, "seed": 7})
    seen = []
    for step in range(1, 51):
        for _ in range(2):
            fake = g(torch.randn(8, 1)).detach()
            d_loss = (nn.functional.softplus(-d(REAL[:8])) + nn.functional.softplus(d(fake))).mean()
            d_optimizer.zero_grad()
            accelerator.backward(d_loss)
            d_optimizer.step()
        values = {"d_loss": d_loss, "d_updates": 2, "g_updates": 0, "step": step, "note": None}
        if step % 3 == 1:
            g_loss = nn.functional.softplus(-d(g(torch.randn(8, 1)))).mean()
            g_optimizer.zero_grad()
            accelerator.backward(g_loss)
            g_optimizer.step()
            values |= {"loss/G": g_loss, "g_updates": 1}
        accelerator.log(values, step=step if step_given else None)
        seen.append(
            {"d_loss": d_loss.item()} | ({"g_loss": g_loss.item()} if step % 3 == 1 else {})
        )
        monitor = accelerator.get_tracker("gandiag", unwrap=True)
        if monitor.wants_samples(step):
            monitor.log_samples(step, fake=g(torch.randn(64, 1)))
        if step == fail_at:
            raise ValueError("the data are wrong")
    accelerator.end_training()
    return seen


def tracker(place: Path, **more: Any) -> MonitorTracker:
    return MonitorTracker(place, real=REAL, every=10, names={"loss/G": "g_loss"}, **more)


def rank(place: Path) -> None:
    """One of two processes of a distributed training; both log, one records."""
    made = tracker(place / "ranks")
    accelerator = Accelerator(log_with=made, cpu=True)
    accelerator.init_trackers("my-gan", config={"lr": 0.01})
    accelerator.log({"d_loss": float(accelerator.process_index)}, step=1)
    (place / f"{accelerator.process_index}-of-{accelerator.num_processes}").touch()
    accelerator.wait_for_everyone()
    accelerator.end_training()


if __name__ == "__main__":
    folder = Path(sys.argv[2])
    if sys.argv[1] == "crash":
        train(tracker(folder / "crash"), fail_at=33)
    if sys.argv[1] == "rank":
        sys.exit(rank(folder))
    seen = {
        "plain": train(tracker(folder / "plain", options={"betas": 0.5})),
        "counted": train(tracker(folder / "counted"), step_given=False),
    }
    (folder / "seen.json").write_text(json.dumps(seen))
