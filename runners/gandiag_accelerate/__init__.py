"""Records a training run with accelerate, by one tracker on the main process."""

from gandiag_accelerate.tracker import MonitorTracker

__all__ = ["MonitorTracker"]
