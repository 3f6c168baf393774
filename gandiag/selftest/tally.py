"""The table of error rates that many scored runs make: one document of plain data."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, get_args

from gandiag._version import __version__
from gandiag.analysis.episode import Kind
from gandiag.analysis.names import ALARMS
from gandiag.selftest.cases import Part
from gandiag.selftest.faults import FAULTS
from gandiag.selftest.rate import per_thousand, share, spread
from gandiag.selftest.scoring import Outcome

SCHEMA = "gandiag.selftest/1"

GROUPS = ("family", "memory", "heavy", "points")
"""By which facts the healthy runs are told apart, besides their name."""

Table = dict[str, Any]


def tally(outcomes: Sequence[Outcome], part: Part, runs: int) -> Table:
    """Counts what was said of many simulated runs.

    How to read it: ``healthy`` says how often there is an alarm though nothing is wrong, at any of
    50 looks; ``faults`` how often and how late each fault is found; ``detectors`` what each kind
    of episode is worth alone; ``divergence`` the same of the windows of loss against quality;
    ``verdicts`` how many of the runs that got a verdict deserved it.

    It misleads where real runs differ from simulated ones. The share that deserved a verdict
    depends on the mixture, too: here every fault is as frequent as every kind of healthy run, and
    where faults are rarer a smaller part of the alarms is deserved.

    Args:
        outcomes: Of all cases.
        part: Which set they are from.
        runs: How many cases there are of each name.
    """
    nulls = [each for each in outcomes if each.case.healthy]
    return {
        "schema": SCHEMA,
        "gandiag": __version__,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "set": part,
        "runs": runs,
        "healthy": {"all": _null(nulls), "by": _groups(nulls)},
        "faults": {name: _fault(name, _named(outcomes, name)) for name in FAULTS},
        "detectors": {kind: _detector(kind, outcomes, nulls) for kind in get_args(Kind)},
        "divergence": _divergence(outcomes, nulls),
        "verdicts": {name: _verdict(name, outcomes, nulls) for name in _names(outcomes)},
    }


def _null(outcomes: Sequence[Outcome]) -> Table:
    return {
        "any_alarm": share(each.alarmed for each in outcomes),
        "verdict_alarm": share(bool(each.alarms) for each in outcomes),
        "standing_episode": share(bool(each.standing) for each in outcomes),
        "wrong_verdict": share(each.wrong for each in outcomes),
        "no_verdict": share(each.undecided for each in outcomes),
        "alarms": dict(Counter(name for each in outcomes for name in _alarms(each))),
        "standing": dict(Counter(kind for each in outcomes for kind in each.standing)),
    }


def _alarms(outcome: Outcome) -> set[str]:
    return {name for _, name in outcome.alarms}


def _groups(outcomes: Sequence[Outcome]) -> Table:
    tables = {"name": _by(outcomes, lambda each: each.case.name)}
    for fact in GROUPS:
        tables[fact] = _by(outcomes, lambda each, fact=fact: each.facts[fact])  # type: ignore[misc]
    return tables


def _by(outcomes: Sequence[Outcome], key: Callable[[Outcome], Any]) -> Table:
    found = sorted({key(each) for each in outcomes})
    return {str(one): _null([each for each in outcomes if key(each) == one]) for one in found}


def _named(outcomes: Sequence[Outcome], name: str) -> list[Outcome]:
    return [each for each in outcomes if each.case.name == name]


def _fault(name: str, outcomes: Sequence[Outcome]) -> Table:
    fault = FAULTS[name]
    alarm = fault.right[0] in ALARMS
    delays = [(each.delay, each.points) for each in outcomes if each.delay is not None]
    return {
        "strength": fault.strength,
        "right": list(fault.right),
        "found": share(each.found for each in outcomes),
        "found_live": share(each.delay is not None for each in outcomes) if alarm else None,
        "no_verdict": share(each.undecided for each in outcomes),
        "early_alarm": share(bool(each.alarms) for each in outcomes),
        "delay": spread(delay for delay, _ in delays),
        "delay_points": spread(delay * (points - 1) for delay, points in delays),
        "onset_error": spread(
            each.onset_error for each in outcomes if each.onset_error is not None
        ),
        "verdicts": dict(Counter(each.final for each in outcomes).most_common()),
    }


def _detector(kind: str, outcomes: Sequence[Outcome], nulls: Sequence[Outcome]) -> Table:
    false = sum(each.false.get(kind, 0) for each in nulls)
    return {
        "false_alarms_per_1000": per_thousand(false, sum(each.settled_points for each in nulls)),
        "healthy_runs": share(kind in each.false for each in nulls),
        "found": {
            name: share(kind in each.shown for each in _named(outcomes, name))
            for name, fault in FAULTS.items()
            if kind in fault.kinds
        },
    }


def _divergence(outcomes: Sequence[Outcome], nulls: Sequence[Outcome]) -> Table:
    """How often windows are found in which the loss improves and the quality worsens."""
    return {
        "healthy_runs": share(each.windows > 0 for each in nulls),
        "by": {
            name: share(each.windows > 0 for each in _named(nulls, name))
            for name in sorted({each.case.name for each in nulls})
        },
        "found": share(each.windows > 0 for each in _named(outcomes, "misleading-loss")),
    }


def _names(outcomes: Sequence[Outcome]) -> list[str]:
    said = {each.final for each in outcomes}
    return sorted(said | {name for each in outcomes for name in each.right})


def _verdict(name: str, outcomes: Sequence[Outcome], nulls: Sequence[Outcome]) -> Table:
    """Of the runs that got it how many deserved it; of the healthy ones and its own, the errors.

    A fault's own verdict is the best of those that are right.
    """
    own = [each for each in outcomes if each.right[0] == name]
    table: Table = {
        "deserved": share(name in each.right for each in outcomes if each.final == name),
        "missed": share(not each.found for each in own),
    }
    if name != "healthy":
        table["false_alarms"] = share(each.final == name for each in nulls)
    return table
