"""The PyTorch runner. Importing this package does not import PyTorch."""

from __future__ import annotations

import shutil
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from gandiag.experiment.experiment import Experiment
from gandiag.running.runner import Setting

if TYPE_CHECKING:
    from gandiag.running.runner import Engine, Tree
    from gandiag.training.process import Process

WIDTHS = {"eager": 10, "inductor": 5}
"""Lanes. Compiled, two workers of five keep two cores at work; eager, an update's cost hardly
depends on its lanes, but that of looking at them does: with a hundred, ten seeds of a tiny net took
three times as long."""

ALONE = 1
"""The number of lanes of a heavy net on a CPU: together they cost as much or more a seed, and every
lane that nobody asked for would cost the same again."""

WORTH_COMPILING = 30_000
"""Updates a run. Inductor takes some 10 to 20 s; below, eager PyTorch is done by then."""

WORTH_COMPILING_CONV = 2_000
"""The same for nets with convolutions: compiled, one ran three times as fast."""


class TorchRunner:
    """Trains groups of seeds in PyTorch: eager, or compiled by Inductor."""

    name = "torch"
    modes = ("eager", "inductor")

    def version(self) -> str | None:
        """The version of PyTorch, or None where it is not installed; imports nothing."""
        try:
            return version("torch")
        except PackageNotFoundError:
            return None

    def install_hint(self) -> str:
        """What to type to install it."""
        return "pip install 'gandiag[torch]' (in a clone: pip install '.[torch]')"

    def setting(self, experiment: Experiment, device: str, mode: str | None) -> Setting:
        """Compiles where that pays and a C++ compiler is there, unless a mode is asked for."""
        device = "cuda" if device == "gpu" else device.replace("gpu:", "cuda:")
        plan = experiment.schedule
        updates = plan.iterations * (plan.d_steps + plan.g_steps)
        enough = WORTH_COMPILING_CONV if experiment.convolutional else WORTH_COMPILING
        pays = updates >= enough and shutil.which("g++") is not None
        mode = mode or ("inductor" if pays else "eager")
        if experiment.heavy and device == "cpu":
            return Setting(device, mode, ALONE)
        return Setting(device, mode, WIDTHS[mode])

    def environment(self) -> dict[str, str]:
        """Variables that must be set before PyTorch is imported."""
        return {"TORCHINDUCTOR_COMPILE_THREADS": "1", "CUBLAS_WORKSPACE_CONFIG": ":4096:8"}

    def devices(self) -> list[str]:
        """The devices that PyTorch finds; imports it."""
        import torch

        return ["cpu", *(f"cuda:{i}" for i in range(torch.cuda.device_count()))]

    def engine(
        self, process: Process, evaluation: Tree, setting: Setting, precision: str
    ) -> Engine:
        """Builds the engine of one phase; imports PyTorch."""
        from gandiag_torch.engine import TorchEngine

        return TorchEngine(process, evaluation, setting, precision)


RUNNER = TorchRunner()
