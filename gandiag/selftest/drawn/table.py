"""Summarizes many drawn runs: per kind of data, by strength, and where goals are missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from gandiag.selftest.drawn.faults import FAULTS
from gandiag.selftest.drawn.outcome import BANDS, DrawnOutcome
from gandiag.selftest.rates import proportion

Table = dict[str, Any]

GOALS = {"any_alarm": 0.01, "told": 0.95}
"""At most so many healthy runs with an alarm at any look; at least so many severe faults told."""

ENOUGH = 300
"""From this number of samples a log point on, a severe fault is to be told."""

BINS = 5
"""The bins of the strength of a fault."""


def drawn_table(outcomes: Sequence[DrawnOutcome], ground: str, runs: int) -> Table:
    """The rates on drawn samples.

    How to read it: ``data`` has for every kind of data how many healthy runs had an alarm at any of
    50 looks or at the end, how many severe faults were told at 300 samples a log point and more,
    and how many were called healthy at any number of samples; ``curves`` how often a fault leads to
    an alarm or is called healthy, by its strength; ``misses`` which of these rates are beside their
    goals.

    It misleads where real runs differ from these: real generators are wrong in several ways at
    once, and their errors change slowly.

    Args:
        outcomes: The scores of all runs.
        ground: Whose distributions they are.
        runs: The runs of every fault of every kind of data.

    Returns:
        Plain data.
    """
    names = dict.fromkeys(each.data for each in outcomes)
    data = {name: _data([each for each in outcomes if each.data == name]) for name in names}
    return {
        "ground": ground,
        "runs": runs,
        "goals": GOALS,
        "all": _data(outcomes),
        "data": data,
        "curves": {name: _curve(name, outcomes) for name in FAULTS},
        "misses": list(_misses(data)),
    }


def _data(outcomes: Sequence[DrawnOutcome]) -> Table:
    healthy = [each for each in outcomes if each.healthy]
    severe = [each for each in outcomes if not each.healthy and _is_severe(each)]
    faults = dict.fromkeys(each.fault for each in severe)
    return {
        "any_alarm": proportion(bool(each.alarms) for each in healthy),
        "no_verdict": proportion(each.undecided for each in healthy),
        "standing_episode": proportion(bool(each.standing) for each in healthy),
        "hints": proportion(bool(each.hints) for each in healthy),
        "alarms": dict(Counter(name for each in healthy for name in set(each.alarms))),
        "early_alarm": proportion(bool(each.alarms) for each in outcomes if not each.healthy),
        "told": {name: _told(each for each in severe if each.fault == name) for name in faults},
        "called_healthy": proportion(each.final == "healthy" for each in outcomes if each.bad),
    }


def _is_severe(outcome: DrawnOutcome) -> bool:
    """Whether it is to be told: by a verdict from enough samples, or without any by an episode."""
    return outcome.bad and outcome.n >= ENOUGH if outcome.n else not outcome.healthy


def _told(outcomes: Iterable[DrawnOutcome]) -> Table:
    return proportion(each.told for each in outcomes)


def _curve(name: str, outcomes: Sequence[DrawnOutcome]) -> Table:
    own = [each for each in outcomes if each.fault == name]
    low, high = FAULTS[name].strengths
    count = BINS if high > low else 1
    bins = list(pairwise(np.linspace(low, high, count + 1).round(4).tolist()))
    curve: Table = {band: [_bin(own, band, *ends) for ends in bins] for band in BANDS}
    return {"unit": FAULTS[name].unit, **curve}


def _bin(outcomes: Sequence[DrawnOutcome], band: str, low: float, high: float) -> Table:
    """The runs of a band whose strength lies in a bin; beyond the last one there is no other."""
    own = [each for each in outcomes if each.band == band and low <= each.strength < high + 1e-9]
    return {
        "from": low,
        "to": high,
        "alarm": proportion(each.alarmed for each in own),
        "healthy": proportion(each.final == "healthy" for each in own),
    }


def _misses(data: Table) -> Iterable[Table]:
    """The rates beside their goals; ``sure`` where the whole interval is."""
    for name, row in data.items():
        rate, goal = row["any_alarm"], GOALS["any_alarm"]
        if rate["n"] and rate["rate"] > goal:
            sure = rate["interval"][0] > goal
            yield {"data": name, "what": "any alarm of healthy runs", "sure": sure, **rate}
        for fault, rate in row["told"].items():
            if rate["rate"] < GOALS["told"]:
                sure = rate["interval"][1] < GOALS["told"]
                yield {"data": name, "what": f"told: {fault}", "sure": sure, **rate}
