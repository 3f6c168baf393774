"""Locates the directory of a run by a part of its name."""

from __future__ import annotations

from pathlib import Path

from gandiag.errors import UsageError
from gandiag.store import manifest, store
from gandiag.store.manifest import read_manifest


def locate_run(name: str, where: Path) -> Path:
    """The directory of a run.

    Args:
        name: The directory, or the beginning of its name or of the run's id.
        where: The store, or the folder of stores, that is searched for the latter.

    Raises:
        UsageError: There is no such run, or more than one.
        StoreError: A run was written by a newer version.
    """
    if Path(name).is_dir():
        return Path(name)  # whoever reads it reports whether it is a run
    stores = [where] if (where / store.NAME).exists() else sorted(where.glob("*"))
    paths = [path.parent for each in stores for path in sorted(each.glob(f"*/{manifest.NAME}"))]
    hits = [path for path in paths if path.name.startswith(name) or _id(path).startswith(name)]
    if len(hits) == 1:
        return hits[0]
    if hits:
        raise UsageError(
            f"{len(hits)} runs in {where} begin with {name!r}, e.g. {hits[0]} and {hits[1]}; "
            "write more of it"
        )
    raise UsageError(
        f"there is no run {name!r}: neither a directory, nor the beginning of a run's id in "
        f"{where}. See gandiag ls {where}; --store says where else to look"
    )


def _id(path: Path) -> str:
    known = read_manifest(path)
    return known.run if known else ""
