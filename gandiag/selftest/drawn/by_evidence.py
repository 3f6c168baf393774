"""The error rates of every verdict by what it rests on and by the number of samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from gandiag.analysis.names import ALARMS
from gandiag.analysis.scope import Evidence
from gandiag.selftest.drawn.outcome import BANDS, DrawnOutcome
from gandiag.selftest.rates import proportion

Table = dict[str, Any]


def by_evidence(outcomes: Sequence[DrawnOutcome]) -> Table:
    """The rates by kind of evidence, band of samples and verdict.

    Where no samples are logged the rates do not depend on their number, and are the same in every
    band. Runs in the grey zone are left out: whatever is said of them, it is not wrong.
    """
    return {
        kind: {band: _rates(_of(outcomes, kind, band)) for band in BANDS}
        for kind in get_args(Evidence)
    }


def _of(outcomes: Sequence[DrawnOutcome], kind: str, band: str) -> list[DrawnOutcome]:
    return [
        each for each in outcomes if each.evidence == kind and (not each.n or each.band == band)
    ]


def _rates(outcomes: Sequence[DrawnOutcome]) -> Table:
    graded = [each for each in outcomes if each.right]
    healthy = [each for each in outcomes if each.healthy]
    names = sorted({each.final for each in graded} | {each.right[0] for each in graded})
    return {
        "any_alarm": proportion(bool(each.alarms) for each in healthy),
        "verdicts": {name: _verdict(name, graded, healthy) for name in names},
    }


def _verdict(name: str, graded: Sequence[DrawnOutcome], healthy: Sequence[DrawnOutcome]) -> Table:
    """As in the table of simulated series: ``missed`` is of the runs of which it is the best."""
    given = [each for each in graded if each.final == name]
    best = [each for each in graded if each.right[0] == name]
    table: Table = {
        "deserved": proportion(name in each.right for each in given),
        "missed": proportion(not each.found for each in best),
    }
    if name in ALARMS:
        table["false_alarms"] = proportion(each.final == name for each in healthy)
    return table
