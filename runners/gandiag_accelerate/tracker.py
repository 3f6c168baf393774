"""The tracker that a user passes to an Accelerator."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accelerate.tracking import GeneralTracker, on_main_process

from gandiag import Monitor


class MonitorTracker(GeneralTracker):
    """Records a training run as a run that every command of gandiag can read.

    ::

        accelerator = Accelerator(log_with=MonitorTracker("runs/my-gan", real=real))
        accelerator.init_trackers("my-gan", config={"lr": 2e-4})
        for step, batch in enumerate(loader):
            ...
            accelerator.log({"d_loss": d_loss, "g_loss": g_loss}, step=step)
        accelerator.end_training()

    ``"d_updates": 1`` and ``"g_updates": 1`` among the values are the updates made since the last
    call, as in ``Monitor.log``. Tensors may be logged directly: nothing waits for a device. Log at
    every step: a row of the series has the mean over its steps. Samples go to the monitor::

        monitor = accelerator.get_tracker("gandiag", unwrap=True)
        if accelerator.is_main_process and monitor.wants_samples(step):
            monitor.log_samples(step, fake=generator(z))

    A run ends with ``end_training``; if an exception ends the process, its status is crashed.

    Args:
        directory: The store, e.g. ``"runs/my-gan"``.
        names: Maps logged names to column names, e.g. ``{"loss/D": "d_loss"}``.
        **settings: Other arguments of `gandiag.Monitor`: ``real``, ``every``, ``seed``, ….
    """

    name = "gandiag"
    requires_logging_directory = False
    main_process_only = True

    def __init__(
        self, directory: str | Path, *, names: Mapping[str, str] | None = None, **settings: Any
    ) -> None:
        inspect.signature(Monitor).bind(directory, **settings)  # refuses unknown arguments now
        self._directory, self._settings, self._names = directory, settings, names or {}
        self._monitor: Monitor | None = None
        self._step = 0
        super().__init__()

    @property
    def tracker(self) -> Monitor | None:
        """The monitor; None until something is logged or configured, and on other processes."""
        return self._get_monitor()

    @on_main_process
    def store_init_configuration(self, values: dict[str, Any]) -> None:
        """Begins the run with these options, without `seed`, which differs between runs."""
        options = {name: value for name, value in values.items() if name != "seed"}
        self._settings["options"] = options | (self._settings.get("options") or {})
        self._get_monitor()

    @on_main_process
    def log(self, values: Mapping[str, Any], step: int | None = None, **kwargs: Any) -> None:
        """Logs the values of a step; without its number, calls are counted from 1."""
        self._step = self._step + 1 if step is None else step
        renamed = {str(self._names.get(name, name)): value for name, value in values.items()}
        scalars = {name: value for name, value in renamed.items() if name not in ("step", "self")}
        self._get_monitor().log(self._step, **scalars)

    @on_main_process
    def finish(self) -> None:
        """Ends the run."""
        if self._monitor is not None:
            self._monitor.close()

    def _get_monitor(self) -> Monitor:
        """The monitor; it is made at the first use, because the options come after the tracker."""
        if self._monitor is None:
            self._monitor = Monitor(self._directory, **self._settings)
        return self._monitor
