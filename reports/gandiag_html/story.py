"""The runs that belong together: those of one point of a grid on one backend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gandiag.analysis import Finding, success_rate
from gandiag_html.outcomes import Kind, Outcome, judge

if TYPE_CHECKING:
    from gandiag.experiment import Experiment
    from gandiag.store.results import Results

KEYS = ("run", "phase", "iteration")


@dataclass(frozen=True, eq=False)
class Group:
    """Repetitions of one training: the same experiment and backend, different seeds.

    Attributes:
        key: What its identifiers in the document begin with.
        label: What tells it from the other groups; empty where there is only one.
        experiment: What was trained.
        outcomes: Its runs, by seed.
    """

    key: str
    label: str
    experiment: Experiment
    outcomes: tuple[Outcome, ...]

    def of(self, *kinds: Kind) -> list[Outcome]:
        """The runs that ended in one of some ways, by seed."""
        return [outcome for outcome in self.outcomes if outcome.kind in kinds]

    @property
    def rate(self) -> Finding | None:
        """How often the target was reached; None where no rule says what that is."""
        if not self.experiment.success:
            return None
        return success_rate([one.kind == "reached" for one in self.of("reached", "failed")])


def tell(results: Results) -> tuple[Group, ...]:
    """Sorts the runs of a store into groups, each in the order of the seeds."""
    # A store in which nothing was recorded yet may have no columns at all.
    series = results.series.reindex(columns=[*{*KEYS, *results.series.columns}])
    by_run = dict(iter(series.groupby("run", sort=False)))
    nothing = series.iloc[:0]
    found: dict[tuple[str, str], list[Outcome]] = {}
    for row in _rows(results):
        outcome = judge(row, results.experiments[row["point"]], by_run.get(row["run"], nothing))
        found.setdefault((row["point"], row["backend"]), []).append(outcome)
    points = {point for point, _ in found}
    backends = {backend for _, backend in found}
    return tuple(
        Group(
            key=f"g{index}",
            label=_label(point if len(points) > 1 else "", backend if len(backends) > 1 else ""),
            experiment=results.experiments[point],
            outcomes=tuple(outcomes),
        )
        for index, ((point, backend), outcomes) in enumerate(found.items())
    )


def _rows(results: Results) -> Iterator[dict[str, Any]]:
    """The rows in the order of the grid, then by backend and seed, whatever order they came in."""
    order = {point: index for index, point in enumerate(results.experiments)}
    rows = [{str(key): value for key, value in row.items()} for row in _records(results)]
    return iter(
        sorted(rows, key=lambda row: (order[row["point"]], row["backend"], row["seed"], row["run"]))
    )


def _records(results: Results) -> list[dict[Any, Any]]:
    records: list[dict[Any, Any]] = results.runs.to_dict("records")
    return records


def _label(point: str, backend: str) -> str:
    return " · ".join(part for part in (point, backend) if part)
