"""Verdicts that states deserve, from sure to sure."""

from __future__ import annotations

import pytest

from gandiag.analysis.names import Name
from gandiag.selftest.drawn.truth import State, deserved


@pytest.mark.parametrize(
    ("state", "right"),
    [
        (State(), ("healthy",)),
        (State(lost=0.02, distance=0.1), ("healthy",)),
        (State(distance=0.2), ()),
        (State(lost=0.1), ()),
        (State(width=0.6, distance=0.3), ()),
        (State(swing=0.3), ()),
        (State(lost=0.2), ("partially-collapsed", "off-target", "collapsed")),
        (State(lost=0.9), ("collapsed", "partially-collapsed", "off-target")),
        (State(width=0.2), ("collapsed", "partially-collapsed", "off-target")),
        (State(misplaced=0.2), ("off-target",)),
        (State(offset=0.5), ("off-target",)),
        (State(offset=0.5, lost=0.15), ("off-target", "partially-collapsed")),
        (State(width=2.0), ("off-target",)),
        (State(swing=0.4), ("oscillating",)),
    ],
)
def test_a_state_deserves_its_verdicts(state: State, right: tuple[Name, ...]) -> None:
    assert deserved(state) == right
