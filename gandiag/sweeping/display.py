"""The progress display of a sweep: bars in a terminal, lines elsewhere, nothing from Python."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

from gandiag.sweeping.job import Job, Message
from gandiag.sweeping.progress import GroupProgress

if TYPE_CHECKING:
    from rich.console import Console, Group, RenderableType
    from rich.table import Table

LINE_EVERY_S = 10.0
"""The time between two lines of a group where there is no terminal, in seconds."""

LARGEST_TABLE = 20
"""With more seeds than this in training, only the bars are shown."""


class Display(Protocol):
    """Shows the messages of the workers."""

    def showing(self, jobs: Sequence[Job]) -> AbstractContextManager[None]:
        """Shows while the block runs."""

    def listen(self, job: Job, message: Message) -> None:
        """Handles a message; may be called from any thread."""


class Silent:
    """Shows nothing."""

    @contextmanager
    def showing(self, jobs: Sequence[Job]) -> Iterator[None]:
        """Shows nothing while the block runs."""
        yield

    def listen(self, job: Job, message: Message) -> None:
        """Ignores the message."""


class Lines:
    """Prints a line from time to time, for logs and pipes."""

    def __init__(self) -> None:
        self._groups: dict[Job, GroupProgress] = {}
        self._printed: dict[Job, float] = {}
        self._lock = threading.Lock()

    @contextmanager
    def showing(self, jobs: Sequence[Job]) -> Iterator[None]:
        """Prints while the block runs."""
        self._groups = {job: GroupProgress(job) for job in jobs}
        yield

    def listen(self, job: Job, message: Message) -> None:
        """Prints the end of every run, and the progress of a group every ten seconds."""
        with self._lock:
            group = self._groups[job]
            group.note(message)
            if message.kind == "ended":
                why = f": {message.error}" if message.error else ""
                self._print(f"{job.backend} seed {message.seed} {message.status}{why}")
            elif time.monotonic() - self._printed.get(job, 0.0) >= LINE_EVERY_S:
                self._printed[job] = time.monotonic()
                self._print(group.line())

    def _print(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)


class Bars:
    """A live display: a bar per group, and the headline columns of every seed.

    Args:
        console: Where it is drawn.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._groups: dict[Job, GroupProgress] = {}
        self._lock = threading.Lock()

    @contextmanager
    def showing(self, jobs: Sequence[Job]) -> Iterator[None]:
        """Draws while the block runs."""
        from rich.live import Live

        self._groups = {job: GroupProgress(job) for job in jobs}
        if not jobs:
            yield
            return
        with Live(console=self._console, get_renderable=self._draw, refresh_per_second=8):
            yield

    def listen(self, job: Job, message: Message) -> None:
        """Handles a message; the next refresh shows it."""
        with self._lock:
            self._groups[job].note(message)

    def _draw(self) -> Group:
        from rich.console import Group

        with self._lock:
            groups = list(self._groups.values())
            waiting = [g for g in groups if g.waiting]
            active = [g for g in groups if g not in waiting]
            parts: list[RenderableType] = [_bars(active)]
            if sum(len(g.seeds) for g in active if not g.over) <= LARGEST_TABLE:
                parts.append(_table(active))
            if waiting:
                parts.append(f"[dim]{len(waiting)} more groups waiting[/dim]")
            return Group(*parts)


def _bars(groups: list[GroupProgress]) -> Table:
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    for group in groups[-LARGEST_TABLE:]:
        bar = ProgressBar(total=group.total or None, completed=group.done, width=30)
        grid.add_row(f"[bold]{group.name}[/bold]", bar, group.stage, group.rate, group.left)
    return grid


def _table(groups: list[GroupProgress]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    names = list(dict.fromkeys(name for group in groups for name in group.columns))
    for heading in ("seed", "backend", *names, "status"):
        table.add_column(heading, justify="left" if heading in ("backend", "status") else "right")
    for group in groups:
        for seed in group.seeds:
            latest = group.latest.get(seed, {})
            numbers = [_number(latest.get(name)) for name in names]
            table.add_row(str(seed), group.job.backend, *numbers, group.status(seed))
    return table


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if value.is_integer() else f"{value:.3f}"
