"""The logger: what a user hands to a Trainer."""

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
    """Records a training as a run that every verb of gandiag can read.

    ::

        logger = MonitorLogger("runs/my-gan", real=real, sample=lambda: gan.generator(z))
        Trainer(logger=logger, max_epochs=5).fit(gan, data)

    A step is a batch, counted over all epochs, and ``d_updates`` and ``g_updates`` are the steps
    that the optimizers made; Lightning's ``global_step`` counts those of both together. Whatever
    ``self.log`` gets in ``training_step`` is taken batch by batch, where it is: a row of the
    series has the mean over its batches, not the last of every fifty. What is logged twice in a
    batch counts by the second; ``on_step=False`` leaves an epoch's mean only.

    It attaches a callback to the trainer when that announces the model. Where it does not,
    ``Trainer(enable_autolog_hparams=False)``, add ``callbacks=[logger.callback]``.

    Args:
        directory: The store, e.g. ``"runs/my-gan"``.
        sample: Gives generated samples [n, ...]. It is called without gradients, with the model in
            the mode of evaluation, and takes no random number from the training.
        optimizers: Whose the optimizers are, in the order of ``configure_optimizers``, e.g.
            ``("g", "d")``; by default that is found by the names of the modules.
        names: Our names of what is logged, by theirs, e.g. ``{"loss/D": "d_loss"}``.
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
        inspect.signature(Monitor).bind(directory, **settings)  # says now what it does not know
        self._directory, self._settings = Path(directory), settings
        self._watch = RecordingCallback(
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
        """The seed, in a word."""
        return f"seed-{self._settings.get('seed', 0)}"

    @property
    def callback(self) -> Callback:
        """What watches the training."""
        return self._watch

    @property
    def monitor(self) -> Monitor | None:
        """The monitor, while a training goes on in this process."""
        return self._watch.monitor

    def log_graph(self, model: Any, input_array: Any = None) -> None:
        """Hears of the model, and so of its trainer, just before the training."""
        self._attached = True
        if self._watch not in model.trainer.callbacks:
            model.trainer.callbacks.append(self._watch)

    def log_hyperparams(
        self, params: dict[str, Any] | Namespace, *args: Any, **kwargs: Any
    ) -> None:
        """Keeps them as the run's options; a seed among them is the run's, not the sweep's."""
        given = vars(params) if isinstance(params, Namespace) else params
        self._options = {name: value for name, value in given.items() if name != "seed"}

    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        """Takes what is logged of validations and epochs; the batches are watched."""
        self._watch.take(metrics)
        if not self._attached and self._watch.monitor is None:
            self._attached = True
            warnings.warn(
                "gandiag: nothing is recorded, for the trainer did not announce its model; add "
                "Trainer(callbacks=[logger.callback])",
                stacklevel=2,
            )

    def _begin(self) -> Monitor:
        """The monitor; that of a second ``fit`` goes on with the run."""
        given = self._settings | {"options": self._options | (self._settings.get("options") or {})}
        if self._began:
            given["existing"] = "continue"
        self._began = self._attached = True
        return Monitor(self._directory, **given)
