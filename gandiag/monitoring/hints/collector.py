"""Collects the first log points of a run and asks for each kind of bug, until it was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gandiag.analysis.thresholds import FAR_OFF, HINT_LOOKS, HINT_STEPS, LOSS_SETTLES
from gandiag.data.samples import Samples
from gandiag.monitoring.hints.giveaway import giveaway_column
from gandiag.monitoring.hints.grids import exact_zeros, rounded_values
from gandiag.monitoring.hints.latents import equal_samples, repeated_samples, same_again
from gandiag.monitoring.hints.look import Look, Values, look_at, some_of
from gandiag.monitoring.hints.losses import constant_losses, swapped_labels, zero_losses
from gandiag.monitoring.hints.players import idle_player
from gandiag.monitoring.hints.ranges import differing_ranges

Report = Callable[[str, str], None]
Hint = tuple[str, str]
"""The kind of a hint, or the column that it is about, and its sentence."""

FIRST = 5
"""After so many rows, and each time there are twice as many, the rows are looked at."""


class Hints:
    """Says once for each kind what looks like a bug at the first log points of a run.

    It only looks: at no more than 10 log points with samples, and at as many rows as 300 steps
    need. A run that is continued is not at its first log points, and nothing is said.

    Args:
        real: The real samples, if there are any.
        report: Called with the kind and the sentence of a hint.
    """

    def __init__(self, real: Samples | None, report: Report) -> None:
        self._report = report
        self._real: Values = np.zeros((0, 1), np.float32)
        if real is not None and len(real.values):
            self._real = some_of(real.values[:: max(1, len(real.values) // 2500)])
        self._looks: list[Look] = []
        self._rows: list[dict[str, Any]] = []
        self._due = FIRST
        self._done: set[str] = set()
        self._watches_samples = self._watches_rows = True

    def stop(self) -> None:
        """Says nothing more."""
        self._watches_samples = self._watches_rows = False
        self._looks, self._rows = [], []

    def see_samples(self, step: int, fake: Samples, row: dict[str, Any]) -> None:
        """Takes in a log point with samples; what is not finite is told elsewhere."""
        if not self._watches_samples or not np.isfinite(fake.values).all():
            return
        self._looks.append(look_at(step, fake.values, row))
        self._tell(self._of_samples)
        if len(self._looks) >= HINT_LOOKS:
            self._watches_samples = False
            self._looks = self._looks[-1:] if self._watches_rows else []  # how far off it is

    def see_row(self, row: dict[str, Any]) -> None:
        """Takes in a row."""
        if not self._watches_rows:
            return
        self._rows.append(row)
        last = len(self._rows) >= HINT_LOOKS and self._steps >= HINT_STEPS
        if last or len(self._rows) == self._due:
            self._due = max(self._due, 2 * len(self._rows))
            self._tell(self._of_rows)
        if last:
            self._watches_rows, self._rows = False, []
            if not self._watches_samples:
                self._looks = []

    def conclude(self) -> None:
        """Looks at the rows of a run that ended before they were enough."""
        if self._watches_rows and self._rows and self._steps >= LOSS_SETTLES:
            self._tell(self._of_rows)
        self.stop()

    @property
    def _steps(self) -> int:
        return int(self._rows[-1]["iteration"] - self._rows[0]["iteration"])

    def _tell(self, hints: Callable[[], Iterator[Hint]]) -> None:
        try:
            found = list(hints())
        except Exception:  # a guess about the loop is not worth the record of the run
            self.stop()
            return
        for kind, sentence in found:
            if kind not in self._done:
                self._done.add(kind)
                self._report(kind, sentence)

    def _of_samples(self) -> Iterator[Hint]:
        """The hints about samples; one that explains another comes first, and the other is left."""
        real, looks = self._real, self._looks
        comparable = len(real) > 1 and real.shape[1] == looks[-1].fake.shape[1]
        found: dict[str, str | None] = {"latents": equal_samples(real, looks)}
        if not found["latents"]:
            if comparable:
                found["range"] = differing_ranges(real, looks)
                found["rounding"] = rounded_values(real, looks)
                found["zeros"] = exact_zeros(real, looks)
                found["giveaway"] = None if found["range"] else giveaway_column(real, looks)
            found["same samples"] = same_again(looks)
            if not found.get("rounding"):
                found["repeated samples"] = repeated_samples(real, looks)
        yield from ((kind, sentence) for kind, sentence in found.items() if sentence)

    def _of_rows(self) -> Iterator[Hint]:
        zero = zero_losses(self._rows)
        if zero:
            yield "losses", zero
        else:
            yield from constant_losses(self._rows)
            swapped = swapped_labels(self._rows, far_off=self._far_off())
            if swapped:
                yield "labels", swapped
        yield from idle_player(self._rows)

    def _far_off(self) -> bool:
        """Whether samples and data differ in some column; True where no samples are known."""
        if not self._looks or len(self._real) < 2:
            return True
        fake = self._looks[-1].fake
        if fake.shape[1] != self._real.shape[1]:
            return True
        return max(_ks(self._real[:, k], fake[:, k]) for k in range(fake.shape[1])) >= FAR_OFF


def _ks(one: Values, other: Values) -> float:
    """The greatest difference of two distribution functions."""
    points = np.concatenate([one, other])
    below = [np.searchsorted(np.sort(x), points, side="right") / len(x) for x in (one, other)]
    return float(np.abs(below[0] - below[1]).max())
