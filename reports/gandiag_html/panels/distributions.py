"""Where did the samples of every seed end, and how does that compare with the data?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from gandiag.errors import StoreError
from gandiag_html.figures.canvas import draw
from gandiag_html.figures.painters import Floats, Painter, Shown, kind_of, painter_for
from gandiag_html.outcomes import Outcome
from gandiag_html.panels.panel import Panel
from gandiag_html.story import Group
from gandiag_html.words import number

if TYPE_CHECKING:
    from gandiag.store.results import Results

SHOWN = 24
"""With more seeds than this in a group, healthy ones beyond are folded away."""


@dataclass(frozen=True)
class Tile:
    """One seed's picture, or the reason why there is none.

    Attributes:
        index: The run's place in its group.
        outcome: The run.
        picture: The picture; None without samples.
        summary: The mean and the standard deviation of the samples.
        note: What the reader must know beside it.
    """

    index: int
    outcome: Outcome
    picture: Markup | None
    summary: Sequence[str]
    note: str


def distributions(groups: Sequence[Group], results: Results) -> Panel:
    """The panel."""
    held = {one.run: _last_samples(results, one) for group in groups for one in group.outcomes}
    shown = [_group(group, held, groups) for group in groups]
    return Panel(
        "distributions",
        "Where the samples ended",
        "Samples",
        {"groups": shown, "kinds": {kind_of(group.experiment.data) for group in groups}},
    )


def _group(
    group: Group, held: Mapping[str, Floats | None], groups: Sequence[Group]
) -> dict[str, object]:
    data = group.experiment.data
    alike = [
        Shown(one, held[one.run])
        for other in groups
        if other.experiment.data == data
        for one in other.outcomes
    ]
    painter = painter_for(data, alike)
    tiles = [
        _tile(index, one, held[one.run], painter, f"{group.key}-samples-{index}")
        for index, one in enumerate(group.outcomes)
    ]
    folded = _folded(tiles)
    return {
        "label": group.label,
        "key": group.key,
        "tiles": [tile for tile in tiles if tile not in folded],
        "folded": folded,
    }


def _folded(tiles: Sequence[Tile]) -> list[Tile]:
    """The healthy tiles beyond what a reader looks through."""
    healthy = [tile for tile in tiles if tile.outcome.kind in ("reached", "ended")]
    return healthy[max(SHOWN - (len(tiles) - len(healthy)), 4) :] if len(tiles) > SHOWN else []


def _tile(index: int, one: Outcome, samples: Floats | None, painter: Painter, key: str) -> Tile:
    if samples is None or not len(samples):
        why = "No sample is finite"
        if samples is None:
            why = "No samples yet" if one.kind == "unfinished" else "No samples were kept"
        return Tile(index, one, None, (), why)
    mean, std = samples.mean(axis=0), samples.std(axis=0)
    summary = [
        f"{name} {', '.join(number(float(value)) for value in values[:2])}"
        for name, values in (("mean", mean), ("std", std))
    ]
    sheet, paint, note = painter(Shown(one, samples))
    label = f"Seed {one.seed}, {one.words}: {', '.join(summary)}"
    return Tile(index, one, draw(sheet, paint, key=key, label=label), summary, note)


def _last_samples(results: Results, one: Outcome) -> Floats | None:
    """The finite samples of the last frame, shape [n, coordinate]; None where none were kept."""
    try:
        frames = results.samples(one.run)
    except StoreError:
        return None
    if not len(frames.values):
        return None
    last = np.asarray(frames.values[-1], dtype=np.float64)
    return last[np.isfinite(last).all(axis=1)]
