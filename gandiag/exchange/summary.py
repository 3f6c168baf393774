"""Summarises an import: which tag became which column, and what was left out."""

from __future__ import annotations

from typing import Any

from gandiag.exchange.importing import ImportResult


def as_document(result: ImportResult) -> dict[str, Any]:
    """The summary of one log, for JSON."""
    run, log, columns, values = result.run, result.log, result.columns, result.values
    return {
        "seed": run.seed,
        "source": log.source,
        "kind": log.kind,
        "status": run.status,
        "diverged_at": run.diverged_at,
        "rows": len(run.rows),
        "columns": {column: tag for tag, column in columns.names.items()},
        "guessed": list(columns.guessed),
        "unclear": {name: list(tags) for name, tags in columns.unclear.items()},
        "left_out": list(columns.left_out),
        "repeated": values.repeated,
        "superseded": values.superseded,
    }


def as_lines(result: ImportResult) -> list[str]:
    """The summary of one log as text, line by line."""
    run, log, columns, values = result.run, result.log, result.columns, result.values
    where = f" at {run.diverged_at}" if run.diverged_at is not None else ""
    first, last = run.rows[0]["iteration"], run.rows[-1]["iteration"]
    lines = [
        f"seed {run.seed}: {log.source} ({log.kind}), {run.status}{where}, "
        f"{len(run.rows)} rows, steps {first} to {last}"
    ]
    for name, tag in columns.renamed.items():
        hint = " (guessed from the name; change it with --d-loss, --g-loss or --map)"
        lines.append(f"  {name} is {tag}{hint if name in columns.guessed else ''}")
    same = [tag for tag, column in columns.names.items() if tag == column]
    lines += [f"  not renamed: {', '.join(same)}"] if same else []
    for name, tags in columns.unclear.items():
        option = f"--{name.replace('_', '-')}"
        lines.append(f"  {name} may be {' or '.join(tags)}; choose one with {option}")
    lines += [f"  left out: {', '.join(columns.left_out)}"] if columns.left_out else []
    if values.repeated:
        lines.append(f"  {values.repeated} values repeat a step; the last one was kept")
    if values.superseded:
        lines.append(f"  {values.superseded} values were logged again after a restart")
    return lines
