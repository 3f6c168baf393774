"""What is known of the error rates of verdicts, by the kind of evidence that they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from gandiag.analysis.names import ALARMS
from gandiag.analysis.scope import Band, Evidence
from gandiag.analysis.stability import percent_range
from gandiag.selftest.rates import kind_of_runs, proportion, shipped
from gandiag_html.formatting import NOTHING


@dataclass(frozen=True)
class Row:
    """What is known of runs of one kind of evidence from a number of samples, as text.

    Attributes:
        evidence: The kind of evidence.
        samples: The samples at a log point.
        alarmed: Of the healthy runs, those with an alarm at any check.
        healthy: Of the runs called healthy, those that were.
        alarms: Of the runs whose verdict is an alarm, those where it was right.
        blind: Of the runs that should have got an alarm, those without the right one.
    """

    evidence: str
    samples: str
    alarmed: str
    healthy: str
    alarms: str
    blind: str


def table() -> dict[str, Any]:
    """The rows, the kinds of evidence of which nothing is known, and the version."""
    rows = {kind: list(_rows(kind)) for kind in get_args(Evidence)}
    return {
        "rows": [row for kind in rows.values() for row in kind],
        "unknown": [kind for kind, own in rows.items() if not own],
        "version": shipped()["gandiag"],
    }


def _rows(evidence: Evidence) -> Iterator[Row]:
    """A row for each band of samples; a single one where the number of samples does not matter."""
    bands: dict[Band, Mapping[str, Any]] = {
        band: known for band in get_args(Band) if (known := kind_of_runs(evidence, band))
    }
    found = list(bands.values())
    alike = len(found) == len(get_args(Band)) and all(each == found[0] for each in found)
    for band, known in list(bands.items())[: 1 if alike else None]:
        verdicts = known["verdicts"]
        alarms = [verdicts[name] for name in ALARMS if name in verdicts]
        row = Row(
            evidence,
            "any number" if alike else band,
            _cell(known["any_alarm"]),
            _cell(verdicts["healthy"]["deserved"]) if "healthy" in verdicts else NOTHING,
            _cell(_together(each["deserved"] for each in alarms)),
            _cell(_together(each["missed"] for each in alarms)),
        )
        if {row.alarmed, row.healthy, row.alarms, row.blind} != {NOTHING}:
            yield row


def _together(rates: Iterator[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Several proportions of different runs as one."""
    counts = [(rate["k"], rate["n"]) for rate in rates]
    k, n = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0)
    return proportion([True] * k + [False] * (n - k))


def _cell(rate: Mapping[str, Any]) -> str:
    if not rate["n"]:
        return NOTHING
    return f"{rate['k']:,} of {rate['n']:,} ({percent_range(tuple(rate['interval']))})"
