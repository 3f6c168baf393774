"""What is said of one run: what it is, how it stands, and its last recorded values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gandiag.cli import printing
from gandiag.experiment import diff
from gandiag.experiment.recorded import Trained
from gandiag.store.manifest import FAILED

if TYPE_CHECKING:
    from gandiag.store.results import Results


def document(results: Results, row: Mapping[str, Any]) -> dict[str, Any]:
    """One run as plain data."""
    trained = results.experiments[row["point"]]
    changed = {
        path: {"preset": before, "value": now}
        for path, (before, now) in diff.changed(trained).items()
    }
    log = log_of(results, row)
    return {
        "schema": "gandiag.run/1",
        "experiment": trained.name,
        "preset": diff.preset_of(trained),
        "changed": changed,
        "run": printing.facts(row),
        "log": str(log) if log else None,
        "last": _last(results, row),
    }


def print_run(results: Results, row: Mapping[str, Any]) -> None:
    """Prints one run."""
    trained = results.experiments[row["point"]]
    for title, table in (
        ("run", _facts(results, row, trained)),
        (f"changed from the preset {diff.preset_of(trained)}", _changed(trained)),
        ("last log point", _last(results, row)),
    ):
        _print_table(title, table)


def log_of(results: Results, row: Mapping[str, Any]) -> Path | None:
    """The log of a run that failed: it is called by the first run of the group it trained in."""
    if row["status"] not in FAILED:
        return None
    runs = results.runs
    family = runs[(runs["point"] == row["point"]) & (runs["backend"] == row["backend"])]
    before = family[family["seed"] <= row["seed"]].sort_values("seed", ascending=False)
    logs = [results.directory / "logs" / f"{name}.log" for name in before["directory"]]
    return next((log for log in logs if log.exists()), None)


def _facts(results: Results, row: Mapping[str, Any], trained: Trained) -> dict[str, Any]:
    best, log = printing.best(row), log_of(results, row)
    facts: dict[str, Any] = {"experiment": trained.name}
    for name, value in printing.facts(row).items():
        if name == "best_at":
            facts["best"] = f"{row['best_column']} {best}" if best else None
        elif name not in ("best_value", "best_column"):
            facts[name] = value
        if name == "error":
            facts["log"] = f"{log} (with the traceback)" if log else None
    return facts


def _changed(trained: Trained) -> dict[str, str]:
    return {path: diff.words(pair) for path, pair in diff.changed(trained).items()}


def _last(results: Results, row: Mapping[str, Any]) -> dict[str, Any]:
    series = results.series[results.series["run"] == row["run"]]
    last = series.tail(1).to_dict("records")[0] if len(series) else {}
    return {str(name): printing.native(value) for name, value in last.items()}


def _print_table(title: str, table: Mapping[str, Any]) -> None:
    said = {name: value for name, value in table.items() if value is not None and value != ""}
    if not said and title != "last log point":
        return
    print(title)
    wide = max([18, *(len(name) for name in said)])
    for name, value in said.items():
        print(f"  {name:<{wide}} " + (f"{value:.6g}" if isinstance(value, float) else str(value)))
