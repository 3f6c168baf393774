"""The input of the diagnosis: the series of one run so far, and what is known of its target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.thresholds import GAP_FEWEST, GAP_STEP, GAP_STEPS

Series = NDArray[np.float64]
"""Values [log point], NaN where nothing was recorded or what was recorded is NaN."""


@dataclass(frozen=True, eq=False)
class Expected:
    """The values of samples and losses if the generator has learnt its data, as far as known.

    Attributes:
        mean: Of every axis [axis]; empty where unknown.
        std: The same of the standard deviations.
        skew: On the line; None where unknown.
        kurtosis: The excess kurtosis on the line.
        modes: The names of the known modes or classes.
        shares: Their shares [mode], which sum to one.
        share_column: The columns ``{share_column}_{k}`` hold the generated shares.
        spread: Of samples that have no axes of their own; None where unknown.
        d_loss: D's loss where it cannot tell the samples apart, without penalties.
        g_loss: G's loss there.
        goals: The columns that a user has named as a measure of quality, and which of their values
            are good.
    """

    mean: Series = field(default_factory=lambda: np.empty(0))
    std: Series = field(default_factory=lambda: np.empty(0))
    skew: float | None = None
    kurtosis: float | None = None
    modes: tuple[str, ...] = ()
    shares: Series = field(default_factory=lambda: np.empty(0))
    share_column: str = ""
    spread: float | None = None
    d_loss: float | None = None
    g_loss: float | None = None
    goals: Mapping[str, Literal["low", "high"]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Record:
    """A prefix of what was recorded of one run, at its log points of the game.

    Attributes:
        iteration: Of every log point [log point], increasing.
        columns: The series by name; what was never recorded is not there. Read-only.
        expected: What is known of the target.
        planned: How many iterations are planned; None where unknown.
        diverged_at: The iteration after which something was not finite, if that happened.
        trouble: Why the rows are not one series; empty where they are.

    Raises:
        ValueError: A series has another length than the iterations.
    """

    iteration: NDArray[np.int64]
    columns: Mapping[str, Series]
    expected: Expected = field(default_factory=Expected)
    planned: int | None = None
    diverged_at: int | None = None
    trouble: str = ""

    def __post_init__(self) -> None:
        """Refuses series of different lengths."""
        for name, values in self.columns.items():
            if values.shape != self.iteration.shape:
                raise ValueError(
                    f"{name} has shape {values.shape}; there are {len(self)} log points"
                )
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))

    def __len__(self) -> int:
        return len(self.iteration)

    def prefix(self, iteration: int) -> Record:
        """What was known after so many iterations."""
        beyond = np.flatnonzero(self.iteration > iteration)
        points = int(beyond[0]) if len(beyond) else len(self)
        diverged = self.diverged_at
        return Record(
            iteration=self.iteration[:points],
            columns={name: values[:points] for name, values in self.columns.items()},
            expected=self.expected,
            planned=self.planned,
            diverged_at=diverged if diverged is not None and diverged <= iteration else None,
            trouble=self.trouble if (np.diff(self.iteration[:points]) <= 0).any() else "",
        )

    def at(self, points: NDArray[np.intp]) -> Record:
        """Some of the log points alone."""
        columns = {name: values[points] for name, values in self.columns.items()}
        return replace(self, iteration=self.iteration[points], columns=columns)

    def ended(self) -> Record:
        """The record of a run that came to its end: its length is known by now."""
        if self.planned or not len(self):
            return self
        return replace(self, planned=int(self.iteration[-1]))

    def series(self, name: str) -> Series | None:
        """A column, or None where it was never recorded or has no finite value."""
        values = self.columns.get(name)
        return values if values is not None and np.isfinite(values).any() else None

    @cached_property
    def axes(self) -> tuple[str, ...]:
        """The suffixes of the columns of ``mean`` and ``std``, one for each axis."""
        if "mean" in self.columns and len(self.expected.mean) <= 1:
            return ("",)
        count = len(self.expected.mean) or 3
        return tuple(f"_{k}" for k in range(count) if f"mean_{k}" in self.columns)

    @cached_property
    def shares(self) -> Series | None:
        """The generated shares of the known modes [log point, mode], or None."""
        name = self.expected.share_column
        names = [f"{name}_{k}" for k in range(len(self.expected.modes))]
        if not name or not names or any(each not in self.columns for each in names):
            return None
        return np.stack([self.columns[each] for each in names], 1)

    @property
    def progress(self) -> float:
        """The part of the planned iterations that is done; 1 where the length is unknown."""
        if not self.planned or not len(self):
            return 1.0
        return float(self.iteration[-1]) / self.planned

    def tail(self, part: float, least: int) -> slice:
        """The log points of the last ``part`` of the length, planned or so far; ``least`` at least.

        The length is the planned one, so that a window does not grow while a run goes on.
        """
        if not len(self):
            return slice(0, 0)
        length = self.planned or int(self.iteration[-1])
        begin = self.iteration[-1] - part * length
        first = int(np.searchsorted(self.iteration, begin, side="right"))
        return slice(max(0, min(first, len(self) - least)), len(self))

    @cached_property
    def since_gap(self) -> int:
        """The log point at which the record goes on after its last gap in the cadence; 0 without.

        A gap is a step four times wider than any of the ten before, after which steps are narrow
        again. What is said of the end of the record rests on the log points after it.
        """
        steps, since = np.diff(self.iteration), 0
        for k in np.flatnonzero(steps > GAP_STEP * steps.min(initial=1 << 62)).tolist():
            before = steps[max(since, k - GAP_STEPS) : k]
            if k - since >= GAP_FEWEST and steps[k] > GAP_STEP * before.max():
                after = steps[k + 1 : k + 1 + GAP_STEPS]
                if not len(after) or steps[k] > GAP_STEP * np.median(after):
                    since = k + 1
        return since

    @property
    def cadence(self) -> float:
        """The usual number of iterations between two log points."""
        return float(np.median(np.diff(self.iteration))) if len(self) > 1 else 1.0
