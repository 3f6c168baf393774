"""How did the metrics of the samples develop during training?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gandiag.columns import current, entry
from gandiag.data import Data, MultivariateNormal, Normal, Point
from gandiag.data.samples import Samples
from gandiag_html.column_selection import MOST_COLUMNS, floor, is_flat, metric_columns, title
from gandiag_html.configurations import Configuration
from gandiag_html.figures.curves import MOST_LINES, Background, Curve, chart
from gandiag_html.formatting import exact, listing
from gandiag_html.outcomes import Outcome, is_sparse
from gandiag_html.panels.panel import Panel

MOST = 15
"""The most charts of a configuration."""


def trajectories(configurations: Sequence[Configuration], through: str = "") -> Panel:
    """The section of the metrics.

    Args:
        configurations: The runs.
        through: The feature extractor that the samples were measured through, if any.
    """
    shown = [_configuration(configuration) for configuration in configurations]
    drawn = [chart for configuration in shown for chart in configuration["charts"]]
    context = {
        "configurations": shown,
        "legend": legend(
            configurations,
            target=any(chart["against"] for chart in drawn),
            band=any(chart["ruled"] for chart in drawn),
        ),
        "floors": any(chart["against"] == "floor" for chart in drawn),
        "sparse": any(chart["sparse"] for chart in drawn),
        "through": through,
    }
    return Panel("trajectories", "Metrics during training", "Metrics", context)


def legend(
    configurations: Sequence[Configuration], *, target: bool, band: bool
) -> list[tuple[str, str]]:
    """The lines that occur in the charts: the class of each and its meaning."""
    kinds = {one.kind for configuration in configurations for one in configuration.outcomes}
    most = max(
        (len(configuration.of("reached", "ended")) for configuration in configurations), default=0
    )
    ruled = any(configuration.rate is not None for configuration in configurations)
    good = "reached the target" if ruled else "completed"
    many = " (median, and the middle 90 % of the seeds)" if most > MOST_LINES else ""
    keys = [
        ("reached", good + many, bool(kinds & {"reached", "ended"})),
        (
            "failed",
            "did not (named at the right; a cross: stopped early)",
            "failed" in kinds,
        ),
        ("unfinished", "not finished", "unfinished" in kinds),
        ("target", "the data", target),
        ("rule", "allowed by the success rule", band),
    ]
    return [(key, meaning) for key, meaning, occurs in keys if occurs]


def curves(configuration: Configuration, column: str) -> list[Curve]:
    """The curves of a column, one per run of a configuration."""
    own = isinstance(configuration.data, Samples)
    return [_curve(one, column, own) for one in configuration.outcomes]


def background_of(
    configuration: Configuration, column: str, reference: float | None, name: str
) -> Background:
    """The reference line and the allowed band of a column."""
    rule = next(
        (rule for rule in configuration.experiment.success if current(rule.column) == column), None
    )
    band = None if rule is None else (rule.low, rule.high)
    return Background(end=configuration.end, reference=reference, name=name, band=band)


def _curve(one: Outcome, column: str, own: bool) -> Curve:
    curve = Curve(one.seed, one.kind, one.iterations, one.column(column), one.stopped_early)
    measured = ~np.isnan(curve.y)
    sparse = is_sparse(curve.y)
    if not (own or sparse):
        return curve
    # A user's loop may log at any step, and expensive metrics are measured rarely: missing
    # values between two values are not a gap.
    return replace(curve, x=curve.x[measured], y=curve.y[measured], sparse=sparse and not own)


def _configuration(configuration: Configuration) -> dict[str, Any]:
    names = metric_columns(configuration)
    if isinstance(configuration.data, Point):
        names = [name for name in names if name not in ("std", "wasserstein")]
    drawn = [name for name in names if not is_flat(configuration, name)][:MOST]
    tabled = [name for name in names[:MOST_COLUMNS] if name not in drawn]
    note = f"Not drawn, but in the table of all runs: {listing(tabled)}." if tabled else ""
    if len(names) > MOST_COLUMNS:
        note += f" {len(names) - MOST_COLUMNS} more columns are only in the store."
    recorded = any(len(one.series) for one in configuration.outcomes)
    return {
        "label": configuration.label,
        "charts": list(_charts(configuration, drawn)),
        "before": note,
        "none": "No metrics of the samples were recorded." if recorded else "",
    }


def _charts(configuration: Configuration, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for index, column in enumerate(names):
        value, word, kind = _reference(configuration, column)
        background = background_of(configuration, column, value, word)
        lines = curves(configuration, column)
        references = {"data": f"; data {word}", "floor": f"; floor {word}"}
        label = f"{title(column)} over the iterations, {len(lines)} runs{references.get(kind, '')}"
        yield {
            "title": title(column),
            "picture": chart(
                lines, background, key=f"{configuration.key}-path-{index}", label=label
            ),
            "against": kind,
            "ruled": background.band is not None,
            "sparse": any(curve.sparse for curve in lines),
        }


def _reference(configuration: Configuration, column: str) -> tuple[float | None, str, str]:
    """The reference value of a column, its label, and whether it is of the data or a floor."""
    moment = _moment(configuration.data, column)
    if moment is not None:
        return moment, exact(moment), "data"
    least = floor(configuration, column)
    if least is None:
        return None, "", ""
    digits = 2 if abs(least) < 0.1 else 3  # as many digits as there is room for
    return least, exact(float(f"{least:.{digits}g}")), "floor"


def _moment(data: Data | Samples, column: str) -> float | None:
    """The moment of the data that a column estimates, if the distribution is known."""
    if isinstance(data, Point):
        return data.at if column == "mean" else None
    if isinstance(data, Normal):
        return {"mean": data.mean, "std": data.std}.get(column)
    found = entry(column)
    if found is None or not isinstance(data, MultivariateNormal) or len(found.indices) != 1:
        return None
    (axis,) = found.indices
    variances = [row[k] for k, row in enumerate(data.covariance)]
    known = {"mean": data.means, "std": [math.sqrt(variance) for variance in variances]}
    return known[found.column.name][axis] if found.column.name in known else None
