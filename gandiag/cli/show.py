"""``gandiag show``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gandiag.cli.options import RUN, AsJson, StoreOption

if TYPE_CHECKING:
    from gandiag.analysis.scope import Scope
    from gandiag.experiment.recorded import Trained
    from gandiag.store.results import Results

LAST = "last log point"


def show(
    run: Annotated[str, typer.Argument(help=RUN)],
    store: StoreOption = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Show one run: its settings, its status and its last recorded values."""
    from gandiag.cli.json_output import print_json
    from gandiag.cli.run_lookup import locate_run

    results, row = locate_run(run, store)
    if as_json:
        print_json(document(results, row))
    else:
        print_run(results, row)


def document(results: Results, row: Mapping[str, Any]) -> dict[str, Any]:
    """One run as plain data."""
    from gandiag.cli.analyze_output import confidence, scope_document
    from gandiag.cli.run_table import facts
    from gandiag.experiment import diff

    trained = results.experiments[row["point"]]
    changed = {
        path: {"preset": before, "value": now}
        for path, (before, now) in diff.changes_from_preset(trained).items()
    }
    log = failure_log(results, row)
    scope = _scope(results, row) if row["verdict"] else None
    return {
        "schema": "gandiag.run/1",
        "experiment": trained.name,
        "preset": diff.preset_of(trained),
        "changed": changed,
        "run": facts(row),
        "scope": scope_document(scope),
        "confidence": confidence(row["verdict"], scope),
        "log": str(log) if log else None,
        "last": _last(results, row),
    }


def print_run(results: Results, row: Mapping[str, Any]) -> None:
    """Prints one run."""
    from gandiag.experiment import diff

    trained = results.experiments[row["point"]]
    changed = {
        path: diff.format_change(pair) for path, pair in diff.changes_from_preset(trained).items()
    }
    _print_section("run", _facts(results, row, trained))
    _print_section(
        f"changed from the preset {diff.preset_of(trained)} (preset's value in brackets)", changed
    )
    _print_section(LAST, _last(results, row))


def failure_log(results: Results, row: Mapping[str, Any]) -> Path | None:
    """The log of a failed run; it has the name of the first run of the run's group."""
    from gandiag.store.manifest import FAILED

    if row["status"] not in FAILED:
        return None
    runs = results.runs
    configuration = runs[(runs["point"] == row["point"]) & (runs["backend"] == row["backend"])]
    earlier = configuration[configuration["seed"] <= row["seed"]]
    names = earlier.sort_values("seed", ascending=False)["directory"]
    logs = [results.directory / "logs" / f"{name}.log" for name in names]
    return next((log for log in logs if log.exists()), None)


def _facts(results: Results, row: Mapping[str, Any], trained: Trained) -> dict[str, Any]:
    from gandiag.cli.run_table import best, facts
    from gandiag.selftest.trust import ground

    best_value, log = best(row), failure_log(results, row)
    lines: dict[str, Any] = {"experiment": trained.name}
    for name, value in facts(row).items():
        if name == "best_at":
            lines["best"] = f"{row['best_column']} {best_value}" if best_value else None
        elif name not in ("best_value", "best_column"):
            lines[name] = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
        if name == "verdict" and value:
            lines["rests on"] = ground(value, _scope(results, row))
        if name == "error":
            lines["log"] = f"{log} (has the traceback)" if log else None
    return lines


def _scope(results: Results, row: Mapping[str, Any]) -> Scope | None:
    """What the verdict on a run rests on; None where no log point is left."""
    from gandiag.analysis.scope import scope_of
    from gandiag.diagnosis.runs import record_of

    record = record_of(row, results)
    return scope_of(record) if len(record) else None


def _last(results: Results, row: Mapping[str, Any]) -> dict[str, Any]:
    from gandiag.cli.json_output import native

    series = results.series[results.series["run"] == row["run"]]
    last = series.tail(1).to_dict("records")[0] if len(series) else {}
    return {str(name): native(value) for name, value in last.items()}


def _print_section(title: str, values: Mapping[str, Any]) -> None:
    present = {name: value for name, value in values.items() if value is not None and value != ""}
    if not present and title != LAST:
        return
    print(title)
    width = max([18, *(len(name) for name in present)])
    for name, value in present.items():
        text = f"{value:.6g}" if isinstance(value, float) else str(value)
        print(f"  {name:<{width}} {text}")


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(show)
