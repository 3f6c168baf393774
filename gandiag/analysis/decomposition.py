"""Which term of a loss caused its change, and which one goes with the samples?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gandiag.analysis.correlation import correlation, rank_correlation
from gandiag.analysis.finding import Finding
from gandiag.analysis.quality import quality
from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import mask_overflow
from gandiag.analysis.thresholds import CANCELLED, FEWEST_POINTS, FEWEST_RUNS, TEXTBOOK

Player = Literal["d", "g"]

TERMS = {"l2": "L2 term", "cross_entropy": "cross-entropy"}
"""What follows the player in the names of columns, and in a sentence."""


@dataclass(frozen=True, eq=False)
class Term:
    """One part of a player's loss: what it is called, and its values [log point]."""

    name: str
    words: str
    values: Series

    @property
    def change(self) -> float:
        """From the median of the first tenth of the log points to that of the last."""
        return _end(self.values) - _end(self.values[::-1])


def decomposition(record: Record, player: Player = "g") -> Finding:
    """The part of the change of a player's loss over a run that is due to its cross-entropy.

    The change of the loss is the sum of its terms' changes, each from the median of the first
    tenth of the log points to that of the last. The value is the cross-entropy's share: 1 where
    all is due to it, near 0 where to the L2 term, below 0 where it moved the other way.

    How to read it: where the share is small, the fall of the loss says nothing about the samples.
    The cross-entropy at the end, against its value if D cannot separate the samples, does.
    The correlations of the terms with the distance from the data say which of them goes with it.

    It misleads where the loss ends where it began: there the shares are quotients of noise (NaN
    where the terms cancel to a tenth of the greater), and in a run whose every series has a trend
    both terms correlate with anything; `rank_terms` over runs does not suffer from that.

    Returns:
        NaN where the terms were not recorded apart, or at fewer than 30 log points.
    """
    terms = _terms(record, player)
    why = record.trouble or _missing(terms, player)
    if why:
        return Finding(math.nan, 0, f"not enough data: {why}")
    total = sum(term.change for term in terms)
    greatest = max(terms, key=lambda term: abs(term.change))
    if abs(total) <= CANCELLED * abs(greatest.change):
        parts = ", ".join(f"{term.words} {term.change:+.3g}" for term in terms)
        sentence = f"{player}_loss ends where it began: the changes of its terms cancel ({parts})"
        return Finding(math.nan, len(record), sentence)
    shares = {term.words: term.change / total for term in terms}
    fell = f"{player}_loss {'fell' if total < 0 else 'rose'} by {abs(total):.3g}"
    parts = ", ".join(f"{round(100 * share)} % from the {words}" for words, share in shares.items())
    return Finding(
        shares[TERMS["cross_entropy"]],
        len(record),
        f"{fell}, {parts}{_final_cross_entropy(record, player)}{_correlations(record, terms)}",
        evidence={"change": total} | {f"{term.name}_change": term.change for term in terms},
    )


def rank_terms(records: Sequence[Record], player: Player = "g") -> Finding:
    """Which term of a loss ranks runs by how far their samples are from the data at the end.

    Spearman's rho over runs of the medians of the last tenth; the value is the cross-entropy's.
    Runs are independent, so that the p-value is the plain one, from 5 runs on.

    How to read it: a term that does not rank runs does not tell good samples from bad ones,
    however it moved within each run. It misleads where runs are no repetitions of one another.
    """
    ends = [end for record in records if (end := _ends(record, player)) is not None]
    if len(ends) < FEWEST_RUNS:
        why = f"{len(ends)} of {len(records)} runs with both terms and samples, of {FEWEST_RUNS}"
        return Finding(math.nan, len(ends), f"not enough data: {why}")
    *terms, distance = np.array(ends).T
    found = {
        name: rank_correlation(each, distance) for name, each in zip(TERMS, terms, strict=True)
    }
    own = found["cross_entropy"]
    if own is None:
        sentence = "not enough data: the runs end with the same cross-entropy or distance"
        return Finding(math.nan, len(ends), sentence)
    rhos = ", ".join(
        f"the {TERMS[term]} {f'rho {each.value:.2f}, p {each.p:.2g}' if each else 'none'}"
        for term, each in found.items()
    )
    return Finding(
        own.value,
        len(ends),
        f"rank correlations over {len(ends)} runs of the terms of {player}_loss at the end with "
        f"the distance from the data: {rhos}",
        interval=own.interval,
        floor=0.0,
        evidence={"p": own.p},
    )


def _terms(record: Record, player: Player) -> list[Term]:
    found = ((words, f"{player}_{name}") for name, words in TERMS.items())
    return [
        Term(name, words, mask_overflow(record.columns[name]))
        for words, name in found
        if record.series(name) is not None
    ]


def _missing(terms: Sequence[Term], player: Player) -> str:
    if len(terms) < len(TERMS):
        return f"the terms of {player}_loss were not recorded apart"
    n = min(int(np.isfinite(term.values).sum()) for term in terms)
    return f"{n} log points with both terms, of {FEWEST_POINTS}" if n < FEWEST_POINTS else ""


def _end(values: Series) -> float:
    """The median of the last tenth of what is finite."""
    known = values[np.isfinite(values)]
    return float(np.median(known[-max(1, len(known) // 10) :]))


def _ends(record: Record, player: Player) -> list[float] | None:
    """The terms and the distance from the data at the end of a run."""
    terms, measured = _terms(record, player), quality(record)
    if record.trouble or measured is None or _missing(terms, player):
        return None
    if not np.isfinite(mask_overflow(measured.values)).any():
        return None
    return [_end(term.values) for term in terms] + [_end(mask_overflow(measured.values))]


def _final_cross_entropy(record: Record, player: Player) -> str:
    """Where the cross-entropy ends, and its equilibrium."""
    expected = record.expected.d_loss if player == "d" else record.expected.g_loss
    if expected is None:
        return ""
    last = _end(mask_overflow(record.columns[f"{player}_cross_entropy"]))
    if math.isclose(last, expected, rel_tol=TEXTBOOK, abs_tol=0.01):
        return f"; the cross-entropy ends at {last:.3g}, its value if D cannot separate the samples"
    return (
        f"; the cross-entropy ends at {last:.3g}; if D could not separate them, at {expected:.3g}"
    )


def _correlations(record: Record, terms: Sequence[Term]) -> str:
    """The rank correlations of the terms with the distance from the data within the run."""
    measured = quality(record)
    found = [
        (t.words, correlation(t.values, mask_overflow(measured.values))) for t in terms if measured
    ]
    rhos = [f"the {words} {each.value:+.2f}" for words, each in found if each]
    return f"; rank correlations with the distance from the data: {', '.join(rhos)}" if rhos else ""
