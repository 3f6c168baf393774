"""A user's own training function in a sweep: ``module:train``, called once a seed in a worker.

The function is called as ``train(seed, monitor, **options)`` and records through the monitor; see
`gandiag.Monitor.compare` for how it says what its samples are compared with.
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
"""Whatever the function chooses; a worker trains one seed."""


class FunctionRunner:
    """What stands for a runner where a function of the user's trains."""

    name = NAME
    modes = ()

    def version(self) -> str | None:
        """It is always there."""
        return "1"

    def install_hint(self) -> str:
        """What to type to install it: nothing."""
        return "pip install gandiag"

    def setting(self, experiment: Experiment, device: str, mode: str | None) -> Setting:
        """One seed a worker."""
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
        """There is none: the function trains by itself."""
        raise NotImplementedError


RUNNER = FunctionRunner()


def is_function(what: str) -> bool:
    """Whether a word names a function of a module that is there, and no preset's variant.

    >>> is_function("json.tool:main"), is_function("dirac:r1"), is_function("my.toml:wide")
    (True, False, False)
    """
    spoken = FUNCTION_NAME.fullmatch(what)
    if spoken is None or spoken["module"].endswith(".toml"):
        return False
    if what.partition(":")[0].endswith(".py"):
        return True
    return spoken["module"] not in presets() and _source(what) != Path()


def read_function(what: str) -> Recorded:
    """What a sweep of a function trains."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", what.replace(".py:", ":").rpartition("/")[2])
    return Recorded(name=name.lstrip("._-"), function=what)


def load_function(what: str) -> Callable[..., Any]:
    """Imports the function, from the working directory as ``python -m`` would."""
    spoken = _spoken(what)
    source = _source(what)
    folder = source.parent if what.partition(":")[0].endswith(".py") else Path.cwd()
    sys.path.insert(0, str(folder))
    module = source.stem if what.partition(":")[0].endswith(".py") else spoken["module"]
    found: Callable[..., Any] = getattr(import_module(module), spoken["function"])
    return found


def _spoken(what: str) -> re.Match[str]:
    spoken = FUNCTION_NAME.fullmatch(what)
    if spoken is None:
        raise ExperimentError(f"{what!r} names no function; write module:function")
    return spoken


def _source(what: str) -> Path:
    """The file that a function stands in; the empty path where there is none."""
    with suppress(DataError):
        return source_file(what)
    return Path()


def check(trained: Recorded) -> None:
    """Looks at the source before any worker does: that the function is there, and its arguments.

    Raises:
        ExperimentError: It is not there, or cannot be called as it would be.
    """
    source, name = _source(trained.function), _spoken(trained.function)["function"]
    try:
        tree = ast.parse(source.read_bytes())
    except (OSError, SyntaxError, ValueError) as error:
        what = f"the source of {trained.function}"
        raise ExperimentError(f"cannot read {what}, write module:function: {error}") from None
    known = {node.name: node for node in tree.body if isinstance(node, Function)}
    if name in known:
        _check_call(known[name], source, trained.options)
    elif name not in source.read_text(encoding="utf-8", errors="replace"):
        # Otherwise imported there, or made by a call: the worker will see.
        raise ExperimentError(f"{source}: " + must_be_one_of("function", name, known or ["none"]))


def _check_call(node: AnyFunction, source: Path, options: Mapping[str, Any]) -> None:
    if isinstance(node, ast.AsyncFunctionDef):
        raise ExperimentError(f"{source}: {node.name} is async, and nobody would await it")
    if node.decorator_list:  # what it takes is the decorator's to say
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


def takes(function: Callable[..., Any], name: str) -> bool:
    """Whether a function has a parameter of that name."""
    return name in inspect.signature(function).parameters


def train(
    trained: Recorded, seed: int, directory: Path, manifest: Any, say: Callable[..., None]
) -> None:
    """Trains one run in this process.

    Args:
        trained: What is trained.
        seed: The seed.
        directory: The run's directory.
        manifest: Its manifest.
        say: Is told of every row, and is given the seed with it.
    """
    from gandiag.monitoring.monitor import Monitor
    from gandiag.monitoring.sinks import write_run

    sink = write_run(directory, manifest, trained)
    with Monitor.of_run(sink, trained.iterations, lambda row: say(seed, row)) as monitor:
        function = load_function(trained.function)
        options: dict[str, Any] = dict(trained.options)
        if trained.iterations is not None and takes(function, "iterations"):
            options = {"iterations": trained.iterations} | options
        left = function(seed, monitor, **options)
        if inspect.iscoroutine(left) or inspect.isgenerator(left) or inspect.isasyncgen(left):
            raise TypeError(f"{trained.function} gave back a {type(left).__name__}, not yet run")


class ProgressReporter:
    """Tells the parent how far a run is, now and then.

    Args:
        say: Tells it.
        every_s: How often at most, in seconds.
    """

    def __init__(self, say: Callable[[Any], None], every_s: float) -> None:
        self._say = say
        self._every_s = every_s
        self._spoke = -float("inf")

    def __call__(self, seed: int, row: Mapping[str, Any]) -> None:
        """Takes a row in."""
        from gandiag.sweeping.job import Message

        now = time.perf_counter()
        if now - self._spoke < self._every_s:
            return
        self._spoke = now
        latest = {seed: {name: row.get(name) for name in ("mean", "std")}}
        iteration = int(row["iteration"])
        self._say(Message(kind="progress", phase="train", iteration=iteration, latest=latest))
