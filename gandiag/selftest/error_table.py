"""Summarizes many scored runs in a table of error rates, as plain JSON data."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, get_args

from gandiag._version import __version__
from gandiag.analysis.episode import Kind
from gandiag.analysis.names import ALARMS
from gandiag.selftest.cases import Split
from gandiag.selftest.faults import FAULTS
from gandiag.selftest.rates import median_and_range, per_thousand, proportion
from gandiag.selftest.scoring import Outcome

SCHEMA = "gandiag.selftest/1"

GROUPED_BY = ("family", "memory", "heavy", "points")
"""The facts by which the healthy runs are grouped, besides their name."""

Table = dict[str, Any]


def error_table(outcomes: Sequence[Outcome], split: Split, runs: int) -> Table:
    """Computes the error rates of the diagnosis from the scores of many simulated runs.

    How to read it: ``healthy`` is the rate of alarms at any of 50 looks though there is no fault;
    ``faults`` how often and how late each fault is found; ``detectors`` how reliable each kind of
    episode is alone; ``divergence`` the same for windows of loss against quality; ``verdicts`` how
    many of the runs with a verdict were right to have it.

    It misleads where real runs differ from simulated ones. The share of correct verdicts depends
    on the mixture, too: here every fault is as frequent as every kind of healthy run; where faults
    are rarer, a smaller share of the alarms is correct.

    Args:
        outcomes: The scores of all cases.
        split: The set that they are from.
        runs: The number of cases of each name.

    Returns:
        The table.
    """
    healthy = [each for each in outcomes if each.case.healthy]
    return {
        "schema": SCHEMA,
        "gandiag": __version__,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "set": split,
        "runs": runs,
        "healthy": {"all": _alarm_rates(healthy), "by": _grouped(healthy)},
        "faults": {name: _fault(name, _named(outcomes, name)) for name in FAULTS},
        "detectors": {kind: _detector(kind, outcomes, healthy) for kind in get_args(Kind)},
        "divergence": _divergence(outcomes, healthy),
        "verdicts": {name: _verdict(name, outcomes, healthy) for name in _verdict_names(outcomes)},
    }


def _alarm_rates(outcomes: Sequence[Outcome]) -> Table:
    return {
        "any_alarm": proportion(each.alarmed for each in outcomes),
        "verdict_alarm": proportion(bool(each.alarms) for each in outcomes),
        "standing_episode": proportion(bool(each.unrecovered) for each in outcomes),
        "wrong_verdict": proportion(each.wrong for each in outcomes),
        "no_verdict": proportion(each.undecided for each in outcomes),
        "alarms": dict(Counter(name for each in outcomes for name in _alarms(each))),
        "standing": dict(Counter(kind for each in outcomes for kind in each.unrecovered)),
    }


def _alarms(outcome: Outcome) -> set[str]:
    return {name for _, name in outcome.alarms}


def _grouped(outcomes: Sequence[Outcome]) -> Table:
    tables = {"name": _by(outcomes, lambda each: each.case.name)}
    for fact in GROUPED_BY:
        tables[fact] = _by(outcomes, lambda each, fact=fact: each.settings[fact])  # type: ignore[misc]
    return tables


def _by(outcomes: Sequence[Outcome], key: Callable[[Outcome], Any]) -> Table:
    values = sorted({key(each) for each in outcomes})
    return {
        str(value): _alarm_rates([each for each in outcomes if key(each) == value])
        for value in values
    }


def _named(outcomes: Sequence[Outcome], name: str) -> list[Outcome]:
    return [each for each in outcomes if each.case.name == name]


def _fault(name: str, outcomes: Sequence[Outcome]) -> Table:
    fault = FAULTS[name]
    is_alarm = fault.correct[0] in ALARMS
    delays = [(each.delay, each.points) for each in outcomes if each.delay is not None]
    return {
        "strength": fault.strength,
        "right": list(fault.correct),
        "found": proportion(each.found for each in outcomes),
        "found_live": proportion(each.delay is not None for each in outcomes) if is_alarm else None,
        "no_verdict": proportion(each.undecided for each in outcomes),
        "early_alarm": proportion(bool(each.alarms) for each in outcomes),
        "delay": median_and_range(delay for delay, _ in delays),
        "delay_points": median_and_range(delay * (points - 1) for delay, points in delays),
        "onset_error": median_and_range(
            each.onset_error for each in outcomes if each.onset_error is not None
        ),
        "verdicts": dict(Counter(each.final for each in outcomes).most_common()),
    }


def _detector(kind: str, outcomes: Sequence[Outcome], healthy: Sequence[Outcome]) -> Table:
    false = sum(each.false_episodes.get(kind, 0) for each in healthy)
    return {
        "false_alarms_per_1000": per_thousand(false, sum(each.settled_points for each in healthy)),
        "healthy_runs": proportion(kind in each.false_episodes for each in healthy),
        "found": {
            name: proportion(kind in each.episodes_after_onset for each in _named(outcomes, name))
            for name, fault in FAULTS.items()
            if kind in fault.kinds
        },
    }


def _divergence(outcomes: Sequence[Outcome], healthy: Sequence[Outcome]) -> Table:
    """How often there are windows where the loss improves and the quality worsens."""
    return {
        "healthy_runs": proportion(each.windows > 0 for each in healthy),
        "by": {
            name: proportion(each.windows > 0 for each in _named(healthy, name))
            for name in sorted({each.case.name for each in healthy})
        },
        "found": proportion(each.windows > 0 for each in _named(outcomes, "misleading-loss")),
    }


def _verdict_names(outcomes: Sequence[Outcome]) -> list[str]:
    given = {each.final for each in outcomes}
    return sorted(given | {name for each in outcomes for name in each.correct})


def _verdict(name: str, outcomes: Sequence[Outcome], healthy: Sequence[Outcome]) -> Table:
    """The share of runs with this verdict where it was correct, and the rates of its two errors.

    ``missed`` is of the runs of which this is the best correct verdict.
    """
    own = [each for each in outcomes if each.correct[0] == name]
    table: Table = {
        "deserved": proportion(name in each.correct for each in outcomes if each.final == name),
        "missed": proportion(not each.found for each in own),
    }
    if name != "healthy":
        table["false_alarms"] = proportion(each.final == name for each in healthy)
    return table
