"""A log of one run by another tool: values of tags at steps, in the order of writing."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from gandiag.errors import UsageError


class Point(NamedTuple):
    """One value.

    Attributes:
        step: The step, as the log counts it.
        tag: The name of the value in the log.
        value: The value; NaN and infinities are values too.
        time: When it was written, in seconds from any start; None if the log does not say.
        place: Where it is in the file, to be printed, e.g. ``"line 7"``.
    """

    step: int
    tag: str
    value: float
    time: float | None
    place: str


@dataclass(frozen=True)
class Log:
    """One run, as a tool logged it.

    Attributes:
        source: The file or folder, to be printed.
        kind: The tool, e.g. ``"tensorboard"``.
        points: Its values.
    """

    source: str
    kind: str
    points: tuple[Point, ...]

    @property
    def tags(self) -> list[str]:
        """Its tags, in the order in which they first occur."""
        return list(dict.fromkeys(point.tag for point in self.points))


@dataclass(frozen=True)
class CleanLog:
    """A log with one value of each tag at a step, and increasing steps.

    Attributes:
        values: The values by step and tag.
        times: When each step was first written, in seconds; empty if the log does not say.
        repeated: The number of values that a later one of the same step has replaced.
        superseded: The number of values that were logged again after a restart.
    """

    values: Mapping[int, Mapping[str, float]]
    times: Mapping[int, float]
    repeated: int
    superseded: int


def clean_log(log: Log, resumed: bool = False) -> CleanLog:
    """Drops the values that later ones replace.

    Of several values of a tag at one step the last is kept. Where the steps of a tag fall, either
    the training was resumed from an earlier state, or the steps are counted from 0 in every
    epoch; only the user knows which.

    Args:
        log: The log.
        resumed: Whether the training was resumed: then values of that step and later steps are
            dropped that were logged before the fall.

    Raises:
        UsageError: Steps fall, and the training was not resumed.
    """
    kept: dict[str, dict[int, Point]] = defaultdict(dict)
    last: dict[str, int] = {}
    repeated = superseded = 0
    for point in log.points:
        values, before = kept[point.tag], last.get(point.tag, -1)
        if point.step < before:
            if not resumed:
                raise _decrease(log, point, before)
            later = [step for step in values if step >= point.step]
            superseded += len(later)
            for step in later:
                del values[step]
        repeated += point.step in values
        values[point.step] = point
        last[point.tag] = point.step
    return CleanLog(*_by_step(kept), repeated, superseded)


def _by_step(
    kept: Mapping[str, Mapping[int, Point]],
) -> tuple[dict[int, dict[str, float]], dict[int, float]]:
    values: dict[int, dict[str, float]] = defaultdict(dict)
    times: dict[int, float] = {}
    for tag, points in kept.items():
        for step, point in points.items():
            values[step][tag] = point.value
            if point.time is not None:
                times[step] = min(point.time, times.get(step, math.inf))
    return {step: values[step] for step in sorted(values)}, times


def _decrease(log: Log, point: Point, before: int) -> UsageError:
    return UsageError(
        f"{log.source}, {point.place}: the step of {point.tag!r} falls from {before} to "
        f"{point.step}. If the training was resumed there, pass --resumed to keep what was logged "
        "later; if steps are counted from 0 in every epoch, name another column with --step"
    )
