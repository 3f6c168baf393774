"""What a tool logged of one run: values of tags at steps, in the order of their writing."""

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
        tag: What it is called there.
        value: The value; NaN and infinities are values too.
        time: When it was written, in seconds since whenever; None if the log does not say.
        place: Where it stands, for a person, e.g. ``"line 7"``.
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
        source: Where it was read, for a person.
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
    """A log with one value of each tag at a step, and steps that rise.

    Attributes:
        values: The values by step and tag.
        times: When each step was first written, in seconds; empty if the log does not say.
        repeated: How many values a later one of the same step has replaced.
        superseded: How many values a restart has undone.
    """

    values: Mapping[int, Mapping[str, float]]
    times: Mapping[int, float]
    repeated: int
    superseded: int


def clean_log(log: Log, resumed: bool = False) -> CleanLog:
    """Decides what of a log stands.

    Of several values of a tag at one step the last stands. Where the steps of a tag fall, the
    training was resumed from an earlier state, or counted anew in every epoch, and nobody but the
    user knows.

    Args:
        log: The log.
        resumed: Whether the training was resumed: what was logged after the fall stands, and what
            was logged before at that step or later does not.

    Raises:
        UsageError: Steps fall, and it was not resumed.
    """
    kept: dict[str, dict[int, Point]] = defaultdict(dict)
    last: dict[str, int] = {}
    repeated = superseded = 0
    for point in log.points:
        held, before = kept[point.tag], last.get(point.tag, -1)
        if point.step < before:
            if not resumed:
                raise _fell(log, point, before)
            undone = [step for step in held if step >= point.step]
            superseded += len(undone)
            for step in undone:
                del held[step]
        repeated += point.step in held
        held[point.step] = point
        last[point.tag] = point.step
    return CleanLog(*_by_step(kept), repeated, superseded)


def _by_step(
    kept: Mapping[str, Mapping[int, Point]],
) -> tuple[dict[int, dict[str, float]], dict[int, float]]:
    values: dict[int, dict[str, float]] = defaultdict(dict)
    times: dict[int, float] = {}
    for tag, held in kept.items():
        for step, point in held.items():
            values[step][tag] = point.value
            if point.time is not None:
                times[step] = min(point.time, times.get(step, math.inf))
    return {step: values[step] for step in sorted(values)}, times


def _fell(log: Log, point: Point, before: int) -> UsageError:
    return UsageError(
        f"{log.source}, {point.place}: the step of {point.tag!r} falls from {before} to "
        f"{point.step}. If the training was resumed there, say --resumed, and what was logged "
        "later stands; if it counts anew in every epoch, name a column that does not with --step"
    )
