"""How far a verdict is to be trusted, in words: what it rests on and how often it is right."""

from __future__ import annotations

from gandiag.analysis.scope import Scope
from gandiag.analysis.stability import percent_range
from gandiag.selftest.rates import kind_of_runs, rate_of

NO_CLAIM = ("undecided", "unconverged")
"""The verdicts that say neither that a run is healthy nor what is wrong."""


def ground(verdict: str, scope: Scope | None) -> str:
    """What a verdict rests on, and how often it was right on the same kind of evidence."""
    rests_on = scope.rests_on if scope else "nothing that was measured"
    return f"{rests_on}; {trust(verdict, scope)}"


def trust(verdict: str, scope: Scope | None) -> str:
    """How often a verdict was right on the same kind of evidence, or that this is not known.

    How to read it: the rate is that of drawn runs, whose samples are drawn from distributions
    whose truth is known, with a 95 % interval. Real runs may differ.
    """
    rates = rate_of(verdict, scope)
    if rates is not None and verdict in NO_CLAIM:
        return "it claims nothing, so it has no error rate"
    if rates is None:
        known = scope is not None and kind_of_runs(scope.evidence, scope.band).get("verdicts")
        what = "this verdict on this kind of evidence" if known else "this kind of evidence"
        return f"no error rate is known for {what}"
    right = rates.correct
    return (
        f"right in {right.k:,} of {right.n:,} drawn runs of this kind that got this verdict "
        f"(95 % interval {percent_range(right.interval)})"
    )
