"""Backends and reports by name, found through entry points: the core imports no plug-in itself.

A package adds a backend or a report by its entry point alone; nothing here knows their names.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from gandiag.errors import MissingFrameworkError, UsageError, must_be_one_of

if TYPE_CHECKING:
    from gandiag.running.runner import Runner
    from gandiag.store.results import Results

RUNNERS = "gandiag.runners"
REPORTS = "gandiag.reports"

INTERNAL = {"scripted", "function"}
"""Runners that are not backends: one trains nothing, the other calls a function of the user's."""


def runner_names() -> list[str]:
    """The names of the backends: gandiag's own first, each group in alphabetical order."""
    return [point.name for point in _backends()]


def runner(name: str) -> Runner:
    """The runner of that name.

    Raises:
        UsageError: There is none.
    """
    points = {point.name: point for point in entry_points(group=RUNNERS)}
    if name not in points:
        legal = ["auto", "both", *runner_names()]
        raise UsageError(must_be_one_of("backend", name, legal))
    loaded: Runner = points[name].load()
    return loaded


def report(name: str) -> Callable[[Results], str]:
    """The function that renders a report of that name.

    Raises:
        UsageError: There is none.
    """
    points = {point.name: point for point in entry_points(group=REPORTS)}
    if name not in points:
        raise UsageError(must_be_one_of("report", name, sorted(points)))
    loaded: Callable[[Results], str] = points[name].load()
    return loaded


def installed_runners(name: str) -> list[Runner]:
    """The runners selected by a name, by ``auto`` (the first installed) or ``both`` (our own).

    Raises:
        MissingFrameworkError: A framework that is needed is not installed.
        UsageError: There is no such backend.
    """
    if name == "auto":
        return [_first_installed()]
    # Stores keep the runs of ``both`` in this order.
    own = [point.name for point in reversed(_backends()) if _is_ours(point)]
    chosen = [runner(each) for each in (own if name == "both" else [name])]
    for each in chosen:
        if each.version() is None:
            raise MissingFrameworkError(
                each.name,
                f"the backend {each.name!r} needs a framework that is not installed; "
                f"run: {each.install_hint()}",
            )
    return chosen


def _first_installed() -> Runner:
    runners = [runner(name) for name in runner_names()]
    for each in runners:
        if each.version() is not None:
            return each
    names = ", ".join(each.name for each in runners)
    hints = "\n".join(f"  {each.install_hint()}" for each in runners)
    raise MissingFrameworkError(
        "auto",
        f"training needs the framework of a backend ({names}), and none is installed. "
        f"Run one of:\n{hints}",
    )


def _backends() -> list[EntryPoint]:
    points = [point for point in entry_points(group=RUNNERS) if point.name not in INTERNAL]
    return sorted(points, key=lambda point: (not _is_ours(point), point.name))


def _is_ours(point: EntryPoint) -> bool:
    return point.dist is not None and point.dist.name == "gandiag"
