"""The logger that a user passes to a Trainer."""

from __future__ import annotations

import inspect
import warnings
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gandiag import Monitor
from gandiag_lightning.callback import RecordingCallback
from gandiag_lightning.framework import Callback, Logger
from gandiag_lightning.updates import Player


class MonitorLogger(Logger):
    """Records a training run as a run that every command of gandiag can read.

    ::

        logger = MonitorLogger("runs/my-gan", real=real, sample=lambda: gan.generator(z))
        Trainer(logger=logger, max_epochs=5).fit(gan, data)

    A step is a batch, counted over all epochs, and ``d_updates`` and ``g_updates`` are the steps
    that the optimizers made; Lightning's ``global_step`` counts those of both together. Whatever
    ``self.log`` gets in ``training_step`` is recorded at every batch: a row of the series has the
    mean over its batches, not the last of every fifty. If a name is logged twice in a batch, the
    second value counts; with ``on_step=False`` only an epoch's mean is recorded.

    It adds a callback to the trainer when the trainer passes its model to ``log_graph``. With
    ``Trainer(enable_autolog_hparams=False)`` that never happens: add
    ``callbacks=[logger.callback]``.

    Args:
        directory: The store, e.g. ``"runs/my-gan"``.
        sample: Returns generated samples [n, ...]. It is called without gradients and with the
            model in evaluation mode, and does not change the random numbers of the training.
        optimizers: The player of each optimizer, in the order of ``configure_optimizers``, e.g.
            ``("g", "d")``; by default they are recognised by the names of the modules.
        names: Column names by the names that you log, e.g. ``{"loss/D": "d_loss"}``.
        stop_when_lost: Whether to end the training when its numbers are no longer finite.
        **settings: What else `gandiag.Monitor` takes: ``real``, ``every``, ``seed``, ….
    """

    def __init__(
        self,
        directory: str | Path,
        *,
        sample: Callable[[], Any] | None = None,
        optimizers: Sequence[Player | None] | None = None,
        names: Mapping[str, str] | None = None,
        stop_when_lost: bool = False,
        **settings: Any,
    ) -> None:
        super().__init__()
        inspect.signature(Monitor).bind(directory, **settings)  # refuses unknown arguments now
        self._directory, self._settings = Path(directory), settings
        self._callback = RecordingCallback(
            self._begin, sample, optimizers, names or {}, stop_when_lost
        )
        self._options: dict[str, Any] = {}
        self._began = self._attached = False

    @property
    def name(self) -> str:
        """The store's name."""
        return self._directory.name

    @property
    def version(self) -> str:
        """The seed, as ``seed-0``."""
        return f"seed-{self._settings.get('seed', 0)}"

    @property
    def callback(self) -> Callback:
        """The callback that records the training."""
        return self._callback

    @property
    def monitor(self) -> Monitor | None:
        """The monitor, while a training runs in this process."""
        return self._callback.monitor

    def log_graph(self, model: Any, input_array: Any = None) -> None:
        """Adds the callback to the model's trainer, just before the training."""
        self._attached = True
        if self._callback not in model.trainer.callbacks:
            model.trainer.callbacks.append(self._callback)

    def log_hyperparams(
        self, params: dict[str, Any] | Namespace, *args: Any, **kwargs: Any
    ) -> None:
        """Keeps the hyperparameters as the run's options, without a seed, which differs by run."""
        values = vars(params) if isinstance(params, Namespace) else params
        self._options = {name: value for name, value in values.items() if name != "seed"}

    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        """Records what is logged of validations and epochs; the callback records the batches."""
        self._callback.log_other(metrics)
        if not self._attached and self._callback.monitor is None:
            self._attached = True
            warnings.warn(
                "gandiag: nothing is recorded, because the trainer did not pass its model to the "
                "logger; add "
                "Trainer(callbacks=[logger.callback])",
                stacklevel=2,
            )

    def _begin(self) -> Monitor:
        """A monitor; from a second ``fit`` on it continues the run."""
        options = self._options | (self._settings.get("options") or {})
        settings = self._settings | {"options": options}
        if self._began:
            settings["existing"] = "continue"
        self._began = self._attached = True
        return Monitor(self._directory, **settings)
