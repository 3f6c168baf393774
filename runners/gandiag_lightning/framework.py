"""Imports Lightning under whichever of its two names is installed."""

from __future__ import annotations

try:
    from lightning.pytorch import Callback, LightningModule, Trainer
    from lightning.pytorch.loggers import Logger
except ImportError:  # the older name; the Trainers of both call hooks by name
    from pytorch_lightning import Callback, LightningModule, Trainer  # type: ignore[assignment]
    from pytorch_lightning.loggers import Logger  # type: ignore[assignment]

__all__ = ["Callback", "LightningModule", "Logger", "Trainer"]
