"""Scores many simulated runs in several processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from multiprocessing.pool import Pool
from typing import TypeVar

from gandiag.selftest.cases import Case
from gandiag.selftest.scoring import DiagnosisFunctions, Outcome, score

Item = TypeVar("Item")
Score = TypeVar("Score")

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

CHUNK = 8
"""The number of cases that a process takes at a time."""


def score_all(
    selected: Sequence[Case],
    functions: DiagnosisFunctions,
    jobs: int,
    advance: Callable[[], None] = lambda: None,
) -> list[Outcome]:
    """Scores cases of simulated series.

    Args:
        selected: The cases.
        functions: The diagnosis under test.
        jobs: The number of processes; with 1 it is this one.
        advance: Called after each case.

    Returns:
        The outcomes, in the order of the cases.
    """
    return each_scored(partial(score, functions=functions), selected, jobs, advance)


def each_scored(
    scored: Callable[[Item], Score],
    selected: Sequence[Item],
    jobs: int,
    advance: Callable[[], None] = lambda: None,
) -> list[Score]:
    """Scores cases; the outcomes depend neither on the number of processes nor on the order.

    Args:
        scored: Scores a case; other processes import it.
        selected: The cases.
        jobs: The number of processes; with 1 it is this one.
        advance: Called after each case.

    Returns:
        The outcomes, in the order of the cases.
    """
    if jobs <= 1 or not selected:
        return list(_counted(map(scored, selected), advance))
    with _single_threaded(), _pool(min(jobs, len(selected))) as pool:
        return list(_counted(pool.imap(scored, selected, CHUNK), advance))


def _pool(processes: int) -> Pool:
    """Processes that ignore Ctrl-C, so that this one handles it."""
    return get_context("spawn").Pool(processes, signal.signal, (signal.SIGINT, signal.SIG_IGN))


def _counted(outcomes: Iterable[Score], advance: Callable[[], None]) -> Iterator[Score]:
    for outcome in outcomes:
        advance()
        yield outcome


@contextmanager
def _single_threaded() -> Iterator[None]:
    """Limits the processes started inside the block to one thread each."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ |= dict.fromkeys(THREADS, "1")
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
