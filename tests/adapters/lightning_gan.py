"""A small GAN in Lightning with manual optimisation, for the tests of ``gandiag_lightning``."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import lightning
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from gandiag_lightning import MonitorLogger
from gandiag_lightning.updates import player_of

BATCHES = 25
REAL = torch.randn(BATCHES * 8, 1, generator=torch.Generator().manual_seed(1)) + 4
LATENT = torch.randn(64, 1, generator=torch.Generator().manual_seed(2))


QUIET: dict[str, Any] = {
    "accelerator": "cpu",
    "enable_checkpointing": False,
    "enable_model_summary": False,
    "enable_progress_bar": False,
}

PAIRS = [
    *(("discriminator", "generator"), ("D", "G"), ("netD", "netG"), ("disc", "gen")),
    *(("critic_2", "net_g"), ("d_net", "g_net")),
    *(("painter", "judge"), ("encoder", "decoder"), ("dg", "gd")),
]
"""Names of two modules."""


class Steps:
    """Two updates of D a batch, one of G in every third."""

    seen: list[dict[str, float]]

    def __init__(self: Any, names: tuple[str, str] = ("generator", "discriminator")) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.save_hyperparameters({"lr": 0.01, "seed": 7})
        torch.manual_seed(0)
        self.g = names[0]
        self.add_module(
            names[0], nn.Sequential(nn.Linear(1, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
        )
        self.add_module(names[1], nn.Linear(1, 1))
        self.d = names[1]
        self.seen = []
        self.fail_at, self.lost_at, self.logged = -1, -1, {"d": "d_loss", "g": "g_loss"}

    def sample(self: Any) -> torch.Tensor:
        noise = torch.randn(64, 1)  # from the training's stream, which must stay as it was
        return getattr(self, self.g)(LATENT + 0 * noise)

    def training_step(self: Any, batch: Any, index: int) -> None:
        d_optimizer, g_optimizer = self.optimizers()
        real, soft = batch[0], nn.functional.softplus
        generator, discriminator = getattr(self, self.g), getattr(self, self.d)
        for _ in range(2):
            fake = generator(torch.randn(len(real), 1)).detach()
            d_loss = (soft(-discriminator(real)) + soft(discriminator(fake))).mean()
            d_optimizer.zero_grad()
            self.manual_backward(d_loss)
            d_optimizer.step()
        if 0 <= self.lost_at <= len(self.seen):
            d_loss = d_loss * float("nan")
        self.log(self.logged["d"], d_loss, prog_bar=True, on_epoch=True, on_step=True)
        row = {"d_loss": d_loss.item()}
        if index % 3 == 0:
            g_loss = soft(-discriminator(generator(torch.randn(len(real), 1)))).mean()
            g_optimizer.zero_grad()
            self.manual_backward(g_loss)
            g_optimizer.step()
            self.log(self.logged["g"], g_loss)
            row["g_loss"] = g_loss.item()
        self.seen.append(row)
        if len(self.seen) == self.fail_at:
            raise ValueError("the data are wrong")

    def validation_step(self: Any, batch: Any, index: int) -> None:
        self.log("val_gap", torch.tensor(0.5))

    def configure_optimizers(self: Any) -> list[torch.optim.Optimizer]:
        return [
            torch.optim.Adam(getattr(self, name).parameters(), 0.01) for name in (self.d, self.g)
        ]


class Gan(Steps, lightning.LightningModule):
    """The GAN, in the package under its newer name."""


def fit(
    gan: Gan, logger: Any, epochs: int = 2, trainer: Any = None, start: Any = None, **more: Any
) -> Any:
    trainer = trainer or lightning.Trainer(logger=logger, max_epochs=epochs, **QUIET | more)
    data = DataLoader(TensorDataset(REAL), batch_size=8)
    trainer.fit(gan, data, data, ckpt_path=start)
    return trainer


def weights(gan: Gan) -> list[float]:
    return [x for p in gan.state_dict().values() for x in p.double().flatten().tolist()]


def plain(out: Path) -> dict[str, Any]:
    """Ten batches a row; the same training without the logger gives the same weights."""
    gan = Gan()
    fit(gan, MonitorLogger(out / "plain", real=REAL, every=10, sample=gan.sample))
    alone = Gan()
    fit(alone, False)
    return {"seen": gan.seen, "same": weights(gan) == weights(alone)}


def crash(out: Path) -> dict[str, Any]:
    gan = Gan()
    gan.fail_at = 33
    try:
        fit(gan, MonitorLogger(out / "crash", every=10))
    except ValueError as error:
        return {"raised": str(error)}
    return {}


def resumed(out: Path) -> dict[str, Any]:
    """An epoch, a checkpoint, and two more in another trainer; then one more in the same."""
    gan = Gan()
    trainer = fit(gan, MonitorLogger(out / "resumed", every=10), epochs=1)
    trainer.save_checkpoint(out / "one.ckpt")
    logger = MonitorLogger(out / "resumed", every=10, existing="continue")
    trainer = fit(Gan(), logger, epochs=3, start=str(out / "one.ckpt"))
    trainer.fit_loop.max_epochs = 4
    fit(gan, None, trainer=trainer)
    return {}


def renamed(out: Path) -> dict[str, Any]:
    """Modules and losses with other names, a sample function that fails, and a lost training."""
    gan = Gan(("painter", "judge"))
    gan.logged, gan.lost_at = {"d": "loss/D", "g": "loss/G"}, 30
    logger = MonitorLogger(
        out / "renamed", every=10, optimizers=("d", "g"), stop_when_lost=True,
        names={"loss/D": "d_loss", "loss/G": "g_loss"}, sample=lambda: 1 / 0,
    )  # fmt: skip
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fit(gan, logger, epochs=20, limit_val_batches=0)
    return {"said": [str(w.message) for w in caught if "gandiag" in str(w.message)]}


def unknown(out: Path) -> dict[str, Any]:
    """Modules with unknown names, and a trainer that does not pass its model to the logger."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fit(Gan(("painter", "judge")), MonitorLogger(out / "unknown"), epochs=1)
        fit(Gan(), MonitorLogger(out / "silent"), epochs=1, enable_autolog_hparams=False)
        logger = MonitorLogger(out / "explicit", every=10)
        fit(Gan(), logger, 1, enable_autolog_hparams=False, callbacks=[logger.callback])
        fit(Gan(), MonitorLogger(out / "try"), fast_dev_run=True)
    return {"said": [str(w.message) for w in caught if "gandiag" in str(w.message)]}


