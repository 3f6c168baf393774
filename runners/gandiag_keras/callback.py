"""The callback: what a user hands to ``fit``."""

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
    """Records a training as a run that every verb of gandiag can read.

    ::

        monitor = MonitorCallback("runs/my-gan", real=real, sample=lambda: gan.generator(z))
        gan.fit(data, epochs=5, callbacks=[monitor])

    for a model whose ``train_step`` returns ``d_loss`` and ``g_loss``. A step is a batch, counted
    over all epochs. Where the model returns results of `keras.metrics.Mean`, which are means since
    the epoch began, the value of each batch is taken back out of them, to about 1e-7 times the
    number of the batch; return the losses themselves to have them exactly. With
    ``steps_per_execution`` only the last batch of each execution is seen.

    Keras tells its callbacks of no exception: a ``fit`` that is left by one is crashed once the
    callback is gone, used again, or the process ends.

    Args:
        directory: The store, e.g. ``"runs/my-gan"``.
        sample: Gives generated samples [n, ...]; with latent vectors that were drawn once it
            takes no random number from the training.
        d_updates: The updates of D in a batch; by default they are read off the model's
            ``d_optimizer``.
        g_updates: The same of G.
        names: Our names of what is logged, by theirs, e.g. ``{"loss_D": "d_loss"}``.
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
        inspect.signature(Monitor).bind(directory, **settings)  # says now what it does not know
        if keras.backend.backend() == "jax":
            raise ValueError("MonitorCallback reads the model between batches; on JAX it cannot")
        self._directory, self._settings, self._sample = directory, settings, sample
        self._told = {"d": d_updates, "g": g_updates}
        self._names, self._stop_when_lost = names or {}, stop_when_lost
        self.monitor: Monitor | None = None
        self._step = self._epoch_began = self._sampled = 0
        self._ending: weakref.finalize[Any, Any] | None = None

    def on_train_begin(self, logs: Any = None) -> None:
        """Begins the run; a second ``fit`` goes on with it."""
        settings = dict(self._settings)
        if self._ending is not None:
            self._ending()  # where an exception left the last fit; else it has ended already
            settings["existing"] = "continue"
        self.monitor = Monitor(self._directory, **settings)
        self._ending = weakref.finalize(self, _left, self.monitor)
        if settings.get("existing") == "continue":
            rows = self.monitor.series()
            self._step = int(rows["iteration"].max()) if len(rows) else 0
        self._running = BatchValues(self.model)
        self._updates = Updates(self.model, self._told)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Keras counts its batches, and its means, anew."""
        self._epoch_began = self._step
        self._running.new_epoch()

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Takes samples of the batch before, after its validation."""
        due = self.monitor is not None and self.monitor.wants_samples(self._step)
        if due and self._step > self._sampled:
            self._log_samples()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Hands on what this batch brought."""
        if self.monitor is None:
            return
        batches = self._epoch_began + batch + 1 - self._step
        self._step += batches
        self.monitor.log(self._step, **self._updates.of(batches), **self._named(logs or {}))
        if self._stop_when_lost and self.monitor.should_stop:
            self.model.stop_training = True

    def on_test_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """Hands on what a validation within the training found."""
        if self.monitor is not None and logs:
            found = {f"val_{name}": value for name, value in logs.items()}
            self.monitor.log(self._step, **found)

    def on_train_end(self, logs: Any = None) -> None:
        """Ends the run, with samples of the last state."""
        if self.monitor is None or self._ending is None:
            return
        if self._sampled < self._step:
            self._log_samples()
        self.monitor.close()
        self._ending.detach()

    def _named(self, logs: Mapping[str, Any]) -> dict[str, Any]:
        values = self._running.values(logs)
        named = {self._names.get(name, name): value for name, value in values.items()}
        return {name: value for name, value in named.items() if name not in ("step", "self")}

    def _log_samples(self) -> None:
        if self._sample is None or self.monitor is None:
            return
        try:
            fake = self._sample()
        except Exception as error:  # of the user's code: the training is not to feel it
            self._sample = None
            words = f"{type(error).__name__}: {error}"
            warnings.warn(f"gandiag: no more samples, for sample() failed: {words}", stacklevel=2)
            return
        self.monitor.log_samples(self._step, fake=fake)
        self._sampled = self._step


def _left(monitor: Monitor) -> None:
    """Ends the run of a ``fit`` that never came to its end."""
    error = getattr(sys, "last_value", None) or RuntimeError("fit was left by an exception")
    monitor.__exit__(type(error), error, None)
