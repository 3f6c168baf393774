"""How far a verdict is to be trusted: its error rates on simulated runs whose truth is known."""

from __future__ import annotations

from typing import Any

from gandiag.analysis.stability import percent_range
from gandiag.selftest.rates import Rate, rate_of, shipped
from gandiag_html.cases import ORDER
from gandiag_html.formatting import NOTHING

UNKNOWN = "No simulated run got this verdict or should have: how often it is wrong is not known."


def rates_in_words(verdict: str) -> str:
    """The error rates of a verdict in a sentence."""
    found = rate_of(verdict)
    if found is None:
        return UNKNOWN
    right, missed, false = found.right, found.missed, found.false_alarms
    said = (
        f"Of {right.n:,} simulated runs that got this verdict, {right.k:,} were right"
        f"{_within(right)}; of {missed.n:,} that should have got it, {missed.k:,} got another"
    )
    if false is not None:
        said += f"; of {false.n:,} healthy ones, {false.k:,} got it"
    return f"{said}."


def table() -> dict[str, Any]:
    """The shipped table: a row a verdict, and how it was made."""
    whole = shipped()
    healthy = whole["healthy"]["all"]["any_alarm"]
    return {
        "rows": [row for name in ORDER if (row := _row(name)) is not None],
        "version": whole["gandiag"],
        "healthy": f"{healthy['n']:,}",
        "faulty": f"{len(whole['faults']) * whole['runs']:,}",
        "alarmed": _cell(Rate(healthy["k"], healthy["n"], tuple(healthy["interval"]))),
    }


def _row(name: str) -> tuple[str, str, str, str] | None:
    found = rate_of(name)
    if found is None:
        return None
    return name, _cell(found.right), _cell(found.missed), _cell(found.false_alarms)


def _cell(rate: Rate | None) -> str:
    if rate is None or not rate.n:
        return NOTHING
    return f"{rate.k:,} of {rate.n:,}{_within(rate)}"


def _within(rate: Rate) -> str:
    return f" ({percent_range(rate.interval)})" if rate.n else ""
