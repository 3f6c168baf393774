"""A GAN on a Gaussian in Lightning with manual optimisation, after Lightning's documentation.

Only the ``MonitorLogger`` and its use as the trainer's logger concern gandiag.
"""

from __future__ import annotations

import sys
from typing import Any

import lightning
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from gandiag_lightning import MonitorLogger


def network(inputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, 1))


class Gan(lightning.LightningModule):
    def __init__(self) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.generator, self.discriminator = network(4), network(1)
        self.loss = nn.BCEWithLogitsLoss()

    def training_step(self, batch: Any, index: int) -> None:
        g_optimizer, d_optimizer = self.optimizers()
        (real,) = batch
        ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)
        fake = self.generator(torch.randn(len(real), 4))

        d_loss = self.loss(self.discriminator(real), ones)
        d_loss = d_loss + self.loss(self.discriminator(fake.detach()), zeros)
        d_optimizer.zero_grad()
        self.manual_backward(d_loss)
        d_optimizer.step()

        g_loss = self.loss(self.discriminator(fake), ones)
        g_optimizer.zero_grad()
        self.manual_backward(g_loss)
        g_optimizer.step()
        self.log_dict({"d_loss": d_loss, "g_loss": g_loss})

    def configure_optimizers(self) -> list[Any]:
        players = (self.generator, self.discriminator)
        return [torch.optim.Adam(player.parameters(), 1e-3) for player in players]


def main(out: str) -> None:
    lightning.seed_everything(0, verbose=False)
    real = 2 + 0.5 * torch.randn(3200, 1)
    data = DataLoader(TensorDataset(real), batch_size=64, shuffle=True)
    gan = Gan()

    logger = MonitorLogger(out, real=real, sample=lambda: gan.generator(torch.randn(2500, 4)))
    trainer = lightning.Trainer(
        logger=logger, max_epochs=10, accelerator="cpu", enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False,
    )  # fmt: skip
    trainer.fit(gan, data)


if __name__ == "__main__":
    main(sys.argv[1])
