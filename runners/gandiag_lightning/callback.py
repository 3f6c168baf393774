"""The callback that records every batch of a training run."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from gandiag import Monitor
from gandiag_lightning.framework import Callback, LightningModule, Trainer
from gandiag_lightning.updates import Player, Updates


class RecordingCallback(Callback):
    """Counts batches and updates, and logs the values of each batch to a monitor.

    Args:
        make_monitor: Makes the monitor when a training run starts.
        sample: Returns generated samples.
        optimizers: The player of each optimizer; None to recognise them.
        names: Column names by the names that the user logs.
        stop_when_lost: Whether to end the training when it is lost.
    """

    def __init__(
        self,
        make_monitor: Callable[[], Monitor],
        sample: Callable[[], Any] | None,
        optimizers: Sequence[Player | None] | None,
        names: Mapping[str, str],
        stop_when_lost: bool,
    ) -> None:
        self._make_monitor, self._sample, self._optimizers = make_monitor, sample, optimizers
        self._names, self._stop_when_lost = names, stop_when_lost
        self.monitor: Monitor | None = None
        self._updates: Updates | None = None
        self._earlier: dict[str, Any] = {}
        self._batch_names: set[str] = set()
        self._step = self._sampled = -1

    def log_other(self, metrics: Mapping[str, Any]) -> None:
        """Logs values that no batch logged, as of a validation or an epoch."""
        # Lightning adds these suffixes where a value is logged by step and by epoch.
        forked = {f"{name}_{kind}" for name in self._batch_names for kind in ("step", "epoch")}
        known = self._batch_names | forked | {"epoch"}
        other = {name: value for name, value in metrics.items() if name not in known}
        if self.monitor is not None and other:
            self.monitor.log(max(self._step, 0), **self._renamed(other))

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Begins the run."""
        if trainer.is_global_zero:
            self._updates = Updates(pl_module, trainer.optimizers, self._optimizers)
            self.monitor = self._make_monitor()

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, *_: Any) -> None:
        """Logs samples of the previous step, after its validation."""
        if self.monitor is not None and self.monitor.wants_samples(self._step):
            self._log_samples(pl_module)
        # Lightning repeats a value until a new one is logged.
        self._earlier = dict(trainer.callback_metrics)

    def on_train_batch_end(self, trainer: Trainer, *_: Any) -> None:
        """Logs the values of this batch."""
        if self.monitor is None or self._updates is None:
            return
        # The batches of all epochs, as restored from a checkpoint.
        self._step = trainer.fit_loop.epoch_loop.total_batch_idx + 1
        values = self._of_this_batch(trainer.callback_metrics)
        self._batch_names |= values.keys()
        updates = self._updates.since_last_call()
        self.monitor.log(self._step, **updates, **self._renamed(values))
        if self._stop_when_lost and self.monitor.should_stop:
            trainer.should_stop = True

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Logs samples of the last step, and ends the run."""
        if self._sampled < self._step:
            self._log_samples(pl_module)
        self._end(None)

    def on_exception(
        self, trainer: Trainer, pl_module: LightningModule, exception: BaseException
    ) -> None:
        """Ends the run as crashed or interrupted."""
        if isinstance(exception, SystemExit):  # Lightning raises it at SIGTERM: interrupted
            exception = KeyboardInterrupt(repr(exception))
        self._end(exception)

    def _end(self, error: BaseException | None) -> None:
        monitor, self.monitor = self.monitor, None
        if self._updates is not None:
            self._updates.stop()
        if monitor is not None:
            monitor.__exit__(type(error) if error else None, error, None)

    def _of_this_batch(self, metrics: Mapping[str, Any]) -> dict[str, Any]:
        """The values logged since the batch began: those whose tensor is a new one.

        The earlier tensors are still referenced, so that no new one can have their address.
        """
        return {
            name: value
            for name, value in metrics.items()
            if not (name.endswith("_step") and name.removesuffix("_step") in metrics)
            and (name not in self._earlier or self._earlier[name].data_ptr() != value.data_ptr())
        }

    def _renamed(self, metrics: Mapping[str, Any]) -> dict[str, Any]:
        renamed = {self._names.get(name, name): value for name, value in metrics.items()}
        return {name: value for name, value in renamed.items() if name not in ("step", "self")}

    def _log_samples(self, module: LightningModule) -> None:
        if self._sample is None or self.monitor is None:
            return
        try:
            with _undisturbed(module):
                fake = self._sample()
        except Exception as error:  # the user's function may fail in any way
            self._sample = None
            cause = f"{type(error).__name__}: {error}"
            warnings.warn(f"gandiag: no more samples: sample() failed: {cause}", stacklevel=2)
            return
        self.monitor.log_samples(self._step, fake=fake)
        self._sampled = self._step


@contextmanager
def _undisturbed(module: LightningModule) -> Any:
    """Leaves the training as it was: no gradients, the same random numbers, the same modes."""
    modes = {part: part.training for part in module.modules()}
    devices = [module.device] if module.device.type == "cuda" else []
    module.eval()
    try:
        with torch.no_grad(), torch.random.fork_rng(devices):
            yield
    finally:
        for part, mode in modes.items():
            part.training = mode
