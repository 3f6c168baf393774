"""Which state of a generator deserves which verdicts; defined here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from gandiag.analysis.names import Name

BAD_SHARE = 0.2
"""From this share on, lost or misplaced mass deserves an alarm."""

BAD_OFFSET = 0.5
"""The same of the mean's error, in robust standard deviations of the data."""

BAD_WIDTH = (0.45, 2.0)
"""At or beyond these ratios of the standard deviations too."""

BAD_SWING = 0.4
"""And of an oscillation whose amplitude is this many standard deviations."""

SOME_SHARE = 0.1
"""From this share on an alarm that names it is right beside another one."""

GOOD_SHARE = 0.03
"""Below this share lost or misplaced mass deserves no alarm."""

GOOD_DISTANCE = 0.15
"""The same of Wasserstein-1 in robust standard deviations, along the worst direction."""

MOSTLY = 0.7
"""From this lost share on, or at the width below, a generator has collapsed."""

COLLAPSED_WIDTH = 0.25


@dataclass(frozen=True)
class State:
    """The population of a generator against that of the data, written down before any draw.

    Attributes:
        lost: The share of the data's mass where the generator has none.
        misplaced: The share of the generator's mass where there are no data.
        distance: Wasserstein-1 along the worst column, in robust standard deviations of the data.
        offset: The error of the location along the worst column, in the same unit.
        width: The ratio of the standard deviations, of the column where it is farthest from 1.
        swing: The amplitude of an oscillation of the mean, in the same unit.
    """

    lost: float = 0.0
    misplaced: float = 0.0
    distance: float = 0.0
    offset: float = 0.0
    width: float = 1.0
    swing: float = 0.0


def deserved(state: State) -> tuple[Name, ...]:
    """The right verdicts at the end of a run, the best first; empty in the grey zone.

    In the grey zone neither healthy nor an alarm is wrong.
    """
    found: list[Name] = []
    if state.swing >= BAD_SWING:
        found.append("oscillating")
    if state.misplaced >= BAD_SHARE:
        found.append("off-target")
    if state.lost >= MOSTLY or state.width <= COLLAPSED_WIDTH:
        found += ["collapsed", "partially-collapsed", "off-target"]
    elif state.lost >= BAD_SHARE or state.width <= BAD_WIDTH[0]:
        found += ["partially-collapsed", "off-target", "collapsed"]
    if state.offset >= BAD_OFFSET or state.width >= BAD_WIDTH[1]:
        found.append("off-target")
    if found and state.lost >= SOME_SHARE:
        found.append("partially-collapsed")
    if found and state.misplaced >= SOME_SHARE:
        found.append("off-target")
    if found:
        return tuple(dict.fromkeys(found))
    return ("healthy",) if _is_good(state) else ()


def _is_good(state: State) -> bool:
    shares = max(state.lost, state.misplaced) < GOOD_SHARE
    return shares and max(state.distance, state.offset, state.swing) < GOOD_DISTANCE
