"""How many seeds train in one operation."""

from __future__ import annotations

import pytest

from gandiag.experiment.loading import read_experiment
from gandiag.plugins import runner


@pytest.mark.parametrize("backend", ["torch", "tensorflow"])
@pytest.mark.parametrize("preset", ["edward-mnist", "dcgan-mnist-small", "grid25:paper"])
def test_a_heavy_net_trains_alone_on_a_cpu_and_in_a_group_on_a_gpu(
    backend: str, preset: str
) -> None:
    experiment, found = read_experiment(preset), runner(backend)
    assert found.setting(experiment, "cpu", None).width == 1
    assert found.setting(experiment, "gpu:0", None).width >= 5


@pytest.mark.parametrize("backend", ["torch", "tensorflow"])
@pytest.mark.parametrize("preset", ["devnag-1d", "chivers-2d", "ring8", "aylien-1d"])
def test_small_nets_share_their_operations(backend: str, preset: str) -> None:
    assert runner(backend).setting(read_experiment(preset), "cpu", None).width >= 5
