"""A run that can be written to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gandiag.reading import experiment_from
from gandiag.store.manifest import Manifest
from gandiag.store.run import RunWriter
from gandiag.sweeping.conduct import make_plan
from gandiag.sweeping.request import Request


@pytest.fixture
def manifest(quick: dict[str, Any], tmp_path: Path) -> Manifest:
    """The manifest of seed 3."""
    out = tmp_path / "nowhere"
    request = Request(seeds="3-3", backend="scripted", settings=quick, out=out, command="typed")
    return make_plan(request).runs[0]


@pytest.fixture
def writer(manifest: Manifest, tmp_path: Path) -> Callable[[], RunWriter]:
    """Opens the run of seed 3, again at every call."""
    directory = tmp_path / "run"
    directory.mkdir()
    experiment = experiment_from(manifest.identity.experiment, "here")
    return lambda: RunWriter(directory, manifest, experiment)
