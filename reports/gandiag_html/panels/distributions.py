"""How do the final samples of each seed compare with the data?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from gandiag.data import Data
from gandiag.data.samples import Samples
from gandiag_html.column_selection import sample_captions
from gandiag_html.configurations import Configuration
from gandiag_html.figures.final_samples import DrawTile, Floats, RunSamples, choose_drawing
from gandiag_html.formatting import number
from gandiag_html.outcomes import Outcome
from gandiag_html.panels.frames import LastFrame
from gandiag_html.panels.panel import Panel
from gandiag_html.reference_data import load_reference

SHOWN = 24
"""With more seeds than this in a configuration, further seeds without a failure are collapsed."""

MOST_MOMENTS = 2
"""With more coordinates than this, their moments are summarized."""


@dataclass(frozen=True)
class Tile:
    """The picture of one seed, or the reason why there is none.

    Attributes:
        index: The run's position in its configuration.
        outcome: The run.
        picture: The picture; None without samples.
        summary: The mean and the standard deviation of the samples.
        note: A note for the reader.
    """

    index: int
    outcome: Outcome
    picture: Markup | None
    summary: Sequence[str]
    note: str


def distributions(configurations: Sequence[Configuration], last: Mapping[str, LastFrame]) -> Panel:
    """The section of final samples.

    Args:
        configurations: The runs.
        last: The last frames, by run id.
    """
    shown = [
        _configuration(configuration, last, configurations) for configuration in configurations
    ]
    kinds = {str(configuration["kind"]) for configuration in shown}
    return Panel(
        "distributions",
        "Final samples",
        "Samples",
        {
            "configurations": shown,
            "kinds": kinds,
            "missing": any(configuration["missing"] for configuration in shown),
        },
        has_images=bool(kinds & {"images", "images-alone"}),
    )


def _configuration(
    configuration: Configuration,
    last: Mapping[str, LastFrame],
    configurations: Sequence[Configuration],
) -> dict[str, object]:
    compared = [
        RunSamples(one, last[one.run].samples if one.run in last else None)
        for other in configurations
        if _is_same(other.data, configuration.data)
        for one in other.outcomes
    ]
    span = next((last[one.run].span for one in configuration.outcomes if one.run in last), None)
    data, missing = load_reference(configuration.data)
    parts = sum(len(other.outcomes) + 1 for other in configurations)
    drawing = choose_drawing(data, compared, parts, span)
    tiles = [
        _tile(
            index, one, last.get(one.run), drawing.draw_tile, f"{configuration.key}-samples-{index}"
        )
        for index, one in enumerate(configuration.outcomes)
    ]
    collapsed = _collapsed(tiles)
    return {
        "label": configuration.label,
        "key": configuration.key,
        "kind": drawing.kind,
        "note": " ".join(part for part in (drawing.note, missing) if part),
        "missing": bool(missing),
        "real": drawing.real,
        "summary": _summary_of_real(configuration.data) if drawing.real else (),
        "tiles": [tile for tile in tiles if tile not in collapsed],
        "collapsed": collapsed,
    }


def _is_same(one: Data | Samples, other: Data | Samples) -> bool:
    if isinstance(one, Samples) and isinstance(other, Samples):
        return one.shape == other.shape and np.array_equal(one.values, other.values)
    return one == other


def _collapsed(tiles: Sequence[Tile]) -> list[Tile]:
    """The tiles without a failure that are collapsed."""
    fine = [tile for tile in tiles if tile.outcome.kind in ("reached", "ended")]
    return fine[max(SHOWN - (len(tiles) - len(fine)), 4) :] if len(tiles) > SHOWN else []


def _tile(index: int, one: Outcome, last: LastFrame | None, draw_tile: DrawTile, key: str) -> Tile:
    if last is None or not len(last.samples):
        reason = "No sample is finite"
        if last is None:
            to_come = one.status in ("pending", "running")
            reason = "No samples yet" if to_come else "No samples were kept"
        return Tile(index, one, None, (), reason)
    summary = sample_captions(one, last.iteration) or _summary(last.samples)
    label = f"Seed {one.seed}, {one.description}: {', '.join(summary)}"
    picture, note = draw_tile(RunSamples(one, last.samples), key, label)
    return Tile(index, one, picture, summary, note or _age_note(one, last))


def _age_note(one: Outcome, last: LastFrame) -> str:
    """The iteration of the samples, if a failed run continued after them."""
    before = one.stopped_early and len(one.iterations) and last.iteration < one.iterations[-1]
    return f"samples of iteration {last.iteration:,}" if before else ""


def _summary(samples: Floats) -> list[str]:
    """The mean and the standard deviation of samples [n, coordinate]."""
    mean, std = samples.mean(axis=0), samples.std(axis=0)
    if len(mean) > MOST_MOMENTS:
        wide = float(np.sqrt((std**2).mean()))
        return [f"mean {number(float(mean.mean()))}", f"spread {number(wide)}"]
    return [
        f"{name} {', '.join(number(float(value)) for value in values)}"
        for name, values in (("mean", mean), ("std", std))
    ]


def _summary_of_real(data: Data | Samples) -> Sequence[str]:
    return _summary(data.values.astype(np.float64)) if isinstance(data, Samples) else ()
