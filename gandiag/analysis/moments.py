"""How do the moments of the samples approach those of the data, and which of them fail?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gandiag.analysis.finding import Finding
from gandiag.analysis.quality import scale, unit_of
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import running_median, trend
from gandiag.analysis.thresholds import MOMENT_BANDS, MOMENT_SE, SMOOTH

NAMES = {
    "mean": "the mean",
    "std": "the standard deviation",
    "skew": "the skewness",
    "kurtosis": "the excess kurtosis",
}


@dataclass(frozen=True)
class Moments:
    """How the moments of the samples compare with the data's.

    Attributes:
        deviations: By how much each moment is off, on each axis.
        failing: How many moments fail, and which.
    """

    deviations: tuple[Finding, ...]
    failing: Finding


@dataclass(frozen=True, eq=False)
class _Moment:
    """A moment over time: deviations [finite log point] in its unit, with their errors."""

    name: str
    axis: str
    iteration: Series
    away: Series
    se: Series | None
    last: int
    unit: str

    @property
    def words(self) -> str:
        return NAMES[self.name] + (f" on axis {self.axis[1:]}" if self.axis else "")

    @property
    def deviation(self) -> float:
        """The median of the last tenth."""
        return float(np.median(self.away[-self.last :]))

    @property
    def error(self) -> float | None:
        return None if self.se is None else float(np.median(self.se[-self.last :]))

    @property
    def fails(self) -> bool:
        least = MOMENT_SE * (self.error or 0.0)
        return abs(self.deviation) > max(MOMENT_BANDS[self.name], least)


def moments_over_time(record: Record) -> Moments:
    """How mean, standard deviation, skewness and kurtosis approach the data's, one Finding each.

    The value is the deviation from the data over the last tenth of the record (its median, of 5
    log points at least): of mean and standard deviation in standard deviations of the data, of
    skewness and excess kurtosis as they are. The interval is that of a single measurement, since
    neighbours are not independent. ``failing`` counts the moments that fail, by
    ``MOMENT_BANDS`` and by more than ``MOMENT_SE`` standard errors, and names them.

    How to read the evidence, all on a running median of 5 log points:
    ``deviation_se``: the value in standard errors. ``overshoot``: how far the moment went beyond
    the data, as a part of its first deviation. ``settled``: the iteration from which it has stayed
    within its band; absent where it has not. ``drift`` and ``drift_t``: the change along a line
    since then, and that in standard errors.

    It misleads on a target of several modes: mean and standard deviation of all samples can be
    right while modes are missing. A running median hides excursions of one or two log points.

    Args:
        record: A prefix of a run.

    Returns:
        A Finding for each moment and axis with a known expectation; where there is none, no
        deviations, and ``failing`` is NaN and says what is missing.
    """
    moments = list(_moments(record))
    if not moments:
        why = "no moment of the samples was recorded together with the data's own"
        return Moments((), Finding(value=math.nan, n=0, sentence=f"not enough data: {why}"))
    known = [moment for moment in moments if len(moment.away) >= SMOOTH]
    return Moments(tuple(_finding(moment) for moment in moments), _failing(known))


def _moments(record: Record) -> Iterator[_Moment]:
    expected = record.expected
    for k, axis in enumerate(record.axes):
        unit = scale(record, "mean" + axis)
        std = float(expected.std[k]) if k < len(expected.std) else math.nan
        own = std if std > 0 else unit
        for name, truth, by in (
            ("mean", float(expected.mean[k]) if k < len(expected.mean) else None, own),
            ("std", None if math.isnan(std) else std, own),
            ("skew", expected.skew if not axis else None, 1.0),
            ("kurtosis", expected.kurtosis if not axis else None, 1.0),
        ):
            values = record.series(name + axis)
            if truth is not None and values is not None:
                yield _moment(record, name, axis, (values - truth) / by, by)


def _moment(record: Record, name: str, axis: str, away: Series, by: float) -> _Moment:
    errors = record.series(f"{name}{axis}_se")
    finite = np.isfinite(away)
    if errors is not None:
        finite &= np.isfinite(errors) & (errors >= 0)
    return _Moment(
        name=name,
        axis=axis,
        iteration=record.iteration[finite].astype(np.float64),
        away=away[finite],
        se=None if errors is None else errors[finite] / by,
        last=max(SMOOTH, int(finite.sum()) // 10),
        unit=unit_of(record),
    )


def _finding(moment: _Moment) -> Finding:
    n = len(moment.away)
    if n < SMOOTH:
        sentence = f"not enough data: {moment.words} was recorded at {n} log points, not {SMOOTH}"
        return Finding(value=math.nan, n=n, sentence=sentence)
    value, error = moment.deviation, moment.error
    evidence: dict[str, float | int | str] = {
        "moment": moment.name,
        "axis": moment.axis.removeprefix("_"),
        **_path(moment),
    }
    if error is not None and error > 0:
        evidence["deviation_se"] = value / error
    return Finding(
        value=value,
        n=n,
        sentence=_sentence(moment, evidence),
        interval=None if error is None else (value - 1.96 * error, value + 1.96 * error),
        floor=0.0,
        against="the data's own",
        evidence=evidence,
    )


def _path(moment: _Moment) -> dict[str, float | int]:
    """Overshoot, settling and drift of a moment."""
    smooth = running_median(moment.away, SMOOTH)
    initial = float(smooth[0])
    path: dict[str, float | int] = {"first": initial}
    band = MOMENT_BANDS[moment.name]
    if abs(initial) > band:
        path["overshoot"] = max(0.0, float((-smooth / initial).max()))
    outside = np.flatnonzero(np.abs(smooth) > band)
    settled = int(outside[-1]) + SMOOTH // 2 + 1 if len(outside) else 0
    if settled <= len(moment.away) - SMOOTH:
        path["settled"] = int(moment.iteration[settled])
        line = trend(moment.away[settled:])
        path["drift"] = line.change
        path["drift_t"] = line.t
    return path


def _sentence(moment: _Moment, evidence: dict[str, float | int | str]) -> str:
    unit = f" {moment.unit}" if moment.name in ("mean", "std") else ""
    errors = evidence.get("deviation_se")
    in_errors = "" if errors is None else f" ({float(errors):+.1f} standard errors)"
    text = f"{moment.words} is off by {moment.deviation:+.2g}{unit}{in_errors}"
    if "settled" not in evidence:
        return f"{text} and has not settled"
    text += f" and has been within its band since iteration {evidence['settled']:,}"
    drift, t = float(evidence["drift"]), float(evidence["drift_t"])
    drifts = abs(t) > MOMENT_SE and abs(drift) > MOMENT_BANDS[moment.name] / 2
    return f"{text}, but drifts ({drift:+.2g})" if drifts else text


def _failing(moments: list[_Moment]) -> Finding:
    """Which moments fail while others are right."""
    if not moments:
        why = f"no moment was recorded at {SMOOTH} log points"
        return Finding(value=math.nan, n=0, sentence=f"not enough data: {why}")
    wrong = [moment for moment in moments if moment.fails]
    right = [moment.words for moment in moments if not moment.fails]
    evidence: dict[str, float | int | str] = {
        "fail": ", ".join(moment.name + moment.axis for moment in wrong)
    }
    sentence = _listed([f"{moment.words} is {_miss(moment)}" for moment in wrong])
    if not wrong:
        sentence = f"{_listed(right)} {'is' if len(right) == 1 else 'are'} right"
    elif right:
        sentence += f" while {_listed(right)} {'is' if len(right) == 1 else 'are'} right"
    return Finding(
        value=float(len(wrong)),
        n=len(moments),
        sentence=sentence,
        floor=0.0,
        against="the data's own moments",
        evidence=evidence,
    )


def _miss(moment: _Moment) -> str:
    """By how much a moment misses the data's."""
    off = moment.deviation
    if moment.name == "std" and -1 < off < 0:
        return f"{1 / (1 + off):.3g} times too small"
    if moment.name == "std" and off > 0:
        return f"{1 + off:.3g} times too large"
    return f"off by {off:+.2g}" + (f" {moment.unit}" if moment.name == "mean" else "")


def _listed(words: list[str]) -> str:
    if len(words) > 4:
        return f"{words[0]}, {words[1]} and {len(words) - 2} more"
    return " and ".join([*[", ".join(words[:-1])] * (len(words) > 1), *words[-1:]])
