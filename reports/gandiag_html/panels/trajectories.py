"""How did the mean and the standard deviation of the samples get to where they ended?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from gandiag.data import Data, MultivariateNormal, Normal, Point
from gandiag_html.figures.lines import MOST_LINES, Curve, Frame, chart
from gandiag_html.panels.panel import Panel
from gandiag_html.story import Group
from gandiag_html.words import exact

MOST = 3
"""Coordinates that are drawn."""


def trajectories(groups: Sequence[Group]) -> Panel:
    """The panel."""
    shown = [{"label": one.label, "charts": list(_charts(one)), "before": ""} for one in groups]
    point = all(isinstance(group.experiment.data, Point) for group in groups)
    moments = "Mean" if point else "Mean and standard deviation"
    context = {"groups": shown, "legend": legend(groups, target=True), "moments": moments}
    return Panel("trajectories", "How they got there", "Paths", context)


def legend(groups: Sequence[Group], *, target: bool) -> list[tuple[str, str]]:
    """The kinds of lines in a picture of seeds: the class of the key and its meaning."""
    kinds = {one.kind for group in groups for one in group.outcomes}
    most = max((len(group.of("reached", "ended")) for group in groups), default=0)
    ruled = any(group.experiment.success for group in groups)
    good = "reached the target" if ruled else "completed"
    band = " (median, and the middle 90 % of the seeds)" if most > MOST_LINES else ""
    keys = [
        ("reached", good + band, bool(kinds & {"reached", "ended"})),
        ("failed", "did not, named at the right; a cross where it stopped", "failed" in kinds),
        ("unfinished", "not finished", "unfinished" in kinds),
        ("target", "the data", target),
        ("rule", "allowed by the success rule", target and ruled),
    ]
    return [(key, words) for key, words, seen in keys if seen]


def curves(group: Group, column: str) -> list[Curve]:
    """What the runs of a group recorded under a name."""
    return [
        Curve(one.seed, one.kind, one.iterations, one.column(column), one.stopped_early)
        for one in group.outcomes
    ]


def _charts(group: Group) -> Iterator[dict[str, Any]]:
    for column, title, target in _moments(group):
        rule = next((r for r in group.experiment.success if r.column == column), None)
        frame = Frame(
            end=group.experiment.schedule.iterations,
            reference=target,
            name="" if target is None else exact(target),
            band=None if rule is None else (rule.low, rule.high),
        )
        lines = curves(group, column)
        if not any(len(line.y) for line in lines):
            continue
        against = "" if target is None else f"; the data have {exact(target)}"
        label = f"{title} of the samples over the iterations, {len(lines)} runs{against}"
        picture = chart(lines, frame, key=f"{group.key}-{column}", label=label)
        yield {"title": title, "picture": picture}


def _moments(group: Group) -> Iterator[tuple[str, str, float | None]]:
    """The columns, their names and the values of the data."""
    data = group.experiment.data
    if isinstance(data, Point):
        yield "mean", "Mean", data.at
        return
    coordinates = [""] if data.size == 1 else [str(i) for i in range(min(data.size, MOST))]
    for index, name in enumerate(coordinates):
        mean, deviation = _moments_of_data(data, index)
        column, words = (f"_{name}", f" of coordinate {name}") if name else ("", "")
        yield f"mean{column}", f"Mean{words}", mean
        yield f"std{column}", f"Standard deviation{words}", deviation


def _moments_of_data(data: Data, axis: int) -> tuple[float | None, float | None]:
    if isinstance(data, Normal):
        return data.mean, data.std
    if isinstance(data, MultivariateNormal):
        return data.means[axis], math.sqrt(data.covariance[axis][axis])
    return None, None
