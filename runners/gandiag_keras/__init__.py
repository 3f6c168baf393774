"""Records a Keras training as a run of gandiag: one callback, and losses of single batches."""

from gandiag_keras.callback import MonitorCallback

__all__ = ["MonitorCallback"]
