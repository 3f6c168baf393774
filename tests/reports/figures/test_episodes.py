"""The timeline: every kind of episode has a colour, and every episode is where it happened."""

from __future__ import annotations

import re
from typing import get_args

from gandiag.analysis.episode import Kind
from gandiag_html.figures.drawing import report_style
from gandiag_html.figures.episodes import (
    LAYOUT,
    MISLED,
    PROBLEMS,
    Bar,
    TimelineRow,
    legend,
    problems_in,
    timeline,
)


def test_every_kind_of_episode_has_exactly_one_colour() -> None:
    kinds = [kind for problem in PROBLEMS for kind in (*problem.full[0], *problem.pale[0])]
    assert sorted(kinds) == sorted([*get_args(Kind), MISLED])


def test_only_the_kinds_that_occur_are_in_the_legend() -> None:
    row = TimelineRow("seed 0", "collapsed", "failed", 100, 50, (Bar("collapse", 50, 100),))
    assert legend([row]) == [("failed", "collapse")]
    assert legend([]) == []


def test_a_bar_starts_and_ends_at_its_iterations() -> None:
    row = TimelineRow("seed 0", "healthy", "reached", 1000, None, (Bar("collapse", 250, 500),))
    with report_style():
        text = str(timeline([row], problems_in([row]), 1000, 0, key="k", label="l"))
    (path,) = re.findall(r'<path[^>]*class="fill-failed"[^>]*>|<path[^>]*fill-failed[^>]*>', text)
    (outline,) = re.findall(r' d="(.*?)"', path)
    xs = [float(x) for x, _ in re.findall(r"(-?[\d.]+) (-?[\d.]+)", outline)]
    left, width = LAYOUT.left, LAYOUT.inner[0]
    assert abs(min(xs) - (left + width / 4)) < 0.1
    assert abs(max(xs) - (left + width / 2)) < 0.1
