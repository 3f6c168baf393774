"""Error rates of each verdict, measured on simulated runs whose faults are known."""

from __future__ import annotations

from typing import Any

from gandiag.analysis.stability import percent_range
from gandiag.selftest.rates import Rate, rate_of, shipped
from gandiag_html.cases import ORDER
from gandiag_html.formatting import NOTHING

UNKNOWN = "No simulated run got this verdict or should have: how often it is wrong is not known."


def rates_in_words(verdict: str) -> str:
    """One sentence with the error rates of a verdict."""
    rates = rate_of(verdict)
    if rates is None:
        return UNKNOWN
    correct, missed, false = rates.correct, rates.missed, rates.false_alarms
    sentence = (
        f"Of {correct.n:,} simulated runs that got this verdict, {correct.k:,} were right"
        f"{_interval(correct)}; of {missed.n:,} that should have got it, {missed.k:,} got another"
    )
    if false is not None:
        sentence += f"; of {false.n:,} healthy ones, {false.k:,} got it"
    return f"{sentence}."


def table() -> dict[str, Any]:
    """The shipped table, one row per verdict, and the sizes of the simulation."""
    rates = shipped()
    healthy = rates["healthy"]["all"]["any_alarm"]
    return {
        "rows": [row for name in ORDER if (row := _row(name)) is not None],
        "version": rates["gandiag"],
        "healthy": f"{healthy['n']:,}",
        "faulty": f"{len(rates['faults']) * rates['runs']:,}",
        "alarmed": _cell(Rate(healthy["k"], healthy["n"], tuple(healthy["interval"]))),
    }


def _row(name: str) -> tuple[str, str, str, str] | None:
    rates = rate_of(name)
    if rates is None:
        return None
    return name, _cell(rates.correct), _cell(rates.missed), _cell(rates.false_alarms)


def _cell(rate: Rate | None) -> str:
    if rate is None or not rate.n:
        return NOTHING
    return f"{rate.k:,} of {rate.n:,}{_interval(rate)}"


def _interval(rate: Rate) -> str:
    return f" ({percent_range(rate.interval)})" if rate.n else ""
