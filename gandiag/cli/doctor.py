"""``gandiag doctor``: versions, devices, and packages that conflict."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
from collections import defaultdict
from importlib.metadata import distributions
from typing import TYPE_CHECKING, Any

import typer

from gandiag.cli.options import AsJson

if TYPE_CHECKING:
    from gandiag.running.runner import Runner


def doctor(as_json: AsJson = False) -> None:
    """Check the installation: versions, backends, devices and conflicting packages."""
    found = examine()
    if as_json:
        print(json.dumps(found, indent=1))
        return
    print(f"gandiag {found['gandiag']}, Python {found['python']}, {found['cores']} cores")
    for backend in found["backends"]:
        print(f"{backend['name']:<12} {backend['state']}")
    for warning in found["warnings"]:
        print(f"warning: {warning}")


def examine() -> dict[str, Any]:
    """What is installed, as plain data with the keys ``backends`` and ``warnings``."""
    from gandiag._version import __version__
    from gandiag.plugins import runner, runner_names

    return {
        "schema": "gandiag.doctor/1",
        "gandiag": __version__,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "cpp_compiler": shutil.which("g++"),
        "backends": [examine_backend(runner(name)) for name in runner_names()],
        "warnings": cuda_conflicts(_installed()),
    }


def examine_backend(runner: Runner) -> dict[str, Any]:
    """A backend's version and devices, or why it cannot be used."""
    from gandiag.errors import UsageError
    from gandiag.sweeping import probe

    version = runner.version()
    facts: dict[str, Any] = {"name": runner.name, "version": version, "threads": 1}
    if version is None:
        hint = runner.install_hint()
        return facts | {"devices": [], "state": f"not installed; run: {hint}"}
    try:
        names = probe.devices(runner.name)
    except UsageError as error:
        return facts | {"devices": [], "state": f"{version}, broken: {error}"}
    state = f"{version}, devices: {', '.join(names)}; 1 thread per worker"
    return facts | {"devices": names, "state": state}


def cuda_conflicts(names: set[str]) -> list[str]:
    """Warnings about CUDA packages of two versions, which overwrite each other's files.

    >>> cuda_conflicts({"nvidia-cudnn-cu12", "nvidia-cudnn-cu13"})[0].split(":")[0]
    'nvidia-cudnn-cu12 and nvidia-cudnn-cu13 install the same files'
    """
    versions: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        if match := re.fullmatch(r"(nvidia-.+)-cu\d+", name):
            versions[match[1]].append(name)
    return [
        f"{' and '.join(packages)} install the same files: use one environment for TensorFlow "
        "and another for PyTorch"
        for packages in versions.values()
        if len(packages) > 1
    ]


def _installed() -> set[str]:
    return {str(package.metadata["Name"]).lower() for package in distributions()}


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(doctor)
