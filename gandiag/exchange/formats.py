"""Which format a file or folder is of."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from gandiag.errors import UsageError, must_be_one_of
from gandiag.exchange import mlflow, tables, tensorboard
from gandiag.exchange.log import Log

FORMATS: dict[str, ModuleType] = {"tensorboard": tensorboard, "mlflow": mlflow, "table": tables}
"""By name, in the order in which they are tried; each finds places and reads one."""

Place = tuple[str, Path]
"""A format, and what to read in it."""


def find(path: Path, kind: str | None = None) -> list[Place]:
    """What there is to read at or below a path, in the order of names or of time.

    Args:
        path: A file or a folder.
        kind: The format, where the user has said it.

    Raises:
        UsageError: There is nothing.
    """
    if kind is not None and kind not in FORMATS:
        raise UsageError(must_be_one_of("format", kind, FORMATS))
    if not path.exists():
        raise UsageError(f"there is no {path}")
    for name in [kind] if kind else FORMATS:
        found = FORMATS[name].find(path)
        if found:
            return [(name, place) for place in found]
    raise UsageError(_nothing(path))


def read(place: Place, step: str | None) -> list[Log]:
    """Reads the logs of a place.

    Raises:
        UsageError: They cannot be read.
    """
    name, path = place
    try:
        logs: list[Log] = FORMATS[name].read(path, step)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from None
    return logs


def _nothing(path: Path) -> str:
    if path.suffix == ".wandb" or (path.is_dir() and any(path.rglob("*.wandb"))):
        return (
            f"{path} is W&B's own database; export its history first: "
            "pandas.DataFrame(run.scan_history()).to_csv('history.csv', index=False)"
        )
    return (
        f"nothing in {path} is known: neither event files of TensorBoard, nor runs of MLflow's "
        "file store, nor tables (.csv, .tsv, .jsonl, .ndjson)"
    )
