"""Configurations: the runs of one grid point on one backend in one mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gandiag.analysis import Finding, success_rate
from gandiag_html.outcomes import Kind, Outcome, cell, outcome_of

if TYPE_CHECKING:
    from gandiag.data import Data
    from gandiag.data.samples import Samples
    from gandiag.experiment.recorded import Trained
    from gandiag.store.results import Results

KEYS = ("run", "phase", "iteration")


@dataclass(frozen=True, eq=False)
class Configuration:
    """Runs with the same experiment, backend and mode, but different seeds.

    Attributes:
        key: The prefix of its identifiers in the document.
        label: How it differs from the other configurations; empty if there is only one.
        experiment: The experiment.
        data: The data that the samples are compared with.
        outcomes: Its runs, by seed.
    """

    key: str
    label: str
    experiment: Trained
    data: Data | Samples
    outcomes: tuple[Outcome, ...]

    def of(self, *kinds: Kind) -> list[Outcome]:
        """The runs that ended in one of these ways, by seed."""
        return [outcome for outcome in self.outcomes if outcome.kind in kinds]

    @property
    def end(self) -> int:
        """The last planned iteration, or the last recorded one if the plan is unknown."""
        recorded = [one.iterations[-1] for one in self.outcomes if len(one.iterations)]
        return int(max([self.experiment.iterations or 0, *recorded]))

    @property
    def rate(self) -> Finding | None:
        """The success rate; None without a success rule, or if no run was judged by it."""
        judged, ended = self.of("reached", "failed"), self.of("ended")
        if not self.experiment.success or (ended and not judged):
            return None
        return success_rate([one.kind == "reached" for one in judged])


def collect_configurations(results: Results) -> tuple[Configuration, ...]:
    """Sorts the runs of a store into configurations in the order of the grid, each by seed."""
    # A store in which nothing was recorded yet may have no columns at all.
    series = results.series.reindex(columns=[*dict.fromkeys([*KEYS, *results.series.columns])])
    by_run = dict(iter(series.groupby("run", sort=False)))
    empty = series.iloc[:0]
    outcomes_of: dict[tuple[str, ...], list[Outcome]] = {}
    for row in _rows(results):
        outcome = outcome_of(row, results.experiments[row["point"]], by_run.get(row["run"], empty))
        outcomes_of.setdefault(tuple(_identity(row)), []).append(outcome)
    labels = _labels(list(outcomes_of))
    return tuple(
        Configuration(
            f"g{index}", label, outcomes[0].experiment, results.data[identity[0]], tuple(outcomes)
        )
        for index, (label, (identity, outcomes)) in enumerate(
            zip(labels, outcomes_of.items(), strict=True)
        )
    )


def _identity(row: Mapping[str, Any]) -> list[str]:
    """Point, backend and mode of a run; a seed counts once in each combination."""
    return [str(cell(row, name) or "") for name in ("point", "backend", "mode")]


def _labels(identities: Sequence[tuple[str, ...]]) -> list[str]:
    """The label of each configuration: what differs of grid point, backend and mode."""
    points = {point for point, _, _ in identities}
    backends = {backend for _, backend, _ in identities}
    pairs = {identity[:2] for identity in identities}
    shown = (len(points) > 1, len(backends) > 1, len(pairs) < len(identities))
    return [
        " · ".join(part for part, needed in zip(identity, shown, strict=True) if needed and part)
        for identity in identities
    ]


def _rows(results: Results) -> Iterator[dict[str, Any]]:
    """The rows in the order of the grid, then by backend, mode and seed."""
    order = {point: index for index, point in enumerate(results.experiments)}
    rows = [{str(key): value for key, value in row.items()} for row in _records(results)]
    return iter(
        sorted(
            rows,
            key=lambda row: (order[row["point"]], *_identity(row), int(row["seed"]), row["run"]),
        )
    )


def _records(results: Results) -> list[dict[Any, Any]]:
    records: list[dict[Any, Any]] = results.runs.to_dict("records")
    return records
