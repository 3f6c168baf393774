"""The error rates that ship with gandiag: what `gandiag selftest` printed of this version.

They are made anew by ``gandiag selftest --runs 400 --json > new.json``; put the file in the place
of ``gandiag/selftest/rates.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Rate:
    """How often, of how many, within which 95 % interval (Clopper and Pearson 1934)."""

    k: int
    n: int
    interval: tuple[float, float]


@dataclass(frozen=True)
class VerdictRates:
    """How far a verdict is to be trusted, from simulated runs whose truth is known.

    Attributes:
        deserved: Of the runs that got it at their end, those that deserved it. Every fault is as
            frequent there as every kind of healthy run; where faults are rarer, fewer alarms are
            deserved.
        missed: Of the runs that deserved it, those that got another.
        false_alarms: Of the healthy runs, those that got it; None for "healthy".
    """

    deserved: Rate
    missed: Rate
    false_alarms: Rate | None


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Any]:
    """The table that ships with gandiag, as `gandiag selftest --json` prints it; not to be changed.

    Raises:
        ValueError: It was not made on the reporting set.
    """
    text = (resources.files("gandiag.selftest") / "rates.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    if table["set"] != "reporting":
        raise ValueError(f"the table is of the {table['set']} set; only the reporting one may ship")
    return table


def rate_of(verdict: str) -> VerdictRates | None:
    """The error rates of a verdict by its name; None where no simulated run got or deserved it."""
    row = shipped()["verdicts"].get(verdict)
    if row is None:
        return None
    false = row.get("false_alarms")
    return VerdictRates(
        _rate(row["deserved"]), _rate(row["missed"]), None if false is None else _rate(false)
    )


def _rate(row: Mapping[str, Any]) -> Rate:
    low, high = row["interval"]
    return Rate(row["k"], row["n"], (low, high))
