"""An engine whose mathematics is wrong is found out by the comparison with NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.experiment.loading import read_experiment
from gandiag.running.runner import Setting
from gandiag.testing import check_runner
from gandiag.testing.agreement import SMALL
from gandiag.testing.reference import TOOLS, reference_program
from gandiag.training import numpy_operations
from gandiag.training.losses import Losses
from gandiag.training.optimizers import Adam
from gandiag.training.process import Process, State, Tools

GAME = read_experiment(
    "ring8", SMALL | {"schedule.iterations": 2, "schedule.chunk": 4, "recording.every": 1}
)


class NumpyRunner:
    """A right runner: the reference as an engine, of two lanes."""

    name = "numpy"
    modes = ("plain",)

    def __init__(self, tools: Tools = TOOLS) -> None:
        self.tools = tools

    def setting(self, experiment: Any, device: str, mode: str | None) -> Setting:
        return Setting("cpu", "plain", 2)

    def engine(self, process: Process, evaluation: Any, *_: Any) -> NumpyEngine:
        return NumpyEngine(process, evaluation, self.tools)


class NumpyEngine:
    def __init__(self, process: Process, evaluation: Any, tools: Tools) -> None:
        self.program = reference_program(process, tools)
        self.evaluation = self.program.prepare(double(evaluation))
        self.state: State = {}

    def load(self, state: Mapping[str, Any]) -> None:
        self.state = double(state)

    def advance(self, noise: Mapping[str, Any], offset: int, count: int, first: int) -> None:
        for k in range(count):
            one = double({name: numbers[offset + k] for name, numbers in noise.items()})
            self.state = self.program.iterate(self.state, one, np.array(first + k + 1))

    def observe(self) -> dict[str, NDArray[Any]]:
        return self.program.observe(self.state, self.evaluation)

    def dump(self) -> dict[str, Any]:
        return double(self.state)

    def field_jvp(self, noise: Any, lane: int) -> Any:
        return lambda v: -np.asarray(v)


def double(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {
        k: double(v)
        if isinstance(v, Mapping)
        else np.array(v, np.float64 if np.asarray(v).dtype.kind == "f" else None)
        for k, v in tree.items()
    }


def with_operations(**wrong: Any) -> Tools:
    return replace(TOOLS, ops=SimpleNamespace(**vars(numpy_operations) | wrong))


def test_the_reference_itself_passes() -> None:
    check_runner(NumpyRunner(), GAME)  # type: ignore[arg-type]


def test_a_tanh_that_is_one_percent_off_is_found_in_the_samples() -> None:
    tools = with_operations(tanh=lambda a: 1.01 * np.tanh(a))
    with pytest.raises(AssertionError, match="forward pass: samples: differs"):
        check_runner(NumpyRunner(tools), GAME)  # type: ignore[arg-type]


@pytest.mark.parametrize("factor", [0.99, 1.01])
def test_a_gradient_that_is_one_percent_off_is_found(factor: float) -> None:
    def wrong(f: Any) -> Any:
        def transformed(x: Any) -> Any:
            value, gradient = TOOLS.gradient(f)(x)
            return value, factor * gradient

        return transformed

    with pytest.raises(AssertionError, match=r"one update: .* differs"):
        check_runner(NumpyRunner(replace(TOOLS, gradient=wrong)), GAME)  # type: ignore[arg-type]


def in_the_engine_only(monkeypatch: pytest.MonkeyPatch, cls: type, name: str, wrong: Any) -> None:
    """Replaces a method while the engine computes, and not while the reference does."""
    right, run = getattr(cls, name), NumpyEngine.advance

    def advance(self: NumpyEngine, *arguments: Any) -> None:
        setattr(cls, name, wrong(right))
        try:
            run(self, *arguments)
        finally:
            setattr(cls, name, right)

    monkeypatch.setattr(NumpyEngine, "advance", advance)


def test_an_optimizer_s_step_that_is_one_percent_off_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wrong(right: Any) -> Any:
        def step(*arguments: Any) -> Any:
            moved, slots = right(*arguments)
            return 1.01 * moved, slots

        return step

    in_the_engine_only(monkeypatch, Adam, "_step", wrong)
    with pytest.raises(AssertionError, match=r"one update: .\.weights \(how far it moves\)"):
        check_runner(NumpyRunner(), GAME)  # type: ignore[arg-type]


def test_exchanged_gradients_of_the_two_players_are_found() -> None:
    dirac = {"schedule.iterations": 4, "recording.every": 2, "generator.weights.value": 0.4}
    experiment = read_experiment("dirac", dirac)

    class Exchanged(NumpyEngine):
        def advance(self, noise: Any, offset: int, count: int, first: int) -> None:
            self.state = swapped(self.state)
            super().advance(noise, offset, count, first)
            self.state = swapped(self.state)

    class Runner(NumpyRunner):
        def engine(self, process: Process, evaluation: Any, *_: Any) -> NumpyEngine:
            return Exchanged(process, evaluation, self.tools)

    with pytest.raises(AssertionError, match=r"one update: .\.weights"):
        check_runner(Runner(), experiment)  # type: ignore[arg-type]


def swapped(state: State) -> State:
    return {"d": state["g"], "g": state["d"], "failed_at": state["failed_at"]}


def test_a_generator_that_ascends_its_loss_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(right: Any) -> Any:
        def g_gradient(*arguments: Any) -> Any:
            result = right(*arguments)
            return result | {"gradient": -result["gradient"]}

        return g_gradient

    in_the_engine_only(monkeypatch, Losses, "g_gradient", wrong)
    with pytest.raises(AssertionError, match=r"one update: g\.weights"):
        check_runner(NumpyRunner(), GAME)  # type: ignore[arg-type]


def test_a_discriminator_that_takes_generated_for_real_samples_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wrong(right: Any) -> Any:
        def d_loss(self: Any, d: Any, real: Any, fake: Any, batch: Any = None) -> Any:
            return right(self, d, fake, real, batch)

        return d_loss

    in_the_engine_only(monkeypatch, Losses, "d_loss", wrong)
    with pytest.raises(AssertionError, match=r"one update: d\.weights"):
        check_runner(NumpyRunner(), GAME)  # type: ignore[arg-type]
