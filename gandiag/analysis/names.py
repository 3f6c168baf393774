"""The names of the verdicts on a run, and which of them say that something is wrong."""

from __future__ import annotations

from typing import Literal

Name = Literal[
    "healthy",
    "collapsed",
    "partially-collapsed",
    "oscillating",
    "diverging",
    "dead",
    "off-target",
    "unconverged",
    "undecided",
]

Alarm = Literal[
    "collapsed", "partially-collapsed", "oscillating", "diverging", "dead", "off-target"
]

ALARMS: tuple[Alarm, ...] = (
    *("collapsed", "partially-collapsed", "oscillating", "diverging", "dead", "off-target"),
)
"""The verdicts that say that something is wrong."""

LOST: tuple[Alarm, ...] = ("diverging", "dead")
"""Those after which more iterations do not help."""
