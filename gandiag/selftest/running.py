"""Many simulated runs, scored by several processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from multiprocessing.pool import Pool

from gandiag.selftest.cases import Case
from gandiag.selftest.scoring import Judge, Outcome, score

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

CHUNK = 8
"""How many runs a process takes at a time."""


def run(
    todo: Sequence[Case],
    judge: Judge,
    jobs: int,
    advance: Callable[[], None] = lambda: None,
) -> list[Outcome]:
    """Scores cases, each the same whoever computes it and in whichever order.

    Args:
        todo: The cases.
        judge: What is put to the test.
        jobs: How many processes compute; with 1 it is this one.
        advance: Called after each case.

    Returns:
        The outcomes, in the order of the cases.
    """
    if jobs <= 1:
        return list(_told(map(partial(score, judge=judge), todo), advance))
    with _one_thread(), _pool(min(jobs, len(todo))) as pool:
        return list(_told(pool.imap(partial(score, judge=judge), todo, CHUNK), advance))


def _pool(processes: int) -> Pool:
    """Processes that leave Ctrl-C to this one."""
    return get_context("spawn").Pool(processes, signal.signal, (signal.SIGINT, signal.SIG_IGN))


def _told(outcomes: Iterable[Outcome], advance: Callable[[], None]) -> Iterator[Outcome]:
    for outcome in outcomes:
        advance()
        yield outcome


@contextmanager
def _one_thread() -> Iterator[None]:
    """Lets the processes that are started meanwhile compute with one thread each."""
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
