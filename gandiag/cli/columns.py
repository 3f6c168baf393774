"""The columns of the printed table of runs, and those of a JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gandiag.columns import DATA_UNIT, DISTANCES, ROW, entry, is_part
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.recorded import Recorded

if TYPE_CHECKING:
    from gandiag.store.results import Results

TRANSPORT = tuple(column.name for column in DISTANCES if column.unit == DATA_UNIT)
"""The distances in the unit of the data."""

SHARES = ("lost_share", "misplaced_share")
"""What is measured of any samples that are compared with real ones."""

MOST = 6
"""The most metrics in a printed table."""


def json_columns(results: Results) -> list[str]:
    """The columns of a JSON document: metrics of the samples, and all that a user's loop logged."""
    names = [str(name) for name in results.series.columns]
    if any(isinstance(trained, Recorded) for trained in results.experiments.values()):
        own = [name for name in names if name not in ROW and not is_part(name, names)]
        # Columns with an error or a floor are metrics of samples, which matter more than a rate.
        return sorted(own, key=lambda name: not {f"{name}_se", f"{name}_floor"} & {*names})
    headlines = _headlines(results)
    return [name for name in names if _is_of_samples(name) or name in headlines]


def _is_of_samples(name: str) -> bool:
    """Whether a column is a metric of the samples, not an error or a floor."""
    parsed = entry(name)
    return parsed is not None and parsed.column.owner == "samples" and not parsed.part


def _headlines(results: Results) -> list[str]:
    """The columns of the live displays of all experiments of a store."""
    from gandiag.sweeping.headline import headline_columns

    experiments = [
        trained for trained in results.experiments.values() if isinstance(trained, Experiment)
    ]
    return list(
        dict.fromkeys(name for trained in experiments for name in headline_columns(trained))
    )


def table_columns(results: Results, rows: list[dict[str, Any]], facts: set[str]) -> list[str]:
    """The few metrics of the printed table; the others are in the report and in --json."""
    names = list(dict.fromkeys(name for row in rows for name in row if name not in facts))
    headlines = _headlines(results)
    if headlines:
        wanted = dict.fromkeys([*headlines, *TRANSPORT])
        return [name for name in wanted if name in names][:MOST]
    return _of_users_training(names)


def _of_users_training(names: list[str]) -> list[str]:
    """The columns of a user's own training: distances, the user's own, moments or losses."""
    distances = [name for name in ("sliced_wasserstein", "spread") if name in names]
    users = [
        name
        for name in names
        if name not in distances and not _is_standard(name) and "loss" not in name
    ]
    users.sort(key=lambda name: name in SHARES)  # what the user measures comes first
    moments = [f"{name}_{i}" for name in ("mean", "std") for i in (0, 1)]
    if "mean_0" in names:
        return [*distances, *users[: MOST - 2], *(name for name in moments if name in names)][:MOST]
    losses = [name for name in names if name in ("d_loss", "g_loss")]
    if "mean" not in names and not distances and not users and losses:
        return losses
    scalars = ["mean", "std", "wasserstein"]
    if ("mean" in names and not distances) or not (distances or users):
        return [*(name for name in scalars if name in names or not users), *users][:MOST]
    return [*distances, *users][:MOST]


def _is_standard(name: str) -> bool:
    """Whether a column is a moment or a distance that is recorded for any samples."""
    parsed = entry(name)
    if parsed is None or parsed.part or parsed.column.owner != "samples":
        return False
    return parsed.column.drawn in ("never", "alone")
