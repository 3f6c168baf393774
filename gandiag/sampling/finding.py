"""The directory of a run, from what a user calls it."""

from __future__ import annotations

from pathlib import Path

from gandiag.errors import UsageError
from gandiag.store import manifest, store
from gandiag.store.manifest import read_manifest


def find_run(words: str, where: Path) -> Path:
    """The directory of a run.

    Args:
        words: The directory, or the beginning of its name or of the run's id.
        where: The store, or the folder of stores, that is looked into for the latter.

    Raises:
        UsageError: There is no such run, or more than one.
        StoreError: A run was written by a newer version.
    """
    if Path(words).is_dir():
        return Path(words)  # whether it holds a run is said by whoever reads it
    stores = [where] if (where / store.NAME).exists() else sorted(where.glob("*"))
    paths = [path.parent for each in stores for path in sorted(each.glob(f"*/{manifest.NAME}"))]
    hits = [path for path in paths if path.name.startswith(words) or _id(path).startswith(words)]
    if len(hits) == 1:
        return hits[0]
    if hits:
        raise UsageError(
            f"{len(hits)} runs in {where} begin with {words!r}, e.g. {hits[0]} and {hits[1]}; "
            "write more of it"
        )
    raise UsageError(
        f"there is no run {words!r}: neither a directory, nor the beginning of a run's id in "
        f"{where}. See gandiag ls {where}; --store says where else to look"
    )


def _id(path: Path) -> str:
    found = read_manifest(path)
    return found.run if found else ""
