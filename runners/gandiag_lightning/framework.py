"""Lightning, by whichever of its two names it is installed."""

from __future__ import annotations

try:
    from lightning.pytorch import Callback, LightningModule, Trainer
    from lightning.pytorch.loggers import Logger
except ImportError:  # the older name; a Trainer of either calls our hooks by their names
    from pytorch_lightning import Callback, LightningModule, Trainer  # type: ignore[assignment]
    from pytorch_lightning.loggers import Logger  # type: ignore[assignment]

__all__ = ["Callback", "LightningModule", "Logger", "Trainer"]
