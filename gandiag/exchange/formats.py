"""The formats of logs: recognises the one of a file or folder, and reads it."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from gandiag.errors import UsageError, must_be_one_of
from gandiag.exchange import mlflow, tables, tensorboard
from gandiag.exchange.log import Log

FORMATS: dict[str, ModuleType] = {"tensorboard": tensorboard, "mlflow": mlflow, "table": tables}
"""By name, in the order in which they are tried; each has ``locate`` and ``read``."""

Source = tuple[str, Path]
"""A format, and a file or folder in it."""


def locate(path: Path, kind: str | None = None) -> list[Source]:
    """Locates the logs at or below a path, ordered by name or by time.

    Args:
        path: A file or a folder.
        kind: The format, if the user has named one.

    Raises:
        UsageError: There is none.
    """
    if kind is not None and kind not in FORMATS:
        raise UsageError(must_be_one_of("format", kind, FORMATS))
    if not path.exists():
        raise UsageError(f"{path} does not exist")
    for name in [kind] if kind else FORMATS:
        sources = FORMATS[name].locate(path)
        if sources:
            return [(name, source) for source in sources]
    raise UsageError(_no_logs(path))


def read(source: Source, step: str | None) -> list[Log]:
    """Reads the logs of a file or folder.

    Raises:
        UsageError: They cannot be read.
    """
    name, path = source
    try:
        logs: list[Log] = FORMATS[name].read(path, step)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from None
    return logs


def _no_logs(path: Path) -> str:
    if path.suffix == ".wandb" or (path.is_dir() and any(path.rglob("*.wandb"))):
        return (
            f"{path} is W&B's own database; export its history first: "
            "pandas.DataFrame(run.scan_history()).to_csv('history.csv', index=False)"
        )
    return (
        f"{path} has no logs: neither event files of TensorBoard, nor runs of MLflow's file store, "
        "nor tables (.csv, .tsv, .jsonl, .ndjson)"
    )
