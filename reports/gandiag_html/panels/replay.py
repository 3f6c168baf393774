"""What did samples, answers and losses look like on the way?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gandiag_html.configurations import Configuration
from gandiag_html.outcomes import Outcome
from gandiag_html.panels.frame_renderer import DrawnFrame, FrameRenderer, renderer_for
from gandiag_html.panels.frames import (
    LastFrame,
    evenly_spaced,
    frame_counts,
    load_frames,
    runs_to_replay,
    typical_run,
)
from gandiag_html.panels.panel import Panel
from gandiag_html.reference_data import load_reference

if TYPE_CHECKING:
    from gandiag.store.results import Results

MOST_SEEDS = 10
"""Runs of a page that are replayed; of every configuration one at least."""
BUDGET = 2_300_000
"""Bytes of the page that all frames may take."""


@dataclass(frozen=True)
class ReplayedRun:
    """A run as it is replayed.

    Attributes:
        index: The run's place in its configuration.
        renderer: What drew its frames.
        frames_drawn: The frames that are drawn.
        first: Whether it is the run that is seen at first.
    """

    index: int
    renderer: FrameRenderer
    frames_drawn: Sequence[DrawnFrame]
    first: bool

    @property
    def outcome(self) -> Outcome:
        """The run."""
        return self.renderer.one

    @property
    def kept(self) -> int:
        """How many frames it has kept."""
        return len(self.renderer.frames.iterations)


def replay(
    configurations: Sequence[Configuration], results: Results, last: Mapping[str, LastFrame]
) -> Panel | None:
    """The panel.

    Args:
        configurations: The runs.
        results: The store.
        last: The last frames, by the id of the runs that have some.

    Returns:
        It; None where there is nothing to be replayed.
    """
    most, budget = max(MOST_SEEDS // len(configurations), 1), BUDGET // len(configurations)
    shown = [
        _configuration(configuration, _renderers(configuration, results, last, most), budget)
        for configuration in configurations
    ]
    found = [configuration for configuration in shown if configuration]
    if not found:
        return None
    replayed_runs = [reel for configuration in found for reel in configuration["replayed_runs"]]
    kinds = {
        screen.kind
        for reel in replayed_runs
        for still in reel.frames_drawn
        for screen in still.screens
    }
    return Panel(
        "replay",
        "Frame by frame",
        "Replay",
        {"configurations": found, "kinds": kinds},
        has_images=bool(kinds & {"images", "plane", "field"}),
    )


def _renderers(
    configuration: Configuration, results: Results, last: Mapping[str, LastFrame], most: int
) -> dict[int, FrameRenderer]:
    """What draws the frames of the runs that are replayed, by their place in the configuration."""
    have = [one for one in configuration.outcomes if one.run in last]
    chosen = runs_to_replay(have, most)
    data, _ = load_reference(configuration.data)
    found = {}
    for index, one in enumerate(configuration.outcomes):
        frames = load_frames(results, one) if one in chosen else None
        if frames is not None:
            key = f"{configuration.key}-reel-{index}"
            renderer = renderer_for(one, frames, data, key, configuration.end)
            if renderer is not None:
                found[index] = renderer
    return found


def _configuration(
    configuration: Configuration, renderers: Mapping[int, FrameRenderer], budget: int
) -> dict[str, Any]:
    if not renderers:
        return {}
    first = typical_run([renderer.one for renderer in renderers.values()])
    (best,) = (renderer for renderer in renderers.values() if renderer.one is first)
    many, few = frame_counts(budget, best.still(-1).cost, len(renderers))
    replayed_runs = []
    for index, renderer in renderers.items():
        first_of_all = renderer is best
        which = evenly_spaced(len(renderer.frames.iterations), many if first_of_all else few)
        replayed_runs.append(
            ReplayedRun(index, renderer, [renderer.still(k) for k in which], first_of_all)
        )
    return {
        "key": configuration.key,
        "label": configuration.label,
        "note": best.view.note,
        "replayed_runs": replayed_runs,
        "seeds": (len(replayed_runs), len(configuration.outcomes)),
        "drawn": sum(len(reel.frames_drawn) for reel in replayed_runs),
        "kept": sum(reel.kept for reel in replayed_runs),
    }
