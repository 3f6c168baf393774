"""Imports the logs of other tools as the runs of a store."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gandiag.errors import UsageError, must_be_one_of
from gandiag.exchange import formats
from gandiag.exchange.columns import Columns, choose
from gandiag.exchange.log import CleanLog, Log, clean_log
from gandiag.exchange.rows import digest, notes_of, outcome, rows_of
from gandiag.exchange.writing import ImportedRun, write
from gandiag.monitoring.coercion import recorded_loop

Progress = Callable[[str], None]


@dataclass(frozen=True)
class ImportRequest:
    """What is imported, and how.

    Attributes:
        paths: Files and folders.
        out: The store; None for ``runs/NAME``.
        name: What was trained; None for the name of the first path.
        seed: The seed of the first log; the others count up from it.
        columns: The tags of columns, by the column, as the user named them.
        step: The column of the steps; None to recognise it by its name.
        kind: The format; None to recognise it.
        resumed: Whether steps that fall are those of a training run that was resumed.
        command: The command line.
        quality: Columns that measure quality, and which values are good: ``"low"`` or ``"high"``.
        d_loss: What D's loss is: ``"sum"``, ``"mean"`` or ``"critic"``.
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
    quality: Mapping[str, str] | None = None
    d_loss: str | None = None


@dataclass(frozen=True)
class ImportResult:
    """A log and the run that was made of it.

    Attributes:
        run: The run.
        log: The log.
        columns: Which tag became which column.
        values: The values that were kept.
    """

    run: ImportedRun
    log: Log
    columns: Columns
    values: CleanLog


def import_logs(
    request: ImportRequest, progress: Progress = lambda message: None
) -> tuple[Path, list[ImportResult]]:
    """Reads logs and writes them as the runs of a store; all of them, or nothing.

    Args:
        request: What is imported.
        progress: Called with a message at every log.

    Returns:
        The store, and the result for each log.

    Raises:
        UsageError: Something cannot be read, is ambiguous, or may not be written.
    """
    if request.seed < 0:
        raise UsageError(f"--seed {request.seed}: a seed is at least 0")
    logs = _read(request, progress)
    name = request.name or _name(request.paths[0])
    trained = recorded_loop(name, quality=request.quality, d_loss=request.d_loss)
    columns = [choose(log, request.columns or {}) for log in logs]
    for column in request.quality or {}:
        known = sorted({name for each in columns for name in each.names.values()})
        if column not in known:
            raise UsageError(must_be_one_of("column of --quality", column, known))
    cleaned = [clean_log(log, request.resumed) for log in logs]
    results = [
        ImportResult(_run(request.seed + k, *parts, request.command), *parts)
        for k, parts in enumerate(zip(logs, columns, cleaned, strict=True))
    ]
    store = request.out or Path("runs") / trained.name
    write(store, trained, [result.run for result in results], progress)
    return store, results


def _read(request: ImportRequest, progress: Progress) -> list[Log]:
    sources = [source for path in request.paths for source in formats.locate(path, request.kind)]
    logs: list[Log] = []
    for number, source in enumerate(sources, 1):
        progress(f"reading {source[1]} ({number} of {len(sources)})")
        logs += formats.read(source, request.step)
    return logs


def _run(seed: int, log: Log, columns: Columns, values: CleanLog, command: str) -> ImportedRun:
    rows = list(rows_of(columns, values))
    status, since = outcome(rows)
    times = values.times.values()
    return ImportedRun(
        seed=seed,
        kind=log.kind,
        digest=digest(rows),
        rows=rows,
        status=status,
        diverged_at=since,
        wall_s=max(times) - min(times) if times else math.nan,
        notes=notes_of(log, columns, values),
        command=command,
    )


def _name(path: Path) -> str:
    path = path.resolve()
    return path.parent.name if "tfevents" in path.name else path.stem or path.name
