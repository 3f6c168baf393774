"""The progress of a group: how far it is, how fast, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from gandiag.store.manifest import read_manifest
from gandiag.sweeping.job import Job, Message

MARKS = {
    "completed": "[green]completed[/green]",
    "diverged": "[yellow]diverged[/yellow]",
    "crashed": "[red]crashed[/red]",
    "timed-out": "[red]timed out[/red]",
    "interrupted": "[yellow]interrupted[/yellow]",
}


def _planned(experiment: Mapping[str, Any]) -> int:
    """The planned iterations of the game; 0 if they are unknown."""
    return int(experiment.get("schedule", experiment).get("iterations") or 0)


Values = Mapping[str, float | None]


def _latest(before: Values, now: Values) -> dict[str, float | None]:
    """The latest values; a column that is not measured at every log point keeps its value."""
    return {name: before.get(name) if now[name] is None else now[name] for name in now}


class GroupProgress:
    """The progress of one group.

    Args:
        job: Its job; the runs' manifests give their lengths.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        manifests = [read_manifest(job.store / name) for name in job.runs]
        known = [m for m in manifests if m is not None]
        self.seeds = [m.identity.seed for m in known]
        experiment = known[0].identity.experiment
        before = experiment.get("pretraining") or {}
        self._lengths = {
            "pretrain": int(before.get("iterations", 0)),
            "train": _planned(experiment),
        }
        self._point = known[0].point
        self.latest: dict[int, dict[str, float | None]] = {}
        self._ended: dict[int, str] = {}
        self._began: tuple[float, int] | None = None
        self._updated = time.monotonic()
        self._phase = ""
        self.done = 0

    @property
    def total(self) -> int:
        """How many iterations there are, of all phases."""
        return sum(self._lengths.values())

    @property
    def waiting(self) -> bool:
        """Whether there was no message from it yet."""
        return self._began is None and not self._ended

    @property
    def over(self) -> bool:
        """Whether all its runs have ended."""
        return len(self._ended) == len(self.seeds)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns shown of its seeds; none before the first message."""
        return tuple(dict.fromkeys(name for values in self.latest.values() for name in values))

    @property
    def name(self) -> str:
        """The backend and the seeds, e.g. ``"torch seeds 0 to 9"``."""
        ends = dict.fromkeys((self.seeds[0], self.seeds[-1]))
        seeds = f"{'seed' if len(ends) == 1 else 'seeds'} {' to '.join(map(str, ends))}"
        point = f" ({self._point})" if self._point else ""
        return f"{self.job.backend} {seeds}{point}"

    @property
    def stage(self) -> str:
        """The phase, where it is not the game, and the iteration."""
        prefix = "pre-training " if self._phase == "pretrain" else ""
        return f"{prefix}{self.done}/{self.total}" if self.total else f"{self.done}"

    @property
    def rate(self) -> str:
        """Iterations a second since it began."""
        if self._rate():
            return f"{self._rate():.0f} it/s"
        return "" if self.over else "starting"

    @property
    def left(self) -> str:
        """The time left, or that it has ended."""
        if self.over:
            return "done" if self.done >= self.total else "ended"
        if not self._rate() or not self.total:
            return ""
        seconds = round((self.total - self.done) / self._rate())
        return f"{seconds // 60}:{seconds % 60:02d} left"

    def note(self, message: Message) -> None:
        """Handles a message."""
        if message.kind == "progress":
            self._phase = message.phase
            before = self._lengths["pretrain"] if message.phase == "train" else 0
            self.done = before + message.iteration
            for seed, values in message.latest.items():
                self.latest[seed] = _latest(self.latest.get(seed, {}), values)
            self._updated = time.monotonic()
            if self._began is None or self._began[1] == 0:
                # Starts again at the first log point: the time before was spent compiling.
                self._began = (self._updated, self.done)
        elif message.kind == "ended":
            self._ended[message.seed] = message.status

    def status(self, seed: int) -> str:
        """The status of a seed, with markup."""
        if seed in self._ended:
            return MARKS.get(self._ended[seed], self._ended[seed])
        return "training" if self.done else "[dim]starting[/dim]"

    def line(self) -> str:
        """The progress as one line."""
        return f"{self.name}: {self.stage}, {self.rate} {self.left}".rstrip()

    def _rate(self) -> float:
        if self._began is None or self._updated <= self._began[0]:
            return 0.0
        return (self.done - self._began[1]) / (self._updated - self._began[0])
