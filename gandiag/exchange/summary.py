"""What became of an imported log: what was taken for what, and what was not."""

from __future__ import annotations

from typing import Any

from gandiag.exchange.importing import ImportResult


def record(each: ImportResult) -> dict[str, Any]:
    """It as plain data."""
    columns, settled = each.columns, each.settled
    return {
        "seed": each.run.seed,
        "source": each.log.source,
        "kind": each.log.kind,
        "status": each.run.status,
        "diverged_at": each.run.diverged_at,
        "rows": len(each.run.rows),
        "columns": {column: tag for tag, column in columns.names.items()},
        "guessed": list(columns.guessed),
        "unclear": {name: list(tags) for name, tags in columns.unclear.items()},
        "left_out": list(columns.aside),
        "repeated": settled.repeated,
        "superseded": settled.superseded,
    }


def lines(each: ImportResult) -> list[str]:
    """It in words, a line each."""
    columns, settled, run = each.columns, each.settled, each.run
    since = f" at {run.diverged_at}" if run.diverged_at is not None else ""
    first, last = run.rows[0]["iteration"], run.rows[-1]["iteration"]
    told = [
        f"seed {run.seed}: {each.log.source} ({each.log.kind}), {run.status}{since}, "
        f"{len(run.rows)} rows, steps {first} to {last}"
    ]
    for ours, tag in columns.renamed.items():
        looks = " (by its looks; say otherwise with --d-loss, --g-loss or --map)"
        told.append(f"  {ours} is {tag}{looks if ours in columns.guessed else ''}")
    same = [tag for tag, column in columns.names.items() if tag == column]
    told += [f"  as they are: {', '.join(same)}"] if same else []
    for ours, tags in columns.unclear.items():
        option = f"--{ours.replace('_', '-')}"
        told.append(f"  {ours} may be {' or '.join(tags)}; say which with {option}")
    told += [f"  left out: {', '.join(columns.aside)}"] if columns.aside else []
    told += [f"  {settled.repeated} repeated, the last stands"] if settled.repeated else []
    told += [f"  {settled.superseded} undone by a restart"] if settled.superseded else []
    return told
