"""Error rates with their intervals: computed from counts, and read from the table that is shipped.

The shipped table is what `gandiag selftest` printed for this version. To renew it, run
``gandiag selftest --runs 100 --draws 4 --json > new.json`` and replace by it
``gandiag/selftest/rates.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from gandiag.analysis.scope import Band, Evidence, Scope
from gandiag.analysis.stability import success_rate


@dataclass(frozen=True)
class Rate:
    """A proportion k of n with its 95 % interval (Clopper and Pearson 1934)."""

    k: int
    n: int
    interval: tuple[float, float]


@dataclass(frozen=True)
class VerdictRates:
    """How reliable a verdict is, from drawn runs whose truth is known, of one kind of evidence.

    Attributes:
        correct: Of the runs with this verdict at their end, those where it was correct. Every fault
            is as frequent there as every kind of healthy run; where faults are rarer, fewer alarms
            are correct.
        missed: Of the runs where it would have been correct, those with another verdict.
        false_alarms: Of the healthy runs, those with this verdict; None where it is no alarm.
    """

    correct: Rate
    missed: Rate
    false_alarms: Rate | None


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Any]:
    """The shipped table, as `gandiag selftest --json` prints it; do not modify it.

    Raises:
        ValueError: The table is not from the reporting set.
    """
    text = (resources.files("gandiag.selftest") / "rates.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    if table["set"] != "reporting":
        raise ValueError(
            f"the table is from the {table['set']} set; only the reporting set's may be shipped"
        )
    return table


def kind_of_runs(evidence: Evidence, band: Band) -> Mapping[str, Any]:
    """What the shipped table says of runs of a kind of evidence and a band; empty where nothing."""
    found: Mapping[str, Any] = shipped().get("by_evidence", {}).get(evidence, {}).get(band, {})
    return found


def rate_of(verdict: str, scope: Scope | None) -> VerdictRates | None:
    """The error rates of a verdict on the same kind of evidence from as many samples.

    Args:
        verdict: Its name.
        scope: What it rests on.

    Returns:
        The rates; None if no run of the same kind got the verdict, so that nothing is known.
    """
    if scope is None:
        return None
    row = kind_of_runs(scope.evidence, scope.band).get("verdicts", {}).get(verdict)
    if row is None or not row["deserved"]["n"]:
        return None
    false_alarms = row.get("false_alarms")
    return VerdictRates(
        correct=_rate(row["deserved"]),
        missed=_rate(row["missed"]),
        false_alarms=None if false_alarms is None else _rate(false_alarms),
    )


def _rate(row: Mapping[str, Any]) -> Rate:
    low, high = row["interval"]
    return Rate(row["k"], row["n"], (low, high))


def proportion(outcomes: Iterable[bool]) -> dict[str, Any]:
    """How many of n are true: ``k``, ``n``, ``rate`` and its Clopper-Pearson 95 % ``interval``.

    >>> half = proportion([True, False])
    >>> half["k"], [round(end, 3) for end in half["interval"]]
    (1, [0.013, 0.987])
    """
    rate = success_rate(list(outcomes))
    interval = list(rate.interval or (0.0, 1.0))
    k = int(rate.evidence["successes"])
    return {"k": k, "n": rate.n, "rate": k / rate.n if rate.n else None, "interval": interval}


def per_thousand(k: int, points: int) -> dict[str, Any]:
    """Events per 1,000 log points, with the exact 95 % interval of a Poisson rate.

    The interval is Garwood's (1936). It misleads where events cluster, several per run: then the
    proportion of runs with any event is the better number.

    >>> none = per_thousand(0, 1000)
    >>> none["rate"], [round(end, 2) for end in none["interval"]]
    (0.0, [0.0, 3.69])
    """
    from scipy.special import gammaincinv

    unit = 1000 / points if points else float("nan")
    low = float(gammaincinv(k, 0.025)) if k else 0.0
    ends = [low * unit, float(gammaincinv(k + 1, 0.975)) * unit]
    counts = {"k": k, "points": points}
    return counts | ({"rate": k * unit, "interval": ends} if points else {"rate": None})


def median_and_range(values: Iterable[float]) -> dict[str, Any]:
    """The median of some numbers and the range of the middle 90 %; None where there are none."""
    numbers = list(values)
    if not numbers:
        return {"n": 0, "median": None, "range": None}
    low, middle, high = (float(x) for x in np.quantile(numbers, [0.05, 0.5, 0.95]))
    return {"n": len(numbers), "median": middle, "range": [low, high]}
