"""What a training is seen through: Lightning's hooks, told to a monitor."""

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
    """Counts batches and updates, and hands on what each batch logged.

    Args:
        begin: Makes the monitor when a training starts.
        sample: Gives generated samples.
        optimizers: Whose the optimizers are; None finds it out.
        names: Our names of what is logged, by theirs.
        stop_when_lost: Whether the training ends when it is lost.
    """

    def __init__(
        self,
        begin: Callable[[], Monitor],
        sample: Callable[[], Any] | None,
        optimizers: Sequence[Player | None] | None,
        names: Mapping[str, str],
        stop_when_lost: bool,
    ) -> None:
        self._begin, self._sample, self._optimizers = begin, sample, optimizers
        self._names, self._stop_when_lost = names, stop_when_lost
        self.monitor: Monitor | None = None
        self._updates: Updates | None = None
        self._before: dict[str, Any] = {}
        self._seen: set[str] = set()
        self._step = self._sampled = -1

    def take(self, metrics: Mapping[str, Any]) -> None:
        """Takes what no batch logged: of a validation, of an epoch."""
        forks = {f"{name}_{kind}" for name in self._seen for kind in ("step", "epoch")}
        rest = {n: v for n, v in metrics.items() if n not in self._seen | forks | {"epoch"}}
        if self.monitor is not None and rest:
            self.monitor.log(max(self._step, 0), **self._named(rest))

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Begins the run."""
        if trainer.is_global_zero:
            self._updates = Updates(pl_module, trainer.optimizers, self._optimizers)
            self.monitor = self._begin()

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, *_: Any) -> None:
        """Takes samples of the batch before, after its validation; remembers what was logged."""
        if self.monitor is not None and self.monitor.wants_samples(self._step):
            self._log_samples(pl_module)
        # Lightning shows a value again and again until another comes.
        self._before = dict(trainer.callback_metrics)

    def on_train_batch_end(self, trainer: Trainer, *_: Any) -> None:
        """Hands on what this batch logged."""
        if self.monitor is None or self._updates is None:
            return
        # Batches over all epochs, restored with a checkpoint; global_step counts optimizers' steps.
        self._step = trainer.fit_loop.epoch_loop.total_batch_idx + 1
        fresh = self._fresh(trainer.callback_metrics)
        self._seen |= fresh.keys()
        self.monitor.log(self._step, **self._updates.taken(), **self._named(fresh))
        if self._stop_when_lost and self.monitor.should_stop:
            trainer.should_stop = True

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Ends the run, with samples of the last state."""
        if self._sampled < self._step:
            self._log_samples(pl_module)
        self._end(None)

    def on_exception(
        self, trainer: Trainer, pl_module: LightningModule, exception: BaseException
    ) -> None:
        """Ends the run as crashed or interrupted."""
        if isinstance(exception, SystemExit):  # of SIGTERM, too, and that is no end of its own
            exception = KeyboardInterrupt(repr(exception))
        self._end(exception)

    def _end(self, error: BaseException | None) -> None:
        monitor, self.monitor = self.monitor, None
        if self._updates is not None:
            self._updates.end()
        if monitor is not None:
            monitor.__exit__(type(error) if error else None, error, None)

    def _fresh(self, metrics: Mapping[str, Any]) -> dict[str, Any]:
        """What was logged since the batch began: what is of another tensor than it was.

        The tensors of before are still held, so that no new one can lie in their place.
        """
        return {
            name: value
            for name, value in metrics.items()
            if not (name.endswith("_step") and name.removesuffix("_step") in metrics)
            and (name not in self._before or self._before[name].data_ptr() != value.data_ptr())
        }

    def _named(self, metrics: Mapping[str, Any]) -> dict[str, Any]:
        named = {self._names.get(name, name): value for name, value in metrics.items()}
        return {name: value for name, value in named.items() if name not in ("step", "self")}

    def _log_samples(self, module: LightningModule) -> None:
        if self._sample is None or self.monitor is None:
            return
        try:
            with _aside(module):
                fake = self._sample()
        except Exception as error:  # of the user's code: the training is not to feel it
            self._sample = None
            words = f"{type(error).__name__}: {error}"
            warnings.warn(f"gandiag: no more samples, for sample() failed: {words}", stacklevel=2)
            return
        self.monitor.log_samples(self._step, fake=fake)
        self._sampled = self._step


@contextmanager
def _aside(module: LightningModule) -> Any:
    """Leaves no trace in the training: no gradient, no random number taken, no mode changed."""
    modes = {part: part.training for part in module.modules()}
    devices = [module.device] if module.device.type == "cuda" else []
    module.eval()
    try:
        with torch.no_grad(), torch.random.fork_rng(devices):
            yield
    finally:
        for part, mode in modes.items():
            part.training = mode
