"""What a report is headed by: what was trained, and how far it is what was published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gandiag.experiment.diff import changed, headline, preset_of, told
from gandiag_html.privacy import redact

if TYPE_CHECKING:
    from gandiag.store.results import Results


@dataclass(frozen=True)
class Header:
    """The head of a report.

    Attributes:
        name: The name of what was trained; empty where nothing was.
        title: The headline.
        preset: The preset that it is called after, where it was changed.
        changes: What is said otherwise than there, in all points of a grid.
        outcome: What was published of the original.
        original: Whether one of the points is the original.
    """

    name: str = ""
    title: str = "An empty store"
    preset: str = ""
    changes: str = ""
    outcome: str = ""
    original: bool = True


def header(results: Results) -> Header:
    """The head of a store's report."""
    points = list(results.experiments.values())
    if not points:
        return Header()
    first, found = points[0], [changed(point) for point in points]
    shared = {
        path: pair
        for path, pair in found[0].items()
        if all(other.get(path) == pair for other in found)
    }
    return Header(
        name=first.name,
        title=headline(first),
        preset=preset_of(first) or "" if shared else "",
        changes=redact(told(shared)),
        outcome=first.outcome,
        original=not all(found),
    )
