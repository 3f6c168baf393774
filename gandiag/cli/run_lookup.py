"""Finds stores and runs by what a user types."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gandiag.errors import StoreError, UsageError

if TYPE_CHECKING:
    from gandiag.store.results import Results


def read_store(directory: Path) -> Results:
    """The runs of a store; importing pandas waits until here, so that ``--help`` is fast."""
    from gandiag.store.loading import load

    return load(directory)


def locate_stores(directory: Path) -> list[Path]:
    """The store itself, or the stores in a folder.

    Raises:
        StoreError: There is no store.
    """
    if (directory / "sweep.json").exists():
        return [directory]
    stores = sorted(path.parent for path in directory.glob("*/sweep.json"))
    if not stores:
        raise StoreError(f"there is no store in {directory}. Create one: gandiag sweep --seeds 10")
    return stores


def locate_run(name: str, where: Path) -> tuple[Results, dict[str, Any]]:
    """The one run with that directory, or whose id or directory name begins with ``name``.

    Args:
        name: The directory, or the first characters of the id or of the directory's name.
        where: The store, or the folder of stores, to search.

    Returns:
        The store's results and the run's row in its table of runs.

    Raises:
        UsageError: There is no such run, or more than one.
    """
    if (Path(name) / "manifest.json").exists():
        where, name = Path(name).parent, Path(name).name
    elif len(Path(name).parts) > 1:
        raise UsageError(f"there is no store or run {name}; see gandiag ls {where}")
    matches: list[tuple[Results, dict[str, Any]]] = []
    for store in locate_stores(where):
        results = read_store(store)
        rows: list[Any] = results.runs.to_dict("records")
        matches += [
            (results, row)
            for row in rows
            if row["run"].startswith(name) or row["directory"].startswith(name)
        ]
    if len(matches) != 1:
        runs = "no run" if not matches else f"{len(matches)} runs"
        begin = "begins" if not matches else "begin"
        raise UsageError(f"{runs} in {where} {begin} with {name!r}; see gandiag ls {where}")
    return matches[0]
