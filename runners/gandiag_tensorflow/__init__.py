"""The TensorFlow runner. Importing this package does not import TensorFlow."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from gandiag.experiment.experiment import Experiment
from gandiag.running.runner import Setting

if TYPE_CHECKING:
    from gandiag.running.runner import Engine, Tree
    from gandiag.training.process import Process

WIDTH = 5
"""Lanes. Two workers of five keep two cores at work; XLA gains little from more."""

ALONE = 1
"""The number of lanes of a heavy net on a CPU: together they cost more a seed, and every lane that
nobody asked for would cost the same again."""

DISTRIBUTIONS = ("tensorflow", "tensorflow-cpu", "tensorflow-macos", "tensorflow-intel")
"""The names under which TensorFlow is published."""


class TensorFlowRunner:
    """Trains groups of seeds in TensorFlow, compiled by XLA."""

    name = "tensorflow"
    modes = ("xla",)

    def version(self) -> str | None:
        """The version of TensorFlow, or None where it is not installed; imports nothing."""
        for distribution in DISTRIBUTIONS:
            try:
                return version(distribution)
            except PackageNotFoundError:
                continue
        return None

    def install_hint(self) -> str:
        """What to type to install it."""
        return "pip install 'gandiag[tensorflow-cpu]' (in a clone: pip install '.[tensorflow-cpu]')"

    def setting(self, experiment: Experiment, device: str, mode: str | None) -> Setting:
        """Always one XLA program: it is compiled in seconds."""
        device = "gpu" if device == "cuda" else device.replace("cuda:", "gpu:")
        alone = experiment.heavy and device == "cpu"
        return Setting(device, mode or "xla", ALONE if alone else WIDTH)

    def environment(self) -> dict[str, str]:
        """Variables that must be set before TensorFlow is imported."""
        return {
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TF_ENABLE_ONEDNN_OPTS": "0",
            "TF_NUM_INTRAOP_THREADS": "1",
            "TF_NUM_INTEROP_THREADS": "1",
            "TF_DETERMINISTIC_OPS": "1",
            "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        }

    def devices(self) -> list[str]:
        """The devices that TensorFlow finds; imports it."""
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
        return ["cpu", *(f"gpu:{i}" for i in range(len(gpus)))]

    def engine(
        self, process: Process, evaluation: Tree, setting: Setting, precision: str
    ) -> Engine:
        """Builds the engine of one phase; imports TensorFlow."""
        from gandiag_tensorflow.engine import TensorFlowEngine

        return TensorFlowEngine(process, evaluation, setting, precision)


RUNNER = TensorFlowRunner()
