"""A store: a directory with the runs of one sweep."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gandiag.errors import StoreError
from gandiag.experiment.loading import trained_from
from gandiag.experiment.overrides import Overrides, with_overrides
from gandiag.experiment.recorded import Trained
from gandiag.store.files import read_json, write_json
from gandiag.store.locking import lock_directory
from gandiag.store.manifest import SCHEMA, Manifest, read_manifest, refuse_newer

NAME = "sweep.json"

Grid = Mapping[str, Sequence[Any]]
"""Values to try, by dotted path."""


class Store:
    """A directory with the runs of a sweep.

    Args:
        directory: Its path; it need not exist before `prepare`.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def exists(self) -> bool:
        """Whether there is a store."""
        try:
            return (self.directory / NAME).exists()
        except OSError:  # a name too long, a folder without access: `prepare` reports it
            return False

    def prepare(self) -> None:
        """Creates the directory.

        Raises:
            StoreError: It cannot be written to.
        """
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            write_json(self.directory / ".writable", {})
            (self.directory / ".writable").unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot write to {self.directory}: {error.strerror or error}. Choose another "
                "place with --out"
            ) from None

    def register(self, base: Trained, points: Mapping[str, Overrides]) -> None:
        """Records what is trained, or checks it against what the store has recorded.

        Args:
            base: The experiment.
            points: The values that are overridden at each grid point, by its label.

        Raises:
            StoreError: The store has another experiment, or a newer format.
        """
        keys = sorted({key for settings in points.values() for key in settings})
        earlier_points: dict[str, Any] = {}
        earlier_experiments: dict[str, Any] = {}
        if self.exists():
            stored = self._read()
            self._refuse_another(stored, base, keys)
            earlier_points, earlier_experiments = stored["points"], stored["experiments"]
        content = {
            "schema_version": SCHEMA,
            "base": base.resolved(),
            "grid": keys,
            "points": earlier_points
            | {label: dict(settings) for label, settings in points.items()},
            "experiments": earlier_experiments
            | {
                # Overrides what was written, not the defaults: another kind has other defaults.
                label: trained_from(with_overrides(base.written(), settings), label).resolved()
                for label, settings in points.items()
            },
        }
        write_json(self.directory / NAME, content)

    def experiments(self) -> dict[str, Trained]:
        """The experiments by the label of their grid point; ``""`` without a grid.

        Raises:
            StoreError: It is no store, or has a newer format.
        """
        stored = self._read()
        return {
            label: trained_from(table, str(self.directory))
            for label, table in stored["experiments"].items()
        }

    def runs(self) -> Iterator[tuple[Path, Manifest]]:
        """The runs' directories and manifests, in the order of their names.

        Raises:
            StoreError: The store or a run has a newer format, or the path is a file.
        """
        self._refuse_file()
        if self.exists():
            self._read()
        for path in sorted(self.directory.glob("*/manifest.json")):
            manifest = read_manifest(path.parent)
            if manifest is not None:
                yield path.parent, manifest

    def _refuse_file(self) -> None:
        """Refuses a path that is a file or below one; other problems show when it is written."""
        for path in (self.directory, *self.directory.parents):
            if os.path.isfile(path):  # unlike `Path.is_file` it accepts a name too long
                raise StoreError(
                    f"cannot write to {self.directory}: {path} is a file. Choose another place "
                    "with --out"
                )

    def _read(self) -> Any:
        if not self.exists():
            raise StoreError(
                f"{self.directory} contains no sweep ({NAME} is missing). Create one: "
                f"gandiag sweep --out {self.directory}"
            )
        try:
            stored = read_json(self.directory / NAME)
        except (OSError, ValueError) as error:
            raise StoreError(f"cannot read {self.directory / NAME}: {error}") from None
        refuse_newer(stored, self.directory)
        if not _is_sweep(stored):
            raise StoreError(f"{self.directory / NAME} is damaged: it does not say what is trained")
        return stored

    def _refuse_another(self, content: Any, base: Trained, keys: list[str]) -> None:
        stored = trained_from(content["base"], str(self.directory)).resolved()
        lines = differences(stored, base.resolved())
        if content["grid"] != keys:
            lines.append(f"grid: stored {content['grid'] or 'none'}, asked {keys or 'none'}")
        if lines:
            text = "\n".join(f"  {line}" for line in lines)
            raise StoreError(
                f"{self.directory} holds another configuration:\n{text}\n"
                "Nothing was changed. Choose another directory (--out), or remove the store: "
                f"gandiag rm {self.directory}"
            )


def _is_sweep(content: Any) -> bool:
    if not isinstance(content, dict) or not isinstance(content.get("grid"), list):
        return False
    tables = [content.get(name) for name in ("base", "points", "experiments")]
    if not all(isinstance(table, dict) for table in tables):
        return False
    return all(isinstance(table, dict) for table in content["experiments"].values())


def differences(stored: Any, asked: Any, path: str = "") -> list[str]:
    """The differences between two pieces of plain data, one line each.

    >>> differences({"a": {"b": 1}}, {"a": {"b": 2}})
    ['a.b: stored 1, asked 2']
    """
    if isinstance(stored, Mapping) and isinstance(asked, Mapping):
        keys = [*stored, *(key for key in asked if key not in stored)]
        pairs = [(key, stored.get(key), asked.get(key)) for key in keys]
    elif isinstance(stored, list) and isinstance(asked, list) and len(stored) == len(asked):
        pairs = [(str(i), a, b) for i, (a, b) in enumerate(zip(stored, asked, strict=True))]
    else:
        return [] if stored == asked else [f"{path}: stored {stored!r}, asked {asked!r}"]
    return [
        line for key, a, b in pairs for line in differences(a, b, f"{path}.{key}" if path else key)
    ]


def remove_store(directory: Path) -> None:
    """Removes a store with all its runs.

    Raises:
        StoreBusyError: A live sweep has locked it.
    """
    with lock_directory(directory):
        shutil.rmtree(directory)


def remove_run(directory: Path, name: str) -> None:
    """Removes one run of a store.

    Raises:
        StoreBusyError: A live sweep has locked the store.
    """
    with lock_directory(directory):
        shutil.rmtree(directory / name)
