"""The promise of a runner as checks: kept by the scripted runner, and found out where broken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.experiment.loading import read_experiment
from gandiag.running.runner import Product, Setting
from gandiag.testing import RUNNER, ScriptedRunner, check_runner
from gandiag.testing.scripted import ScriptedEngine
from gandiag.training.process import Process

SHORT = {
    "schedule.iterations": 20,
    "schedule.chunk": 8,
    "recording.every": 5,
    "recording.samples": 40,
    "pretraining.iterations": 20,
    "recording.pretrain_every": 10,
}
AYLIEN = read_experiment("aylien-1d", SHORT)
DIRAC = read_experiment("dirac", {"schedule.iterations": 20, "recording.every": 5})


@pytest.mark.parametrize("experiment", [AYLIEN, DIRAC], ids=lambda e: e.name)
def test_the_scripted_runner_keeps_the_promise(experiment: Any) -> None:
    check_runner(RUNNER, experiment)


def test_the_scripted_runner_keeps_the_promise_where_whole_batches_are_seen() -> None:
    devnag = {"schedule.iterations": 50, "recording.every": 25}
    check_runner(RUNNER, read_experiment("devnag-1d", devnag))


class Restless(ScriptedEngine):
    """Is never twice the same."""

    drawn = 0

    def observe(self) -> dict[str, NDArray[Any]]:
        type(self).drawn += 1
        return super().observe() | {"d_grad_norm": np.full(10, float(self.drawn))}


class Sociable(ScriptedEngine):
    """Looks at its neighbours."""

    def observe(self) -> dict[str, NDArray[Any]]:
        seen = super().observe()
        return seen | {"d_loss_last": np.full(10, seen["d_weight_norm"].mean())}


class Forgetful(ScriptedEngine):
    """Does not dump all of its state."""

    def dump(self) -> dict[str, Any]:
        state = super().dump()
        return state | {"d": state["d"] | {"weights": np.zeros_like(state["d"]["weights"])}}

    def load(self, state: Mapping[str, Any]) -> None:
        held = getattr(self, "_state", None)
        super().load(state)
        if held:
            self._state["d"]["weights"] = held["d"]["weights"]


class Shapeless(ScriptedEngine):
    """Gives one number too many."""

    def observe(self) -> dict[str, NDArray[Any]]:
        seen = super().observe()
        return seen | {"d_real": np.zeros((10, 2))}


class Crooked(ScriptedEngine):
    """Gives a product that is not linear."""

    def field_jvp(self, noise: Any, lane: int) -> Product:
        return lambda v: v * v


class Careless(ScriptedEngine):
    """Moves on while it is asked where it would go."""

    def field_jvp(self, noise: Any, lane: int) -> Product:
        self._state["g"]["weights"] += 1
        return super().field_jvp(noise, lane)


@pytest.mark.parametrize(
    ("engine", "complaint"),
    [
        (Restless, "replayed: d_grad_norm differs at train iteration 0"),
        (Sociable, "with and without a group: d_loss_last differs at train iteration 0"),
        (Forgetful, "continued: .* differs at train iteration 15"),
        (Shapeless, r"d_real has the shape \(10, 2\), not \(10,\)"),
        (Crooked, "field_jvp is not linear"),
        (Careless, "field_jvp changed g.weights"),
    ],
)
def test_a_runner_that_breaks_the_promise_is_found_out(
    engine: type[ScriptedEngine], complaint: str
) -> None:
    class Broken(ScriptedRunner):
        def engine(
            self, process: Process, evaluation: Any, setting: Setting, precision: str
        ) -> ScriptedEngine:
            return engine(process, evaluation, precision)

    with pytest.raises(AssertionError, match=complaint):
        check_runner(Broken(), read_experiment("aylien-1d", SHORT | {"pretraining": None}))
