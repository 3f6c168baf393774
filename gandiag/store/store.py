"""A store: the runs of one sweep under one directory, opened for a sweep or only read."""

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
        directory: Where it is; it need not exist before `prepare`.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def exists(self) -> bool:
        """Whether there is a store."""
        try:
            return (self.directory / NAME).exists()
        except OSError:  # a name too long, a folder that may not be entered: `prepare` says it
            return False

    def prepare(self) -> None:
        """Makes the directory.

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
        """Writes down what is trained, or checks that it is what the store holds.

        Args:
            base: The experiment.
            points: What is set anew at each point of the grid, by its label.

        Raises:
            StoreError: The store holds something else, or a newer format.
        """
        keys = sorted({key for settings in points.values() for key in settings})
        known: dict[str, Any] = {}
        trained: dict[str, Any] = {}
        if self.exists():
            held = self._read()
            self._refuse_another(held, base, keys)
            known, trained = held["points"], held["experiments"]
        content = {
            "schema_version": SCHEMA,
            "base": base.resolved(),
            "grid": keys,
            "points": known | {label: dict(settings) for label, settings in points.items()},
            "experiments": trained
            | {
                # Set anew in what was written: another kind has other defaults.
                label: trained_from(with_overrides(base.written(), settings), label).resolved()
                for label, settings in points.items()
            },
        }
        write_json(self.directory / NAME, content)

    def experiments(self) -> dict[str, Trained]:
        """What is trained, by the label of the point of the grid; ``""`` without a grid.

        Raises:
            StoreError: It is no store, or of a newer format.
        """
        held = self._read()
        return {
            label: trained_from(table, str(self.directory))
            for label, table in held["experiments"].items()
        }

    def runs(self) -> Iterator[tuple[Path, Manifest]]:
        """The runs' directories and manifests, in the order of their names.

        Raises:
            StoreError: The store or a run is of a newer format, or there can be no store.
        """
        self._refuse_file()
        if self.exists():
            self._read()
        for path in sorted(self.directory.glob("*/manifest.json")):
            manifest = read_manifest(path.parent)
            if manifest is not None:
                yield path.parent, manifest

    def _refuse_file(self) -> None:
        """Refuses what is a file, or below one; the rest is seen when it is written."""
        for path in (self.directory, *self.directory.parents):
            if os.path.isfile(path):  # unlike `Path.is_file` it bears a name too long
                raise StoreError(
                    f"cannot write to {self.directory}: {path} is a file. Choose another place "
                    "with --out"
                )

    def _read(self) -> Any:
        if not self.exists():
            raise StoreError(
                f"{self.directory} holds no sweep ({NAME} is missing). Make one: "
                f"gandiag sweep --out {self.directory}"
            )
        try:
            held = read_json(self.directory / NAME)
        except (OSError, ValueError) as error:
            raise StoreError(f"cannot read {self.directory / NAME}: {error}") from None
        refuse_newer(held, self.directory)
        if not _is_sweep(held):
            raise StoreError(f"{self.directory / NAME} is damaged: it does not say what is trained")
        return held

    def _refuse_another(self, held: Any, base: Trained, keys: list[str]) -> None:
        stored = trained_from(held["base"], str(self.directory)).resolved()
        lines = differences(stored, base.resolved())
        if held["grid"] != keys:
            lines.append(f"grid: stored {held['grid'] or 'none'}, asked {keys or 'none'}")
        if lines:
            text = "\n".join(f"  {line}" for line in lines)
            raise StoreError(
                f"{self.directory} holds another configuration:\n{text}\n"
                "Nothing was changed. Choose another directory (--out), or remove the store: "
                f"gandiag rm {self.directory}"
            )


def _is_sweep(held: Any) -> bool:
    if not isinstance(held, dict) or not isinstance(held.get("grid"), list):
        return False
    tables = [held.get(name) for name in ("base", "points", "experiments")]
    if not all(isinstance(table, dict) for table in tables):
        return False
    return all(isinstance(table, dict) for table in held["experiments"].values())


def differences(stored: Any, asked: Any, path: str = "") -> list[str]:
    """Where two pieces of plain data differ, a line each.

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
    """Removes a store with all of its runs.

    Raises:
        StoreBusyError: A live sweep holds it.
    """
    with lock_directory(directory):
        shutil.rmtree(directory)


def remove_run(directory: Path, name: str) -> None:
    """Removes one run of a store.

    Raises:
        StoreBusyError: A live sweep holds the store.
    """
    with lock_directory(directory):
        shutil.rmtree(directory / name)
