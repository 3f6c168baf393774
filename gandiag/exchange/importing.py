"""Logs of other tools become a store."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gandiag.errors import UsageError
from gandiag.exchange import formats
from gandiag.exchange.columns import Columns, choose
from gandiag.exchange.log import CleanLog, Log, clean_log
from gandiag.exchange.rows import digest, notes_of, outcome, rows_of
from gandiag.exchange.writing import ImportedRun, write
from gandiag.monitoring.coercion import recorded_loop

Tell = Callable[[str], None]


@dataclass(frozen=True)
class ImportRequest:
    """What is to be imported, and how.

    Attributes:
        paths: Files and folders.
        out: The store; None for ``runs/NAME``.
        name: What was trained; None for the name of the first path.
        seed: The seed of the first log; the others count on from it.
        columns: Tags by our names, as the user says.
        step: The column of the steps, where it is not clear.
        kind: The format, where it is not clear.
        resumed: Whether steps that fall are those of a training that was resumed.
        command: What was typed.
    """

    paths: Sequence[Path]
    out: Path | None = None
    name: str | None = None
    seed: int = 0
    columns: Mapping[str, str] | None = None
    step: str | None = None
    kind: str | None = None
    resumed: bool = False
    command: str = ""


@dataclass(frozen=True)
class ImportResult:
    """What became of a log.

    Attributes:
        run: The run.
        log: The log.
        columns: What was taken for what.
        settled: Its values.
    """

    run: ImportedRun
    log: Log
    columns: Columns
    settled: CleanLog


def import_logs(
    wish: ImportRequest, tell: Tell = lambda words: None
) -> tuple[Path, list[ImportResult]]:
    """Reads logs and writes them as the runs of a store; all of them, or nothing.

    Args:
        wish: What is to be imported.
        tell: Is told how far it is.

    Returns:
        The store, and what became of each log.

    Raises:
        UsageError: Something cannot be read, is not clear, or may not be written.
    """
    if wish.seed < 0:
        raise UsageError(f"--seed {wish.seed}: a seed is a number from 0 on")
    logs = _read(wish, tell)
    name = wish.name or _name(wish.paths[0])
    trained = recorded_loop(name)
    columns = [choose(log, wish.columns or {}) for log in logs]
    settled = [clean_log(log, wish.resumed) for log in logs]
    made = [
        _run(wish.seed + k, *each, wish.command)
        for k, each in enumerate(zip(logs, columns, settled, strict=True))
    ]
    store = wish.out or Path("runs") / trained.name
    write(store, trained, made, tell)
    parts = zip(made, logs, columns, settled, strict=True)
    return store, [ImportResult(*each) for each in parts]


def _read(wish: ImportRequest, tell: Tell) -> list[Log]:
    places = [place for path in wish.paths for place in formats.find(path, wish.kind)]
    logs: list[Log] = []
    for number, place in enumerate(places, 1):
        tell(f"reading {place[1]} ({number} of {len(places)})")
        logs += formats.read(place, wish.step)
    return logs


def _run(seed: int, log: Log, columns: Columns, settled: CleanLog, command: str) -> ImportedRun:
    rows = list(rows_of(columns, settled))
    status, since = outcome(rows)
    times = settled.times.values()
    return ImportedRun(
        seed=seed,
        kind=log.kind,
        digest=digest(rows),
        rows=rows,
        status=status,
        diverged_at=since,
        wall_s=max(times) - min(times) if times else math.nan,
        notes=notes_of(log, columns, settled),
        command=command,
    )


def _name(path: Path) -> str:
    found = path.resolve()
    return found.parent.name if "tfevents" in found.name else found.stem or found.name