def players(out: Path) -> dict[str, Any]:
    """The player of an optimizer of each of two modules, and of one of both, by their names."""
    found = {}
    for names in PAIRS:
        gan = nn.Module()
        for name in names:
            gan.add_module(name, nn.Linear(1, 1))
        parts = [[*getattr(gan, name).parameters()] for name in names]
        optimizers = [torch.optim.SGD(p, 0.1) for p in (*parts, parts[0] + parts[1])]
        found[" ".join(names)] = [player_of(gan, optimizer) for optimizer in optimizers]
    return found


def older(out: Path) -> dict[str, Any]:
    """A trainer of the package under its older name."""
    import pytorch_lightning

    class Older(Steps, pytorch_lightning.LightningModule):
        pass

    gan = Older()
    logger = MonitorLogger(out / "older", every=10)
    trainer = pytorch_lightning.Trainer(logger=logger, max_epochs=1, **QUIET)
    trainer.fit(gan, DataLoader(TensorDataset(REAL), batch_size=8))
    return {"seen": gan.seen}


if __name__ == "__main__":
    warnings.filterwarnings("ignore", module="lightning|pytorch_lightning|torch")
    folder = Path(sys.argv[2])
    scenes = (plain, crash, resumed, renamed, unknown, players, older)
    seen = {scene.__name__: scene(folder) for scene in scenes}
    (folder / "seen.json").write_text(json.dumps(seen))
