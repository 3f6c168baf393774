"""A runner that trains nothing: its samples approach the data, or fail as a script says.

It needs no framework, so that sweeps, stores, resumption, command line and reports can be tested
without one. The script is JSON in the environment variable ``GANDIAG_SCRIPT``: for a lane (a seed's
remainder by ten) what happens at which iteration, and ``"delay_s"`` for how long each takes, e.g.
``{"3": {"diverge": 40}, "4": {"crash": 10}, "delay_s": 0.01}``.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gandiag.training.players import EMPTY_LOSS_STATISTICS

if TYPE_CHECKING:
    from gandiag.experiment.experiment import Experiment
    from gandiag.running.runner import Arrays, Engine, Product, Setting, Tree
    from gandiag.training.process import Process

SCRIPT = "GANDIAG_SCRIPT"

STEP = 0.05
"""The share of its distance to the data that a lane covers in an iteration."""


class ScriptedRunner:
    """A runner that keeps every runner's promise, without a framework."""

    name = "scripted"
    modes = ("script",)
    trains = False
    """It computes no game, so its numbers are compared with no reference."""

    def version(self) -> str | None:
        """A version; it is always installed."""
        return "1"

    def install_hint(self) -> str:
        """What to type to install it: nothing."""
        return "pip install gandiag"

    def setting(self, experiment: Experiment, device: str, mode: str | None) -> Setting:
        """Ten lanes on the CPU."""
        from gandiag.running.runner import Setting

        return Setting("cpu", mode or "script", 10)

    def environment(self) -> dict[str, str]:
        """Nothing has to be set."""
        return {}

    def devices(self) -> list[str]:
        """The CPU."""
        return ["cpu"]

    def engine(
        self, process: Process, evaluation: Tree, setting: Setting, precision: str
    ) -> Engine:
        """Builds the engine of one phase."""
        return ScriptedEngine(process, evaluation, precision)


class ScriptedEngine:
    """Moves every lane towards the mean of its data, perturbed by the random numbers."""

    def __init__(self, process: Process, evaluation: Tree, precision: str) -> None:
        self._process = process
        self._evaluation = evaluation
        self._dtype = np.dtype(precision)
        self._script: dict[str, Any] = json.loads(os.environ.get(SCRIPT, "{}"))
        self._state: dict[str, Any] = {}

    def load(self, state: Tree) -> None:
        """Sets the state."""
        self._state = _map(
            state, lambda a: np.array(a, self._dtype if a.dtype.kind == "f" else None)
        )

    def advance(self, noise: Arrays, offset: int, count: int, first: int) -> None:
        """Runs ``count`` iterations with the random numbers from ``offset`` on."""
        for i in range(count):
            time.sleep(self._script.get("delay_s", 0.0))
            numbers = noise[min(noise)][offset + i]
            self._move(numbers.mean(axis=(0, 2, 3), dtype=self._dtype))
            for lane in range(self._lanes):
                for event, at in self._script.get(str(lane), {}).items():
                    if at == first + i + 1:
                        self._trigger(event, lane, at)

    def observe(self) -> dict[str, NDArray[Any]]:
        """What is to be recorded of the state now."""
        state = self._state
        seen = {"failed_at": state["failed_at"].copy()}
        for player in ("d", "g"):
            if player in state:
                statistics = {
                    n: state[player][n].copy() for n in EMPTY_LOSS_STATISTICS if n in state[player]
                }
                seen |= {f"{player}_{name}": value for name, value in statistics.items()}
                seen[f"{player}_weight_norm"] = np.linalg.norm(state[player]["weights"], axis=1)
        return seen | (self._samples() if "g" in state else {})

    def dump(self) -> dict[str, Any]:
        """The state, to be loaded again."""
        return _map(self._state, np.copy)

    def field_jvp(self, noise: Arrays, lane: int) -> Product:
        """Every weight moves independently, so the Jacobian is a multiple of the identity."""
        return lambda v: -STEP * np.asarray(v, self._dtype)

    @property
    def _lanes(self) -> int:
        return len(self._state["failed_at"])

    def _move(self, push: NDArray[Any]) -> None:
        state = self._state
        for player in ("d", "g"):
            if player not in state:
                continue
            own = state[player]
            own["weights"] = own["weights"] * (1 - STEP) + 1e-3 * push[:, None]
            loss = np.abs(own["weights"]).mean(1)
            own["loss_sum"] = own["loss_sum"] + loss * self._updates(player)
            own["loss_min"] = np.minimum(own["loss_min"], loss)
            own["loss_max"] = np.maximum(own["loss_max"], loss)
            own["loss_last"] = loss
            own["loss_count"] = own["loss_count"] + self._updates(player)
            own["steps"] = own["steps"] + self._updates(player)

    def _updates(self, player: str) -> int:
        plan = getattr(self._process, "schedule", None)
        return int(getattr(plan, f"{player}_steps", 1))

    def _samples(self) -> dict[str, NDArray[Any]]:
        """The data, shifted by the generator's first weight."""
        size = getattr(self._process, "data_size", None)
        real = self._evaluation["real"][:, :size].astype(self._dtype)
        shift = self._state["g"]["weights"][:, 0]
        answer = 0.5 + 0.1 * np.tanh(shift)
        observed = dict.fromkeys(("d_real", "d_fake", "d_accuracy"), answer)
        observed |= {name: np.abs(shift) for name in ("d_grad_norm", "g_grad_norm")}
        observed |= {f"{p}_updates": self._state[p]["steps"][:, 0] for p in ("d", "g")}
        answers = np.repeat(answer[:, None], real.shape[-1], axis=1)
        observed |= {"d_real_answers": answers, "d_fake_answers": answers}
        if "plane" in self._evaluation:
            observed["plane"] = answer[:, None] * np.ones_like(self._evaluation["plane"][:, 0])
        if "latent_ends" in self._evaluation:
            points = self._evaluation["latent_ends"].shape[-1] // 2
            observed["latent_moves"] = np.repeat(real[..., :1], points, axis=2)
        return observed | {"samples": real + shift[:, None, None]}

    def _trigger(self, event: str, lane: int, at: int) -> None:
        if event == "crash":
            raise RuntimeError(f"the script lets lane {lane} crash at iteration {at}")
        if event == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if event in ("SIGKILL", "SIGSEGV"):
            os.kill(os.getpid(), getattr(signal, event))
        if event == "hang":
            time.sleep(3600)
        if event == "diverge":
            for player in ("d", "g"):
                if player in self._state:
                    self._state[player]["weights"][lane] = np.nan
            self._state["failed_at"][lane] = at


def _map(tree: Tree, change: Any) -> dict[str, Any]:
    return {k: _map(v, change) if isinstance(v, dict) else change(v) for k, v in tree.items()}


RUNNER = ScriptedRunner()
