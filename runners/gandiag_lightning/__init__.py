"""Records a Lightning training as a run of gandiag, with one logger; a step is a batch."""

from gandiag_lightning.logger import MonitorLogger

__all__ = ["MonitorLogger"]
