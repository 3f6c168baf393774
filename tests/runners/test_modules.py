"""A trained layer that PyTorch has no module for is refused with what to do."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from gandiag.sweeping.supervisor import worker_environment

pytestmark = pytest.mark.framework

UNKNOWN = """
from types import SimpleNamespace
from gandiag.errors import UsageError
from gandiag_torch.layers import layers
for spec in ({"kind": "recurrent"}, {"kind": "flatten", "activation": "gelu"}):
    try:
        layers(SimpleNamespace(layer=SimpleNamespace(**spec)))
    except UsageError as error:
        print(error)
"""


@pytest.mark.skipif(find_spec("torch") is None, reason="torch is not installed")
def test_an_unknown_layer_or_activation_is_a_usage_error_that_names_the_known_ones() -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNKNOWN],
        env=worker_environment("torch"), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    layer, activation = done.stdout.splitlines()
    assert "there is no kind of layer 'recurrent'. Available: dense, maxout," in layer
    assert "there is no activation 'gelu'; did you mean 'elu'?" in activation
    assert layer.endswith(
        "Sample it with gandiag.sampling instead, or add it to gandiag_torch.layers"
    )
