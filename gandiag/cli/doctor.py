"""Is this installation healthy? Versions, devices, and packages that stand in each other's way."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections import defaultdict
from importlib.metadata import distributions
from typing import Any

from gandiag._version import __version__
from gandiag.errors import UsageError
from gandiag.plugins import runner, runner_names
from gandiag.running.runner import Runner
from gandiag.sweeping.probe import devices


def examine() -> dict[str, Any]:
    """What is installed, as plain data with the keys ``backends`` and ``warnings``."""
    return {
        "schema": "gandiag.doctor/1",
        "gandiag": __version__,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "cpp_compiler": shutil.which("g++"),
        "backends": [_backend(runner(name)) for name in runner_names()],
        "warnings": cuda_conflicts(_installed()),
    }


def cuda_conflicts(names: set[str]) -> list[str]:
    """Complaints about CUDA packages of two generations, which overwrite each other's files.

    >>> cuda_conflicts({"nvidia-cudnn-cu12", "nvidia-cudnn-cu13"})[0].split(":")[0]
    'nvidia-cudnn-cu12 and nvidia-cudnn-cu13 install the same files'
    """
    families: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        if found := re.fullmatch(r"(nvidia-.+)-cu\d+", name):
            families[found[1]].append(name)
    complaints = []
    for both in families.values():
        if len(both) > 1:
            complaints.append(
                f"{' and '.join(both)} install the same files: keep TensorFlow and PyTorch for "
                "GPUs in two environments"
            )
    return complaints


def _backend(found: Runner) -> dict[str, Any]:
    version = found.version()
    facts: dict[str, Any] = {"name": found.name, "version": version, "threads": 1}
    if version is None:
        hint = found.install_hint()
        return facts | {"devices": [], "state": f"not installed; run: {hint}"}
    try:
        names = devices(found.name)
    except UsageError as error:
        return facts | {"devices": [], "state": f"{version}, broken: {error}"}
    state = f"{version}, devices: {', '.join(names)}; 1 thread a worker"
    return facts | {"devices": names, "state": state}


def _installed() -> set[str]:
    return {str(found.metadata["Name"]).lower() for found in distributions()}
