"""How did samples, D's answers and losses change during training?"""

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
"""Runs replayed on a page, but at least one of each configuration."""
BUDGET = 2_300_000
"""Bytes that all frames of a page may take."""


@dataclass(frozen=True)
class ReplayedRun:
    """A run with the frames that are drawn.

    Attributes:
        index: The run's position in its configuration.
        renderer: Draws its frames.
        frames_drawn: The frames that are drawn.
        first: Whether it is the run that is shown first.
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
        """The number of frames in the store."""
        return len(self.renderer.frames.iterations)


def replay(
    configurations: Sequence[Configuration], results: Results, last: Mapping[str, LastFrame]
) -> Panel | None:
    """The section of the replay.

    Args:
        configurations: The runs.
        results: The store.
        last: The last frames, by run id.

    Returns:
        None if there is nothing to replay.
    """
    most, budget = max(MOST_SEEDS // len(configurations), 1), BUDGET // len(configurations)
    shown = [
        _configuration(configuration, _renderers(configuration, results, last, most), budget)
        for configuration in configurations
    ]
    found = [configuration for configuration in shown if configuration]
    if not found:
        return None
    replayed_runs = [run for configuration in found for run in configuration["replayed_runs"]]
    kinds = {
        picture.kind
        for run in replayed_runs
        for frame in run.frames_drawn
        for picture in frame.pictures
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
    """Renderers of the runs that are replayed, by their position in the configuration."""
    with_frames = [one for one in configuration.outcomes if one.run in last]
    chosen = runs_to_replay(with_frames, most)
    data, _ = load_reference(configuration.data)
    found = {}
    for index, one in enumerate(configuration.outcomes):
        frames = load_frames(results, one) if one in chosen else None
        if frames is not None:
            key = f"{configuration.key}-replay-{index}"
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
    (first_renderer,) = (renderer for renderer in renderers.values() if renderer.one is first)
    frames_of_first, frames_of_others = frame_counts(
        budget, first_renderer.draw(-1).cost, len(renderers)
    )
    replayed_runs = []
    for index, renderer in renderers.items():
        is_first = renderer is first_renderer
        which = evenly_spaced(
            len(renderer.frames.iterations), frames_of_first if is_first else frames_of_others
        )
        replayed_runs.append(
            ReplayedRun(index, renderer, [renderer.draw(k) for k in which], is_first)
        )
    return {
        "key": configuration.key,
        "label": configuration.label,
        "note": first_renderer.samples.note,
        "replayed_runs": replayed_runs,
        "seeds": (len(replayed_runs), len(configuration.outcomes)),
        "drawn": sum(len(run.frames_drawn) for run in replayed_runs),
        "kept": sum(run.kept for run in replayed_runs),
    }
