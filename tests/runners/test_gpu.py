"""On a GPU the Dirac-GAN's orbit is the CPU's, and a seed's numbers are its own there too."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from gandiag.plugins import runner
from gandiag.sweeping.probe import choose_device, has_gpu_driver
from gandiag.sweeping.supervisor import worker_environment

pytestmark = [pytest.mark.gpu, pytest.mark.framework, pytest.mark.timeout(900)]

CODE = """
import sys
import numpy as np
from gandiag.running.training_loop import StartPoint, train
from gandiag.plugins import runner
from gandiag.experiment.loading import read_experiment
from gandiag.running.runner import Setting
from gandiag.testing import check_runner

backend, device = sys.argv[1:]
found = runner(backend)
few = {"schedule.iterations": 6, "recording.every": 2, "recording.batches": 2}
check_runner(found, read_experiment("devnag-1d", few), device=device)
dirac = read_experiment("dirac", {"precision": "float64", "schedule.iterations": 100})
orbits = []
for place in ("cpu", device):
    setting = Setting(place, found.modes[0], 2)
    seen = train(found, dirac, setting, (0, 1), StartPoint("train"))
    orbits.append(np.array([o.state["g"]["weights"] for o in seen]))
np.testing.assert_allclose(*orbits, rtol=1e-9)
assert np.ptp(orbits[0]) > 0.1
"""


@pytest.mark.parametrize("backend", ["torch", "tensorflow"])
def test_a_gpu_keeps_the_promises_and_the_orbit(backend: str) -> None:
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    if not has_gpu_driver():
        pytest.skip("this machine has no GPU")
    device = choose_device(runner(backend), "auto")
    if device == "cpu":
        pytest.skip(f"{backend} is a build without GPU support")
    done = subprocess.run(
        [sys.executable, "-c", CODE, backend, device],
        env=worker_environment(backend),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
