"""Which of the recorded columns a table of runs shows, and which a document holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gandiag.columns import DATA_UNIT, DISTANCES, ROW, entry, is_part
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.recorded import Recorded

if TYPE_CHECKING:
    from gandiag.store.results import Results

TRANSPORT = tuple(column.name for column in DISTANCES if column.unit == DATA_UNIT)
"""The distances that can be compared with the standard deviation of the data."""

MOST = 6
"""Metrics that a table has room for."""


def measured(results: Results) -> list[str]:
    """The columns to tell of: metrics of the samples, and all that somebody's own loop logged."""
    names = [str(name) for name in results.series.columns]
    if any(isinstance(trained, Recorded) for trained in results.experiments.values()):
        own = [name for name in names if name not in ROW and not is_part(name, names)]
        # What came with an error or a floor was measured of samples: it tells more than a rate.
        return sorted(own, key=lambda name: not {f"{name}_se", f"{name}_floor"} & {*names})
    watched = _headlines(results)
    return [name for name in names if _is_of_samples(name) or name in watched]


def _is_of_samples(name: str) -> bool:
    """Whether a column is a metric of the samples, without errors and floors."""
    found = entry(name)
    return found is not None and found.column.owner == "samples" and not found.part


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
        wanted = dict.fromkeys([*headlines, *TRANSPORT])
        return [name for name in wanted if name in known][:MOST]
    return _telling(known)


def _telling(known: list[str]) -> list[str]:
    """Those of somebody's own training, of which nobody knows what matters."""
    beyond = [name for name in ("sliced_wasserstein", "spread") if name in known]
    own = [
        name
        for name in known
        if name not in beyond and not _is_standard(name) and "loss" not in name
    ]
    plane = [f"{name}_{i}" for name in ("mean", "std") for i in (0, 1)]
    if "mean_0" in known:
        return [*beyond, *own[: MOST - 2], *(name for name in plane if name in known)][:MOST]
    losses = [name for name in known if name in ("d_loss", "g_loss")]
    if "mean" not in known and not beyond and not own and losses:
        return losses
    line = ["mean", "std", "wasserstein"]
    if ("mean" in known and not beyond) or not (beyond or own):
        return [*(name for name in line if name in known or not own), *own][:MOST]
    return [*beyond, *own][:MOST]


def _is_standard(name: str) -> bool:
    """Whether a column is a moment or a distance that is recorded of any samples."""
    found = entry(name)
    return found is not None and found.column.owner == "samples" and found.column.is_plain
