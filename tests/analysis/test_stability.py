"""How often it succeeds, against closed forms and the table of the literature."""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys

import pytest

from gandiag.analysis import Finding, success_rate
from gandiag.analysis.stability import percent_range


def outcomes(successes: int, n: int) -> list[bool]:
    return [True] * successes + [False] * (n - successes)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (8, 10, 0.444, 0.975),
        (10, 10, 0.692, 1.0),
        (0, 10, 0.0, 0.308),
        (30, 30, 0.884, 1.0),
    ],
)
def test_the_interval_is_that_of_the_published_table(successes, n, low, high):
    found = success_rate(outcomes(successes, n))
    assert found.interval == pytest.approx((low, high), abs=6e-4)
    assert found.value == successes / n
    assert found.n == n


@pytest.mark.parametrize("n", [1, 3, 10, 100])
def test_without_a_failure_the_lower_end_is_the_closed_form(n):
    low, high = success_rate(outcomes(n, n)).interval
    assert low == pytest.approx(0.025 ** (1 / n), rel=1e-9)
    assert high == 1.0
    low, high = success_rate(outcomes(0, n)).interval
    assert low == 0.0
    assert high == pytest.approx(1 - 0.025 ** (1 / n), rel=1e-9)


def test_each_end_leaves_its_tail_of_the_binomial():
    """The slow twin: the definition, summed term by term."""
    low, high = success_rate(outcomes(3, 7)).interval

    def at_least(k, rate):
        return sum(math.comb(7, i) * rate**i * (1 - rate) ** (7 - i) for i in range(k, 8))

    assert at_least(3, low) == pytest.approx(0.025, abs=1e-9)
    assert 1 - at_least(4, high) == pytest.approx(0.025, abs=1e-9)


def test_a_lower_level_gives_a_narrower_interval():
    wide, narrow = (success_rate(outcomes(5, 10), level=level).interval for level in (0.95, 0.5))
    assert wide[0] < narrow[0] < 0.5 < narrow[1] < wide[1]


def test_the_sentence_has_count_and_interval():
    assert success_rate(outcomes(8, 10)).sentence == (
        "8 of 10 seeds reached the target, 95 % interval 44\N{EN DASH}97 %"
    )
    assert success_rate([True]).sentence == (
        "1 of 1 seed reached the target, 95 % interval 2.5\N{EN DASH}100 %"
    )


def test_no_outcome_means_that_nothing_is_known():
    found = success_rate([])
    assert math.isnan(found.value)
    assert found.interval == (0.0, 1.0)
    assert "nothing is known" in found.sentence


def test_a_rate_that_is_not_certain_is_never_printed_as_certain():
    assert percent_range((0.00004, 0.99996)) == "0.1\N{EN DASH}99.9 %"


def test_a_level_in_per_cent_is_refused():
    with pytest.raises(ValueError, match=r"write 0\.95"):
        success_rate([True], level=95)


def test_a_finding_is_frozen_to_its_evidence():
    found = success_rate(outcomes(8, 10))
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.value = 1.0
    with pytest.raises(TypeError):
        found.evidence["successes"] = 10
    assert dict(found.evidence) == {"successes": 8, "failures": 2}


def test_a_finding_refuses_an_interval_around_something_else():
    with pytest.raises(ValueError, match="outside its interval"):
        Finding(value=0.9, n=1, sentence="", interval=(0.1, 0.2))


def test_importing_the_analysis_loads_neither_scipy_nor_anything_that_draws():
    code = (
        "import sys, gandiag.analysis;"
        "print([m for m in ('scipy', 'pandas', 'matplotlib', 'seaborn') if m in sys.modules])"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"
