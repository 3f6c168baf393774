"""Faults that losses alone show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gandiag.analysis.names import Name

Series = NDArray[np.float64]
"""[log point]."""

GAMES = {"sum": (1.386, 0.693), "mean": (0.693, 0.693), "critic": (0.0, 0.0)}
"""D's and G's loss where D cannot tell the samples apart."""


@dataclass(frozen=True)
class Logged:
    """The series of a run up to its onset, and what a fault makes of them.

    Attributes:
        d: D's loss.
        g: G's loss.
        since: How far the fault has come [log point]: 0 up to the onset, 1 at the end.
    """

    d: Series
    g: Series
    since: Series


def _d_wins(rng: Generator, run: Logged) -> tuple[Series, Series]:
    """D's loss falls to 1e-7, and G's rises to 12."""
    return run.d * 1e-7**run.since, run.g + 11 * run.since


def _no_contest(rng: Generator, run: Logged) -> tuple[Series, Series]:
    """D's loss is exactly 0, and G's about 20."""
    wrong = run.since > 0
    return np.where(wrong, 0.0, run.d), np.where(wrong, 20 + 0.1 * run.g, run.g)


def _swing(rng: Generator, run: Logged) -> tuple[Series, Series]:
    """Both losses swing by .4, with a period of 6 to 10 log points."""
    wave = 0.4 * np.sin(2 * np.pi * np.arange(len(run.d)) / rng.uniform(6, 10))
    wrong = run.since > 0
    return run.d + wrong * wave, run.g - wrong * wave


def _runs_away(rng: Generator, run: Logged) -> tuple[Series, Series]:
    """D's loss falls to -180, and G's rises to 180."""
    away = 180.0**run.since - 1
    return run.d - away, run.g + away


def _not_finite(rng: Generator, run: Logged) -> tuple[Series, Series]:
    """G's loss is NaN."""
    return run.d, np.where(run.since > 0, np.nan, run.g)


@dataclass(frozen=True)
class ScalarFault:
    """A fault that scalars show.

    Attributes:
        change: What it makes of the losses.
        right: The right verdicts, the best first: without samples often that there is none.
        kinds: The kinds of episodes that tell of it.
        games: The games that it occurs in.
    """

    change: Callable[[Generator, Logged], tuple[Series, Series]]
    right: tuple[Name, ...]
    kinds: tuple[str, ...]
    games: tuple[str, ...] = ("sum", "mean")


AWAY = ("d-overpowering", "no-contest", "loss-runaway")
"""The kinds of episodes in which D leaves G behind."""

FAULTS: Mapping[str, ScalarFault] = {
    "D wins": ScalarFault(_d_wins, ("undecided", "dead", "diverging"), AWAY),
    "no contest": ScalarFault(_no_contest, ("undecided", "dead"), AWAY),
    "losses swing": ScalarFault(_swing, ("undecided", "oscillating"), ("oscillation",)),
    "losses run away": ScalarFault(
        _runs_away, ("undecided", "diverging"), ("loss-runaway", "blow-up"), ("critic",)
    ),
    "not finite": ScalarFault(_not_finite, ("diverging",), ("non-finite",), tuple(GAMES)),
}
"""The faults of the losses by name."""
