"""Records a training with accelerate as a run of gandiag, with one tracker on the main process."""

from gandiag_accelerate.tracker import MonitorTracker

__all__ = ["MonitorTracker"]
