"""Records a Lightning training as a run of gandiag: one logger, and steps that are batches."""

from gandiag_lightning.logger import MonitorLogger

__all__ = ["MonitorLogger"]
