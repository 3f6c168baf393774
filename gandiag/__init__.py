"""gandiag: diagnosis of the training dynamics of generative adversarial networks.

Nothing is imported before it is used, so that ``import gandiag`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gandiag._version import __version__

if TYPE_CHECKING:
    from gandiag.diagnosis.runs import analyze
    from gandiag.errors import GandiagError, UsageError
    from gandiag.experiment.experiment import Experiment
    from gandiag.experiment.loading import presets, read_experiment
    from gandiag.monitoring.comparison import Evaluator
    from gandiag.monitoring.monitor import Monitor
    from gandiag.store.loading import load
    from gandiag.store.results import Results
    from gandiag.sweeping.execution import sweep

_HOMES = {
    "Evaluator": "gandiag.monitoring.comparison",
    "Experiment": "gandiag.experiment.experiment",
    "GandiagError": "gandiag.errors",
    "Monitor": "gandiag.monitoring.monitor",
    "Results": "gandiag.store.results",
    "UsageError": "gandiag.errors",
    "analyze": "gandiag.diagnosis.runs",
    "load": "gandiag.store.loading",
    "presets": "gandiag.experiment.loading",
    "read_experiment": "gandiag.experiment.loading",
    "sweep": "gandiag.sweeping.execution",
}

__all__ = [
    "Evaluator",
    "Experiment",
    "GandiagError",
    "Monitor",
    "Results",
    "UsageError",
    "__version__",
    "analyze",
    "load",
    "presets",
    "read_experiment",
    "sweep",
]


def __getattr__(name: str) -> Any:
    if name == "metrics":
        return import_module("gandiag.metrics")
    if name not in _HOMES:
        raise AttributeError(f"module 'gandiag' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
