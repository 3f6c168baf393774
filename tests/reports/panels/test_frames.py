"""Which runs are replayed and how many of their frames: the page stays small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from gandiag_html.panels.frames import (
    LEAST_FRAMES,
    MOST_FRAMES,
    evenly_spaced,
    frame_counts,
    runs_to_replay,
    typical_run,
)


@dataclass(frozen=True)
class Run:
    """What is asked of a run."""

    seed: int
    kind: str


def runs(kinds: str) -> list[Any]:
    """Runs that failed or reached the target, by their first letters."""
    names = {"f": "failed", "r": "reached", "u": "unfinished"}
    return [Run(seed, names[kind]) for seed, kind in enumerate(kinds)]


@pytest.mark.parametrize(("kinds", "seed"), [("frrfr", 1), ("ffr", 0), ("uff", 1), ("r", 0)])
def test_the_typical_run_is_the_first_that_ended_as_most_did(kinds: str, seed: int) -> None:
    assert typical_run(runs(kinds)).seed == seed


def test_failures_come_before_others_and_the_order_is_that_of_the_seeds() -> None:
    assert [one.seed for one in runs_to_replay(runs("rrrfrf"), 3)] == [0, 3, 5]
    assert [one.seed for one in runs_to_replay(runs("rrrfrf"), 1)] == [0]
    assert [one.seed for one in runs_to_replay(runs("rf"), 9)] == [0, 1]
    assert runs_to_replay([], 3) == []


@pytest.mark.parametrize("count", [1, 2, 3, 16, 17, 82, 501])
def test_the_first_and_the_last_frame_are_drawn_and_none_twice(count: int) -> None:
    found = evenly_spaced(count, MOST_FRAMES)
    assert found[0] == 0
    assert found[-1] == count - 1
    assert len(set(found)) == len(found) == min(count, MOST_FRAMES)
    assert found == sorted(found)


@pytest.mark.parametrize("runs", [1, 2, 10])
@pytest.mark.parametrize("cost", [2_000, 15_000, 60_000])
def test_the_frames_stay_within_the_budget_except_for_the_minimum(runs: int, cost: int) -> None:
    budget = 2_000_000
    first, others = frame_counts(budget, cost, runs)
    assert LEAST_FRAMES <= others <= first <= MOST_FRAMES
    spent = cost * (first + (runs - 1) * others)
    assert spent <= budget or others == LEAST_FRAMES
