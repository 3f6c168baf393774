"""Which of the recorded columns a table of runs shows, and which a document holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gandiag.experiment.experiment import Experiment
from gandiag.experiment.recorded import Recorded

if TYPE_CHECKING:
    from gandiag.store.results import Results

METRIC = re.compile(r"(mean|std|skew|kurtosis|cov|(sliced_)?wasserstein|ks|energy)(_\d+)*")
"""The columns of samples' metrics, without their errors and floors."""

PART = re.compile(r".+_(se|floor|min|max|last)")
"""What is said of another column."""

NOT_MEASURED = ("run", "point", "seed", "backend", "phase", "iteration", "wall_s", "n_samples")

MOST = 6
"""Metrics that a table has room for."""


def measured(results: Results) -> list[str]:
    """The columns to tell of: metrics of the samples, and all that somebody's own loop logged."""
    names = [str(name) for name in results.series.columns]
    if any(isinstance(trained, Recorded) for trained in results.experiments.values()):
        own = [name for name in names if name not in (*NOT_MEASURED, "d_updates", "g_updates")]
        own = [name for name in own if not PART.fullmatch(name)]
        # What came with an error or a floor was measured of samples: it tells more than a rate.
        return sorted(own, key=lambda name: not {f"{name}_se", f"{name}_floor"} & {*names})
    headlines = _headlines(results)
    return [name for name in names if METRIC.fullmatch(name) or name in headlines]


def _headlines(results: Results) -> list[str]:
    """The columns that a live display shows, of all experiments of a store."""
    from gandiag.sweeping.headline import headline_columns

    ours = [trained for trained in results.experiments.values() if isinstance(trained, Experiment)]
    return list(dict.fromkeys(name for trained in ours for name in headline_columns(trained)))


def columns(results: Results, rows: list[dict[str, Any]], facts: set[str]) -> list[str]:
    """The few metrics that a table has room for; the rest is in the report and in --json."""
    known = list(dict.fromkeys(name for row in rows for name in row if name not in facts))
    headlines = _headlines(results)
    if headlines:
        wanted = dict.fromkeys([*headlines, "wasserstein", "sliced_wasserstein"])
        return [name for name in wanted if name in known][:MOST]
    return _telling(known)


def _telling(known: list[str]) -> list[str]:
    """Those of somebody's own training, of which nobody knows what matters."""
    beyond = [name for name in ("sliced_wasserstein", "spread") if name in known]
    own = [
        name
        for name in known
        if name not in beyond and not METRIC.fullmatch(name) and "loss" not in name
    ]
    plane = [f"{name}_{i}" for name in ("mean", "std") for i in (0, 1)]
    if "mean_0" in known:
        return [*beyond, *own[: MOST - 2], *(name for name in plane if name in known)][:MOST]
    losses = [name for name in known if name in ("d_loss", "g_loss")]
    if "mean" not in known and not beyond and not own and losses:
        return losses
    line = ["mean", "std", "wasserstein"]
    if "mean" in known or not (beyond or own):
        return [*(name for name in line if name in known or not own), *own][:MOST]
    return [*beyond, *own][:MOST]
