"""What did samples, answers and losses look like on the way?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gandiag_html.outcomes import Outcome
from gandiag_html.panels.camera import Camera, Still, camera_for
from gandiag_html.panels.frames import Last, frames_of, picked, replayed, shares, typical
from gandiag_html.panels.panel import Panel
from gandiag_html.real import at_hand
from gandiag_html.story import Group

if TYPE_CHECKING:
    from gandiag.store.results import Results

MOST_SEEDS = 10
"""Runs of a page that are replayed; of every group one at least."""
BUDGET = 2_300_000
"""Bytes of the page that all frames may take."""


@dataclass(frozen=True)
class Reel:
    """A run as it is replayed.

    Attributes:
        index: The run's place in its group.
        camera: What drew its frames.
        stills: The frames that are drawn.
        first: Whether it is the run that is seen at first.
    """

    index: int
    camera: Camera
    stills: Sequence[Still]
    first: bool

    @property
    def outcome(self) -> Outcome:
        """The run."""
        return self.camera.one

    @property
    def kept(self) -> int:
        """How many frames it has kept."""
        return len(self.camera.frames.iterations)


def replay(groups: Sequence[Group], results: Results, last: Mapping[str, Last]) -> Panel | None:
    """The panel.

    Args:
        groups: The runs.
        results: The store.
        last: The last frames, by the id of the runs that have some.

    Returns:
        It; None where there is nothing to be replayed.
    """
    most, budget = max(MOST_SEEDS // len(groups), 1), BUDGET // len(groups)
    shown = [_group(group, _cameras(group, results, last, most), budget) for group in groups]
    found = [group for group in shown if group]
    if not found:
        return None
    reels = [reel for group in found for reel in group["reels"]]
    kinds = {screen.kind for reel in reels for still in reel.stills for screen in still.screens}
    return Panel(
        "replay",
        "Frame by frame",
        "Replay",
        {"groups": found, "kinds": kinds},
        has_images=bool(kinds & {"images", "plane", "field"}),
    )


def _cameras(
    group: Group, results: Results, last: Mapping[str, Last], most: int
) -> dict[int, Camera]:
    """What draws the frames of the runs that are replayed, by their place in the group."""
    have = [one for one in group.outcomes if one.run in last]
    chosen = replayed(have, most)
    data, _ = at_hand(group.data)
    found = {}
    for index, one in enumerate(group.outcomes):
        frames = frames_of(results, one) if one in chosen else None
        if frames is not None:
            key = f"{group.key}-reel-{index}"
            camera = camera_for(one, frames, data, key, group.end)
            if camera is not None:
                found[index] = camera
    return found


def _group(group: Group, cameras: Mapping[int, Camera], budget: int) -> dict[str, Any]:
    if not cameras:
        return {}
    first = typical([camera.one for camera in cameras.values()])
    (best,) = (camera for camera in cameras.values() if camera.one is first)
    many, few = shares(budget, best.still(-1).cost, len(cameras))
    reels = []
    for index, camera in cameras.items():
        first_of_all = camera is best
        which = picked(len(camera.frames.iterations), many if first_of_all else few)
        reels.append(Reel(index, camera, [camera.still(k) for k in which], first_of_all))
    return {
        "key": group.key,
        "label": group.label,
        "note": best.film.note,
        "reels": reels,
        "seeds": (len(reels), len(group.outcomes)),
        "drawn": sum(len(reel.stills) for reel in reels),
        "kept": sum(reel.kept for reel in reels),
    }
