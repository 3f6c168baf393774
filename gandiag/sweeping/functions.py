"""A user's own training function in a sweep: ``module:train``, called once per seed in a worker.

The function is called as ``train(seed, monitor, **options)`` and records through the monitor; see
`gandiag.Monitor.compare` for how it sets the data that its samples are compared with.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gandiag.data.user_function import FUNCTION_NAME, source_file
from gandiag.errors import DataError, ExperimentError, must_be_one_of
from gandiag.experiment.loading import presets
from gandiag.experiment.recorded import Recorded
from gandiag.running.runner import Setting

if TYPE_CHECKING:
    from gandiag.experiment.experiment import Experiment
    from gandiag.running.runner import Engine, Tree
    from gandiag.training.process import Process

NAME = "function"

Function = (ast.FunctionDef, ast.AsyncFunctionDef)
AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef

SETTING = Setting(device="", mode="", width=1)
"""The function itself chooses device and mode; a worker trains one seed."""


class FunctionRunner:
    """Takes the place of a runner where a user's function trains."""

    name = NAME
    modes = ()

    def version(self) -> str | None:
        """It is always available."""
        return "1"

    def install_hint(self) -> str:
        """The command that installs it; it is part of gandiag."""
        return "pip install gandiag"

    def setting(self, experiment: Experiment, device: str, mode: str | None) -> Setting:
        """One seed per worker."""
        return SETTING

    def environment(self) -> dict[str, str]:
        """Nothing has to be set."""
        return {}

    def devices(self) -> list[str]:
        """None of ours."""
        return []

    def engine(
        self, process: Process, evaluation: Tree, setting: Setting, precision: str
    ) -> Engine:
        """There is no engine: the function does the training."""
        raise NotImplementedError


RUNNER = FunctionRunner()


def is_function(what: str) -> bool:
    """Whether a reference names a function of an existing module, and not a preset's variant.

    >>> is_function("json.tool:main"), is_function("dirac:r1"), is_function("my.toml:wide")
    (True, False, False)
    """
    match = FUNCTION_NAME.fullmatch(what)
    if match is None or match["module"].endswith(".toml"):
        return False
    if what.partition(":")[0].endswith(".py"):
        return True
    return match["module"] not in presets() and _source(what) != Path()


def read_function(what: str) -> Recorded:
    """The experiment of a sweep of a function."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", what.replace(".py:", ":").rpartition("/")[2])
    return Recorded(name=name.lstrip("._-"), function=what)


def load_function(what: str) -> Callable[..., Any]:
    """Imports the function, from the working directory as ``python -m`` would."""
    match = _match(what)
    source = _source(what)
    folder = source.parent if what.partition(":")[0].endswith(".py") else Path.cwd()
    sys.path.insert(0, str(folder))
    module = source.stem if what.partition(":")[0].endswith(".py") else match["module"]
    found: Callable[..., Any] = getattr(import_module(module), match["function"])
    return found


def _match(what: str) -> re.Match[str]:
    match = FUNCTION_NAME.fullmatch(what)
    if match is None:
        raise ExperimentError(f"{what!r} names no function; write module:function")
    return match


def _source(what: str) -> Path:
    """The source file of a function; the empty path if there is none."""
    with suppress(DataError):
        return source_file(what)
    return Path()


def check(trained: Recorded) -> None:
    """Checks the source before any worker starts: whether the function exists, and its parameters.

    Raises:
        ExperimentError: It does not exist, or cannot be called as it would be.
    """
    source, name = _source(trained.function), _match(trained.function)["function"]
    try:
        tree = ast.parse(source.read_bytes())
    except (OSError, SyntaxError, ValueError) as error:
        what = f"the source of {trained.function}"
        raise ExperimentError(f"cannot read {what}, write module:function: {error}") from None
    known = {node.name: node for node in tree.body if isinstance(node, Function)}
    if name in known:
        _check_call(known[name], source, trained.options)
    elif name not in source.read_text(encoding="utf-8", errors="replace"):
        # Otherwise it may be imported there, or returned by a call: the worker will see.
        raise ExperimentError(f"{source}: " + must_be_one_of("function", name, known or ["none"]))


def _check_call(node: AnyFunction, source: Path, options: Mapping[str, Any]) -> None:
    if isinstance(node, ast.AsyncFunctionDef):
        raise ExperimentError(f"{source}: {node.name} is async, and nobody would await it")
    if node.decorator_list:  # its decorator determines the parameters
        return
    arguments = node.args
    named = [each.arg for each in arguments.posonlyargs + arguments.args]
    if len(named) < 2 and arguments.vararg is None:
        raise ExperimentError(
            f"{source}: {node.name} is called as {node.name}(seed, monitor, **options); give it "
            "these two"
        )
    if arguments.kwarg is None:
        legal = named[2:] + [each.arg for each in arguments.kwonlyargs]
        for option in (option for option in options if option not in legal):
            what = f"option of {node.name}"
            raise ExperimentError(f"{source}: " + must_be_one_of(what, option, legal or ["none"]))


def has_parameter(function: Callable[..., Any], name: str) -> bool:
    """Whether a function has a parameter of that name."""
    return name in inspect.signature(function).parameters


def train(
    trained: Recorded, seed: int, directory: Path, manifest: Any, send: Callable[..., None]
) -> None:
    """Trains one run in this process.

    Args:
        trained: What is trained.
        seed: The seed.
        directory: The run's directory.
        manifest: Its manifest.
        send: Called with the seed and every row.
    """
    from gandiag.monitoring.monitor import Monitor
    from gandiag.monitoring.sinks import write_run

    sink = write_run(directory, manifest, trained)
    with Monitor.of_run(sink, trained.iterations, lambda row: send(seed, row)) as monitor:
        function = load_function(trained.function)
        options: dict[str, Any] = dict(trained.options)
        if trained.iterations is not None and has_parameter(function, "iterations"):
            options = {"iterations": trained.iterations} | options
        returned = function(seed, monitor, **options)
        if (
            inspect.iscoroutine(returned)
            or inspect.isgenerator(returned)
            or inspect.isasyncgen(returned)
        ):
            raise TypeError(
                f"{trained.function} returned a {type(returned).__name__}, which has not run"
            )


class ProgressReporter:
    """Reports the progress of a run to the parent process.

    Args:
        send: Sends a message to the parent.
        every_s: How often at most, in seconds.
    """

    def __init__(self, send: Callable[[Any], None], every_s: float) -> None:
        self._send = send
        self._every_s = every_s
        self._reported = -float("inf")

    def __call__(self, seed: int, row: Mapping[str, Any]) -> None:
        """Reports a row, if the last report is old enough."""
        from gandiag.sweeping.job import Message

        now = time.perf_counter()
        if now - self._reported < self._every_s:
            return
        self._reported = now
        latest = {seed: {name: row.get(name) for name in ("mean", "std")}}
        iteration = int(row["iteration"])
        self._send(Message(kind="progress", phase="train", iteration=iteration, latest=latest))
