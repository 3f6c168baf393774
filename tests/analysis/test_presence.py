"""Lost or not measured: patterns of every kind, in pieces of any size."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.presence import Presence

NAN, INF = np.nan, np.inf
PLENTY = [1.0] * 40


def follow(values, size=10**6):
    presence = Presence()
    for start in range(0, len(values), size):
        piece = np.array(values[start : start + size], float)
        presence.take(np.arange(start, start + len(piece)), piece)
    return presence


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    ("values", "since"),
    [
        ([], None),
        ([NAN] * 50, 0),
        (PLENTY, None),
        (PLENTY + [NAN] * 30, 40),
        ([*PLENTY, NAN, *PLENTY, *[NAN] * 9], 81),
        ([1.0, *[NAN] * 4] * 20, None),
        ([*[NAN] * 4, 1.0] * 20 + [NAN] * 19, None),
        ([*[NAN] * 4, 1.0] * 20 + [NAN] * 20, 100),
        ([1.0, *[NAN] * 4] * 20 + [INF] * 2, 100),
        ([INF] * 3, 0),
        ([*PLENTY, NAN, INF, NAN], 40),
        ([*PLENTY, INF, 1.0], None),
    ],
)
def test_where_a_loss_is_lost(values, since, size):
    assert follow(values, size).lost() == since


def test_another_column_with_a_pattern_may_end():
    assert follow([1.0, *[NAN] * 9] * 20 + [NAN] * 500).lost(loss=False) is None


@pytest.mark.parametrize("break_", [1, 4, 9])
@pytest.mark.parametrize("there", [1, 5, 10])
def test_no_regular_pattern_with_longer_moves_than_breaks_alarms_on_its_way(there, break_):
    values = ([1.0] * there + [NAN] * break_) * 8
    alarms = [follow(values[:n]).lost(ended=False) for n in range(len(values) + 1)]
    assert alarms == [None] * len(alarms) or (there <= break_ and there > 1)
    assert follow(PLENTY + [NAN] * 9).lost(ended=False) is None
    assert follow(PLENTY + [NAN] * 10).lost(ended=False) == 40
