"""The callback that a user passes to ``fit``."""

from __future__ import annotations

import inspect
import sys
import warnings
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import keras

from gandiag import Monitor
from gandiag_keras.batch_values import BatchValues
from gandiag_keras.updates import Updates


class MonitorCallback(keras.callbacks.Callback):
    """Records a training run as a run that every command of gandiag can read.

    ::

        monitor = MonitorCallback("runs/my-gan", real=real, sample=lambda: gan.generator(z))
        gan.fit(data, epochs=5, callbacks=[monitor])

    for a model whose ``train_step`` returns ``d_loss`` and ``g_loss``. A step is a batch, counted
    over all epochs. If the model returns results of `keras.metrics.Mean`, which are means since
    the epoch began, the value of each batch is computed from them, with an error of about 1e-7
    times the number of the batch; return the losses themselves to record them exactly. With
    ``steps_per_execution``, means cover all batches of an execution, and losses only its last.

    Keras does not inform callbacks of an exception: a ``fit`` that one has ended is recorded as
    crashed when the callback is used again or deleted, or when the process ends.

    Args:
        directory: The store, e.g. ``"runs/my-gan"``.
        sample: Returns generated samples [n, ...]. Draw its latent vectors once, so that it does
            not change the random numbers of the training.
        d_updates: The updates of D in a batch; by default they are read from the model's
            ``d_optimizer``.
        g_updates: The updates of G in a batch.
        names: Column names by the names that the model returns, e.g. ``{"loss_D": "d_loss"}``.
        stop_when_lost: Whether to end the training when its numbers are no longer finite.
        **settings: What else `gandiag.Monitor` takes: ``real``, ``every``, ``seed``, ….
    """

    def __init__(
        self,
        directory: str | Path,
        *,
        sample: Callable[[], Any] | None = None,
        d_updates: int | None = None,
        g_updates: int | None = None,
        names: Mapping[str, str] | None = None,
        stop_when_lost: bool = False,
        **settings: Any,
    ) -> None:
        super().__init__()
        inspect.signature(Monitor).bind(directory, **settings)  # refuses unknown arguments now
        if keras.backend.backend() == "jax":
            raise ValueError("MonitorCallback cannot read the model between batches on JAX")
        self._directory, self._settings, self._sample = directory, settings, sample
        self._declared_updates = {"d": d_updates, "g": g_updates}
        self._names, self._stop_when_lost = names or {}, stop_when_lost
        self.monitor: Monitor | None = None
        self._step = self._epoch_start = self._sampled = 0
        self._finalizer: weakref.finalize[Any, Any] | None = None

    def on_train_begin(self, logs: Any = None) -> None:
        """Begins the run; a second ``fit`` continues it."""
        settings = dict(self._settings)
        if self._finalizer is not None:
            self._finalizer()  # ends the run if an exception ended the last fit
            settings["existing"] = "continue"
        self.monitor = Monitor(self._directory, **settings)
        self._finalizer = weakref.finalize(self, _end_crashed, self.monitor)
        if settings.get("existing") == "continue":
            rows = self.monitor.series()
            self._step = int(rows["iteration"].max()) if len(rows) else 0
        self._batch_values = BatchValues(self.model)
        self._updates = Updates(self.model, self._declared_updates)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Starts a new epoch, in which Keras counts batches from 0 and resets its means."""
        self._epoch_start = self._step
        self._batch_values.new_epoch()

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Logs samples of the previous step, after its validation."""
        due = self.monitor is not None and self.monitor.wants_samples(self._step)
        if due and self._step > self._sampled:
            self._log_samples()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Logs the values of this batch."""
        if self.monitor is None:
            return
        batches = self._epoch_start + batch + 1 - self._step
        self._step += batches
        updates = self._updates.since_last_call(batches)
        self.monitor.log(self._step, **updates, **self._renamed(logs or {}))
        if self._stop_when_lost and self.monitor.should_stop:
            self.model.stop_training = True

    def on_test_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """Logs the values of a validation."""
        if self.monitor is not None and logs:
            values = {f"val_{name}": value for name, value in logs.items()}
            self.monitor.log(self._step, **values)

    def on_train_end(self, logs: Any = None) -> None:
        """Logs samples of the last step, and ends the run."""
        if self.monitor is None or self._finalizer is None:
            return
        if self._sampled < self._step:
            self._log_samples()
        self.monitor.close()
        self._finalizer.detach()

    def _renamed(self, logs: Mapping[str, Any]) -> dict[str, Any]:
        values = self._batch_values.values(logs)
        renamed = {self._names.get(name, name): value for name, value in values.items()}
        return {name: value for name, value in renamed.items() if name not in ("step", "self")}

    def _log_samples(self) -> None:
        if self._sample is None or self.monitor is None:
            return
        try:
            fake = self._sample()
        except Exception as error:  # the user's function may fail in any way
            self._sample = None
            cause = f"{type(error).__name__}: {error}"
            warnings.warn(f"gandiag: no more samples: sample() failed: {cause}", stacklevel=2)
            return
        self.monitor.log_samples(self._step, fake=fake)
        self._sampled = self._step


def _end_crashed(monitor: Monitor) -> None:
    """Ends the run of a ``fit`` that an exception has ended."""
    error = getattr(sys, "last_value", None) or RuntimeError("an exception ended fit")
    monitor.__exit__(type(error), error, None)
