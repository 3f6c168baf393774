"""The header of a report: the experiment, its changes from the preset and the published outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gandiag.experiment.diff import changes_from_preset, display_title, preset_of, summarize_changes
from gandiag_html.privacy import redact

if TYPE_CHECKING:
    from gandiag.store.results import Results


@dataclass(frozen=True)
class Header:
    """The header of a report.

    Attributes:
        name: The name of the experiment; empty if the store is empty.
        title: The headline.
        preset: The preset that was changed; empty if it was not.
        changes: The settings that differ from the preset in all grid points.
        outcome: The published outcome of the original.
        original: Whether one of the grid points is the unchanged preset.
    """

    name: str = ""
    title: str = "An empty store"
    preset: str = ""
    changes: str = ""
    outcome: str = ""
    original: bool = True


def header_of(results: Results) -> Header:
    """The header of the report of a store."""
    points = list(results.experiments.values())
    if not points:
        return Header()
    first, changes = points[0], [changes_from_preset(point) for point in points]
    shared = {
        path: pair
        for path, pair in changes[0].items()
        if all(other.get(path) == pair for other in changes)
    }
    return Header(
        name=first.name,
        title=display_title(first),
        preset=preset_of(first) or "" if shared else "",
        changes=redact(summarize_changes(shared)),
        outcome=first.outcome,
        original=not all(changes),
    )
