"""What a runner promises: an engine that trains a group of lanes, and a few facts about it.

A runner is a plug-in package, found through the entry points ``gandiag.runners``. Importing it
does not import its framework; only `Runner.devices` and `Runner.engine` do, and they are called
in worker processes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from gandiag.experiment.experiment import Experiment
from gandiag.training.process import Process

Arrays = Mapping[str, NDArray[Any]]
Tree = Mapping[str, Any]
"""Nested dictionaries of NumPy arrays with the lane axis first."""

Product = Callable[[NDArray[Any]], NDArray[Any]]
"""The product of a matrix with a vector [parameters], of that shape."""


class Engine(Protocol):
    """A group of lanes in training. What goes in and comes out is NumPy."""

    def load(self, state: Tree) -> None:
        """Sets the state: at the start, or from a checkpoint."""

    def advance(self, noise: Arrays, offset: int, count: int, first: int) -> None:
        """Runs some iterations, without waiting for the result.

        Args:
            noise: The random numbers of a chunk, each [iteration, draws, lane, feature, batch].
            offset: Where in the chunk to begin.
            count: How many iterations to make.
            first: How many iterations were made before.
        """

    def observe(self) -> dict[str, NDArray[Any]]:
        """What is to be recorded of the state now, each [lane, ...]."""

    def dump(self) -> dict[str, Any]:
        """The state, to be loaded again."""

    def field_jvp(self, noise: Arrays, lane: int) -> Product:
        """The Jacobian of the game's vector field at the state now, as its products with vectors.

        The field (-grad_d L_d, -grad_g L_g) is that of simultaneous gradient descent with a
        learning rate of 1, whatever optimiser and order the experiment has. The state is not
        changed, and the product stays that of the state at the time of the call.

        Args:
            noise: The random numbers of one iteration, each [draws, lane, feature, batch]; the
                first draw of each is the batch.
            lane: The lane.

        Returns:
            A function from v [parameters] to J v [parameters], D's parameters before G's, in
            the precision of the training. Its eigenvalues are `gandiag.metrics.jacobian_spectrum`.
        """


@dataclass(frozen=True)
class Setting:
    """How a group is trained: all that a run's numbers depend on apart from experiment and seed.

    Attributes:
        device: The device as the framework names it, e.g. ``"cpu"``, ``"cuda:1"``.
        mode: How the engine runs an update, e.g. ``"eager"``.
        width: The number of lanes.
    """

    device: str
    mode: str
    width: int

    @property
    def device_kind(self) -> str:
        """The device without its number: a run's numbers may depend on the kind alone."""
        return self.device.partition(":")[0]


class Runner(Protocol):
    """A plug-in for one framework."""

    @property
    def name(self) -> str:
        """The name of the backend."""

    @property
    def modes(self) -> tuple[str, ...]:
        """The ways in which its engine can run an update."""

    def version(self) -> str | None:
        """The version of the framework, or None where it is not installed; imports nothing."""

    def install_hint(self) -> str:
        """What to type to install it."""

    def setting(self, experiment: Experiment, device: str, mode: str | None) -> Setting:
        """The setting of an experiment's runs; imports nothing.

        Args:
            experiment: What is trained.
            device: The device.
            mode: The mode asked for, or None for the one that is fastest.
        """

    def environment(self) -> dict[str, str]:
        """Variables that must be set before the framework is imported."""

    def devices(self) -> list[str]:
        """The devices that the framework finds; imports it."""

    def engine(
        self, process: Process, evaluation: Tree, setting: Setting, precision: str
    ) -> Engine:
        """Builds the engine of one phase; imports the framework.

        Args:
            process: The phase.
            evaluation: The data that observations are computed on.
            setting: Device, mode and width.
            precision: ``"float32"`` or ``"float64"``.
        """


def flatten(tree: Tree, prefix: str = "") -> dict[str, NDArray[Any]]:
    """Nested dictionaries of arrays as one, with dotted names.

    >>> import numpy as np
    >>> flatten({"a": {"b": np.zeros(2)}, "c": np.ones(1)}).keys()
    dict_keys(['a.b', 'c'])
    """
    flat: dict[str, NDArray[Any]] = {}
    for name, value in tree.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def unflatten(flat: Arrays) -> dict[str, Any]:
    """The inverse of `flatten`."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *path, last = name.split(".")
        branch = tree
        for part in path:
            branch = branch.setdefault(part, {})
        branch[last] = value
    return tree
