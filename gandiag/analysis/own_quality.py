"""The columns that a user has named as a measure of quality: their best, and what came after."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.finding import Finding
from gandiag.analysis.quality import Quality, quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import format_number, points, running_median
from gandiag.analysis.thresholds import (
    OWN_FEWEST,
    OWN_GAIN,
    OWN_NOISE,
    OWN_PART,
    OWN_SLOW,
    OWN_UNDONE,
    OWN_WORSE,
    RECENT,
)


@dataclass(frozen=True, eq=False)
class OwnQuality:
    """A user's own measure of quality, at the log points where it is finite.

    It has no absolute scale: it can be compared with its own past alone.

    Attributes:
        column: Its name.
        goal: Which values are good.
        at: The log points [value].
        values: What was recorded there [value].
        window: The odd number of values that a running median covers.
        recent: How many of the last values show how it is now.
    """

    column: str
    goal: Literal["low", "high"]
    at: NDArray[np.intp]
    values: Series
    window: int
    recent: int

    @property
    def costs(self) -> Series:
        """The values so that low ones are good [value]."""
        return self.values if self.goal == "low" else -self.values

    @cached_property
    def smooth(self) -> Series:
        """The running median of the costs [value - window + 1]."""
        return running_median(self.costs, self.window)

    @property
    def best(self) -> int:
        """The value that is best, the first of equals: the checkpoint to keep."""
        return int(np.argmin(self.costs))

    @cached_property
    def noise(self) -> float:
        """The usual size of a change that is no trend: between values, or slower where it is more.

        Both are second differences, which a straight line does not have; the slower ones are of
        running medians that share no value, after the first fifth of them.
        """
        slow = self.smooth[len(self.smooth) // 5 :: self.window]
        enough = len(slow) >= OWN_SLOW
        return max(_curvature(self.costs), _curvature(slow) if enough else 0.0)

    def allowed(self, best: Series) -> Series:
        """How much worse than its best so far a running median may be.

        Args:
            best: The lowest running median so far [value - window + 1].
        """
        one_sign = (self.costs > 0).all() or (self.costs < 0).all()
        grows = self.costs[self.best] >= 0
        part = OWN_WORSE if grows else OWN_WORSE / (1 + OWN_WORSE)
        relative = part * np.abs(best) if one_sign else np.full(len(best), np.inf)
        gained = self.smooth[0] - best
        undone = np.where(gained > OWN_GAIN * self.noise, OWN_UNDONE * gained, np.inf)
        return np.maximum(np.minimum(relative, undone), OWN_NOISE * self.noise)


def own_qualities(record: Record) -> tuple[OwnQuality, ...]:
    """The user's own measures of quality that have a value, in the order of their names' list."""
    found = []
    for column, goal in record.expected.goals.items():
        values = record.series(column)
        if values is not None:
            at = np.flatnonzero(np.isfinite(values))
            tail = record.tail(RECENT, 1).start
            recent = max(1, int((at >= tail).sum()))
            found.append(OwnQuality(column, goal, at, values[at], _window(record, at), recent))
    return tuple(found)


def compared_quality(record: Record) -> Quality | None:
    """What losses are compared with: the user's own measure, else the distance from the data."""
    for own in own_qualities(record)[:1]:
        values, zeros = np.full(len(record), np.nan), np.zeros(len(record))
        values[own.at] = own.costs
        se = record.series(f"{own.column}_se")
        unit = float(np.median(np.abs(own.costs))) or 1.0
        words = own.column if own.goal == "low" else f"negative of {own.column}"
        errors = zeros if se is None else np.nan_to_num(se)
        return Quality(
            values=values, se=errors, floor=zeros, column=own.column, words=words, good=unit
        )
    return quality(record)


def histories(record: Record) -> tuple[Finding, ...]:
    """Where every measure of the user's own was best, and how it is now.

    How to read it: the value is the best one; the evidence has its iteration, the median over the
    last tenth of the length, and by which part of the best that is worse. It misleads as the best
    of noisy values does: the training was not as good there.
    """
    return tuple(_history(own, record) for own in own_qualities(record))


def _history(own: OwnQuality, record: Record) -> Finding:
    best, now = float(own.values[own.best]), float(np.median(own.values[-own.recent :]))
    at = int(record.iteration[own.at[own.best]])
    worse = abs(now - best) / abs(best) if best * now > 0 else float("nan")
    sentence = f"{own.column} was best at iteration {at:,} ({format_number(best)})"
    if own.best == len(own.values) - 1 and len(own.values) > 1:
        sentence += ", the last one"
    elif len(own.values) >= OWN_FEWEST:
        percent = f", {100 * worse:.0f} % worse" if worse >= 0.005 else ""
        sentence += f" and is {format_number(now)} over the last tenth{percent}"
    return Finding(
        value=best,
        n=len(own.values),
        sentence=sentence,
        against=own.column,
        evidence={"best_at": at, "now": now, "worse": worse},
    )


def _curvature(values: Series) -> float:
    """The robust standard deviation of white noise with such second differences."""
    bends = np.abs(np.diff(values, n=2))
    return 1.4826 * float(np.median(bends)) / float(np.sqrt(6)) if len(bends) else 0.0


def _window(record: Record, at: NDArray[np.intp]) -> int:
    """The odd number of values in a running median: of the few, few."""
    part, least, most = OWN_PART
    return min(points(record.at(at), part, least=least, most=most), len(at) - 1) | 1
