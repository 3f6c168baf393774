"""The runs that belong together: those of one point of a grid, on one backend, in one mode."""

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
    """Repetitions of one training: the same experiment, backend and mode, different seeds.

    Attributes:
        key: What its identifiers in the document begin with.
        label: What tells it from the other configurations; empty where there is only one.
        experiment: What was trained.
        data: What the samples are compared with.
        outcomes: Its runs, by seed.
    """

    key: str
    label: str
    experiment: Trained
    data: Data | Samples
    outcomes: tuple[Outcome, ...]

    def of(self, *kinds: Kind) -> list[Outcome]:
        """The runs that ended in one of some ways, by seed."""
        return [outcome for outcome in self.outcomes if outcome.kind in kinds]

    @property
    def end(self) -> int:
        """The last iteration that was planned, or where that is not known, that was recorded."""
        recorded = [one.iterations[-1] for one in self.outcomes if len(one.iterations)]
        return int(max([self.experiment.iterations or 0, *recorded]))

    @property
    def rate(self) -> Finding | None:
        """How often the target was reached; None where no rule says what that is, or could."""
        judged, ended = self.of("reached", "failed"), self.of("ended")
        if not self.experiment.success or (ended and not judged):
            return None
        return success_rate([one.kind == "reached" for one in judged])


def collect_configurations(results: Results) -> tuple[Configuration, ...]:
    """Sorts the runs of a store into configurations, in the order of the grid, each by seed."""
    # A store in which nothing was recorded yet may have no columns at all.
    series = results.series.reindex(columns=[*dict.fromkeys([*KEYS, *results.series.columns])])
    by_run = dict(iter(series.groupby("run", sort=False)))
    nothing = series.iloc[:0]
    found: dict[tuple[str, ...], list[Outcome]] = {}
    for row in _rows(results):
        outcome = outcome_of(
            row, results.experiments[row["point"]], by_run.get(row["run"], nothing)
        )
        found.setdefault(tuple(_place(row)), []).append(outcome)
    labels = _labels(list(found))
    return tuple(
        Configuration(
            f"g{index}", label, outcomes[0].experiment, results.data[place[0]], tuple(outcomes)
        )
        for index, (label, (place, outcomes)) in enumerate(zip(labels, found.items(), strict=True))
    )


def _place(row: Mapping[str, Any]) -> list[str]:
    """Which configuration a run is in; the same seed in another mode is no further repetition."""
    return [str(cell(row, name) or "") for name in ("point", "backend", "mode")]


def _labels(places: Sequence[tuple[str, ...]]) -> list[str]:
    """The label of each configuration: what differs of grid point, backend and mode."""
    points, backends = {place[0] for place in places}, {place[1] for place in places}
    needs = (len(points) > 1, len(backends) > 1, len({place[:2] for place in places}) < len(places))
    return [
        " · ".join(part for part, needed in zip(place, needs, strict=True) if needed and part)
        for place in places
    ]


def _rows(results: Results) -> Iterator[dict[str, Any]]:
    """The rows in the order of the grid, then by backend and seed, whatever order they came in."""
    order = {point: index for index, point in enumerate(results.experiments)}
    rows = [{str(key): value for key, value in row.items()} for row in _records(results)]
    return iter(
        sorted(
            rows,
            key=lambda row: (order[row["point"]], *_place(row), int(row["seed"]), row["run"]),
        )
    )


def _records(results: Results) -> list[dict[Any, Any]]:
    records: list[dict[Any, Any]] = results.runs.to_dict("records")
    return records
