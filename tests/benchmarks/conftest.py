"""What the benchmarks share: processes on one core that work by turns, and a table at the end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest

from gandiag.sweeping.supervisor import worker_environment

HERE = Path(__file__).parent
CORE = max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
ROUNDS = 5


Report = Callable[[str, float, str], None]


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Report:
    """Prints a ratio and its bound, past pytest's capture."""

    def print_line(what: str, measured: float, bound: str) -> None:
        with capsys.disabled():
            print(f"\n  {what:<58} {measured:8.2f}   ({bound})", end="")

    return print_line


class Contender:
    """A script that does a piece of work at every line it is sent, and prints how long it took."""

    def __init__(self, script: str, *arguments: str, backend: str = "torch") -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / script), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=worker_environment(backend),
        )
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self._process.pid, {CORE})

    def ready(self) -> None:
        """Waits until it has imported and compiled."""
        assert self._line() == "ready"

    def work(self) -> float:
        """Seconds an update and seed, in one more piece of work."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return float(self._line())

    def leave(self) -> None:
        """Ends it."""
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@pytest.fixture
def by_turns() -> Iterator[Callable[..., list[float]]]:
    """Lets scripts work by turns and gives the medians of their seconds an update and seed."""
    contenders: list[Contender] = []

    def compete(backend: str, *scripts: tuple[str, ...]) -> list[float]:
        contenders.extend(Contender(*script, backend=backend) for script in scripts)
        for contender in contenders:
            contender.ready()
        rounds = [[contender.work() for contender in contenders] for _ in range(ROUNDS)]
        return [median(column) for column in zip(*rounds, strict=True)]

    yield compete
    for contender in contenders:
        contender.leave()
