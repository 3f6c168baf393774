"""The outcome of a run: whether it met its rule of success, and the verdict on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gandiag.analysis.success import succeeded
from gandiag.columns import SAMPLED, current
from gandiag.diagnosis.live import judge
from gandiag.diagnosis.records import record_of
from gandiag.errors import must_be_one_of
from gandiag.experiment.recorded import Trained
from gandiag.store.journal import Row
from gandiag.store.manifest import FAILED, Manifest, Status
from gandiag.store.run import RunWriter


def finish(
    writer: RunWriter, status: Status, wall_s: float, *, may_import: bool = True, **changes: Any
) -> None:
    """Ends a run that came to an end of its own, and records its outcome.

    Args:
        writer: Writes the run.
        status: How it ended.
        wall_s: For how long it trained, in seconds.
        may_import: Whether a library may still be imported; see `RunWriter.finish`.
        **changes: Other fields of the manifest.
    """
    rows = writer.close()
    game = [row for row in rows if row["phase"] == "train"]
    trained = writer.experiment
    unknown = _never_recorded(trained, game) if status == "completed" else ""
    if unknown:
        writer.note(**{"monitor: success": unknown})
    at = changes.get("diverged_at")
    verdict = judge(lambda: record_of(game, trained, at).ended())
    outcome = {
        "status": status,
        "success": None if unknown else _success(trained, game, status),
        "verdict": verdict.name,
    }
    writer.finish(rows, may_import=may_import, wall_s=wall_s, **outcome, **changes)


def success_if_unfinished(manifest: Manifest, status: Status) -> bool | None:
    """The success of a run that did not come to its end: a failed one stays in the denominator."""
    return False if status in FAILED and manifest.identity.experiment.get("success") else None


def _bounded(trained: Trained) -> set[str]:
    return {current(rule.column) for rule in trained.success}


def _success(trained: Trained, game: Sequence[Row], status: Status) -> bool | None:
    columns = (*_bounded(trained), SAMPLED)
    series = {name: np.array([row.get(name) for row in game], np.float64) for name in columns}
    return succeeded(trained.success, series, status == "completed")


def _never_recorded(trained: Trained, game: Sequence[Row]) -> str:
    """Why the rule of success cannot be applied; empty where it can, or nothing was recorded."""
    known = sorted({name for row in game for name in row})
    unknown = sorted(_bounded(trained) - set(known)) if game else []
    complaints = [must_be_one_of("recorded column", column, known) for column in unknown]
    return f"the success rule cannot be applied: {'; '.join(complaints)}" if complaints else ""
