"""Rates come with exact intervals."""

from __future__ import annotations

import pytest
from scipy import stats

from gandiag.selftest.rate import per_thousand, share, spread


@pytest.mark.parametrize(("k", "n"), [(0, 12), (5, 12), (12, 12), (3, 400)])
def test_a_share_has_the_interval_of_clopper_and_pearson(k: int, n: int) -> None:
    found = share([True] * k + [False] * (n - k))
    ends = stats.binomtest(k, n).proportion_ci(method="exact")
    assert (found["k"], found["n"], found["rate"]) == (k, n, k / n)
    assert found["interval"] == pytest.approx([ends.low, ends.high])


@pytest.mark.parametrize("k", [0, 1, 7])
def test_a_poisson_rate_has_the_interval_whose_ends_make_what_was_seen_just_rare(k: int) -> None:
    found = per_thousand(k, 5_000)
    low, high = (5 * end for end in found["interval"])
    assert found["rate"] == pytest.approx(k / 5)
    assert stats.poisson(high).cdf(k) == pytest.approx(0.025)
    assert low == 0 if k == 0 else stats.poisson(low).sf(k - 1) == pytest.approx(0.025)


def test_of_nothing_nothing_is_claimed() -> None:
    assert share([]) == {"k": 0, "n": 0, "rate": None, "interval": [0.0, 1.0]}
    assert per_thousand(0, 0)["rate"] is None
    assert spread([])["median"] is None
    assert spread([3.0, 1.0, 2.0])["median"] == 2.0
