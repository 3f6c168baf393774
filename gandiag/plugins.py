"""Runners and reports by name, through entry points: the core imports no plug-in by itself."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from gandiag.errors import MissingFrameworkError, UsageError, must_be_one_of

if TYPE_CHECKING:
    from gandiag.running.runner import Runner
    from gandiag.store.results import Results

RUNNERS = "gandiag.runners"
REPORTS = "gandiag.reports"

BY_NAME_ONLY = {"scripted", "function"}
"""Runners that stand for themselves: one trains nothing, one calls a function of the user's."""


def runner_names() -> list[str]:
    """The names of the runners, the fastest of ours first."""
    names = {point.name for point in entry_points(group=RUNNERS)} - BY_NAME_ONLY
    ours = [name for name in ("tensorflow", "torch") if name in names]
    return ours + sorted(names - set(ours))


def runner(name: str) -> Runner:
    """The runner of that name.

    Raises:
        UsageError: There is none.
    """
    found: Runner = _load(RUNNERS, "backend", name, runner_names())
    return found


def report(name: str) -> Callable[[Results], str]:
    """The function that renders a report of that name.

    Raises:
        UsageError: There is none.
    """
    names = sorted(point.name for point in entry_points(group=REPORTS))
    found: Callable[[Results], str] = _load(REPORTS, "report", name, names)
    return found


def usable(name: str) -> list[Runner]:
    """The runners that a word stands for: a name, ``auto`` (the first installed) or ``both``.

    Raises:
        MissingFrameworkError: A framework that is needed is not installed.
        UsageError: There is no such backend.
    """
    if name == "auto":
        installed = [found for found in map(runner, runner_names()) if found.version()]
        if not installed:
            raise MissingFrameworkError(name, _nothing_to_train_with())
        return installed[:1]
    names = ["torch", "tensorflow"] if name == "both" else [name]
    chosen = [runner(each) for each in names]
    for each in chosen:
        if each.version() is None:
            raise MissingFrameworkError(
                each.name,
                f"the backend {each.name!r} needs a framework that is not installed; "
                f"run: {each.install_hint()}",
            )
    return chosen


def _nothing_to_train_with() -> str:
    hints = "\n".join(f"  {found.install_hint()}" for found in map(runner, runner_names()))
    return (
        f"neither TensorFlow nor PyTorch is installed, and training needs one. Run one of:\n{hints}"
    )


def _load(group: str, what: str, name: str, names: list[str]) -> Any:
    points: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=group)}
    if name not in points:
        special = ["auto", "both"] if group == RUNNERS else []
        raise UsageError(must_be_one_of(what, name, [*special, *names]))
    return points[name].load()
