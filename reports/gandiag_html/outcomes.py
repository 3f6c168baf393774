"""How each run ended: its kind, a description, and its final values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gandiag.analysis.success import keeps, settled
from gandiag.columns import SAMPLED, current
from gandiag_html.formatting import exact, listing, number
from gandiag_html.privacy import redact

if TYPE_CHECKING:
    from gandiag.experiment.experiment import Rule
    from gandiag.experiment.recorded import Trained

Kind = Literal["reached", "failed", "ended", "unfinished"]
"""``ended`` is a completed run without a success rule."""

UNFINISHED = {
    "pending": "not started",
    "running": "still running",
    "interrupted": "interrupted",
}
ERROR_WIDTH = 240


@dataclass(frozen=True, eq=False)
class Outcome:
    """A run and how it ended.

    Attributes:
        row: The run's row of the store's table of runs.
        experiment: Its experiment.
        series: Its log points of the game, by iteration.
        pretraining: Its log points before the game.
        kind: How it ended.
        ending: How it ended, without the error.
        error: The error that ended it; empty if none did.
    """

    row: Mapping[str, Any]
    experiment: Trained
    series: pd.DataFrame
    pretraining: pd.DataFrame
    kind: Kind
    ending: str
    error: str = ""

    @property
    def description(self) -> str:
        """How it ended, with the error that ended it, as the end of the sentence "seed 4 …"."""
        return f"{self.ending}: {self.error}" if self.error else self.ending

    @property
    def run(self) -> str:
        """The run's id."""
        return str(self.row["run"])

    @property
    def seed(self) -> int:
        """The run's seed."""
        return int(self.row["seed"])

    @property
    def status(self) -> str:
        """The run's status as recorded."""
        return str(self.row["status"])

    @property
    def short_status(self) -> str:
        """One or two words for how it ended."""
        if self.kind == "failed" and self.status == "completed":
            return "missed"
        return "reached" if self.kind == "reached" else self.status.replace("-", " ")

    @property
    def stopped_early(self) -> bool:
        """Whether it failed before the planned end."""
        return self.kind == "failed" and self.status != "completed"

    @property
    def stopped_at(self) -> int | None:
        """The iteration at which the stopping rule ended it, if it did."""
        at = cell(self.row, "stopped_at")
        return None if at is None else int(at)

    @property
    def best_at(self) -> int | None:
        """The best log point by the stopping rule, if there is one."""
        at = cell(self.row, "best_at")
        return None if at is None else int(at)

    @property
    def iterations(self) -> NDArray[np.float64]:
        """The iterations of the log points, shape [log point]."""
        return column(self.series, "iteration")

    def column(self, name: str) -> NDArray[np.float64]:
        """The values of a column, shape [log point]; NaN where nothing was recorded."""
        return column(self.series, name)

    def final(self, name: str) -> float:
        """The mean over the last tenth of the log points, to which success rules apply."""
        return final(self.series, name)


def outcome_of(row: Mapping[str, Any], experiment: Trained, series: pd.DataFrame) -> Outcome:
    """Describes how a run ended.

    Args:
        row: Its row in the table of runs.
        experiment: Its experiment.
        series: Its log points of both phases.
    """
    game = series[series["phase"] == "train"].sort_values("iteration", kind="stable")
    before = series[series["phase"] == "pretrain"].sort_values("iteration", kind="stable")
    kind = _kind(row, bool(experiment.success))
    ending, error = _ending(row, kind, experiment, game), _error(row, kind)
    return Outcome(row, experiment, game, before, kind, ending, error)


def column(series: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """A column as numbers, shape [log point]; all NaN if there is no such column."""
    if name not in series:
        return np.full(len(series), np.nan)
    return np.asarray(series[name].to_numpy(dtype=np.float64, na_value=np.nan))


def final(series: pd.DataFrame, name: str) -> float:
    """The mean over the last tenth of the log points; NaN if they include both infinities.

    Of columns that were measured at only a few log points, it is the last tenth of those.
    """
    values = column(series, name)
    with np.errstate(invalid="ignore", over="ignore"):
        if is_sparse(values):
            return settled(values[~np.isnan(values)])
        return settled(values, column(series, SAMPLED) if SAMPLED in series else None)


def is_sparse(values: NDArray[np.float64]) -> bool:
    """Whether a series [log point] has values at fewer than half of its log points."""
    return bool(0 < 2 * (~np.isnan(values)).sum() < len(values))


def cell(row: Mapping[str, Any], name: str) -> Any:
    """A cell of the table of runs; None if it is empty."""
    value = row.get(name)
    return None if pd.isna(value) or value == "" else value


def _kind(row: Mapping[str, Any], has_rule: bool) -> Kind:
    status = str(row["status"])
    if status in UNFINISHED:
        return "unfinished"
    if status != "completed":
        return "failed"
    if not has_rule or cell(row, "success") is None:
        return "ended"
    return "reached" if cell(row, "success") else "failed"


def _ending(row: Mapping[str, Any], kind: Kind, experiment: Trained, game: pd.DataFrame) -> str:
    status, at = str(row["status"]), cell(row, "diverged_at")
    if kind == "unfinished" and status != "interrupted":
        return UNFINISHED[status] + _progress(row)
    if status == "completed":
        stopped = cell(row, "stopped_at")
        early = (
            "" if stopped is None else f"stopped by the stopping rule at iteration {int(stopped):,}"
        )
        if kind != "failed":
            return early or "completed"
        return f"{early}, {_missed(experiment, game)}" if early else _missed(experiment, game)
    if status == "diverged":
        return "diverged" if at is None else f"diverged at iteration {int(at):,}"
    return status.replace("-", " ") + _progress(row)


def _error(row: Mapping[str, Any], kind: Kind) -> str:
    """The error of a run that neither completed nor diverged, shortened."""
    status = str(row["status"])
    if status in ("completed", "diverged") or (kind == "unfinished" and status != "interrupted"):
        return ""
    error = " ".join(redact(str(cell(row, "error") or "")).split())
    return error if len(error) <= ERROR_WIDTH else f"{error[:ERROR_WIDTH]} …"


def _progress(row: Mapping[str, Any]) -> str:
    at, planned = cell(row, "iteration"), cell(row, "iterations")
    if not at:
        return ""
    return f" at iteration {int(at):,}" + (f" of {int(planned):,}" if planned else "")


def _missed(experiment: Trained, game: pd.DataFrame) -> str:
    misses = [_miss(rule, final(game, current(rule.column))) for rule in experiment.success]
    text = listing([miss for miss in misses if miss])
    return f"ended with {text}" if text else "completed, but is recorded as a failure"


def _miss(rule: Rule, value: float) -> str:
    """How a value breaks a rule; empty if it satisfies it."""
    if keeps(rule, value):
        return ""
    text = f"{rule.column} {number(value)}"
    if rule.low is not None and value < rule.low:
        return f"{text} (below {exact(rule.low)})"
    if rule.high is not None and value > rule.high:
        return f"{text} (above {exact(rule.high)})"
    return text
