"""A function of the user's by name, ``module:function``, found from the working directory."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from gandiag.errors import DataError, must_be_one_of

FUNCTION_NAME = re.compile(r"(?P<module>[\w./-]+?)(?P<file>\.py)?:(?P<function>[A-Za-z_]\w*)")


def source_file(name: str) -> Path:
    """The file that contains a function; nothing is imported.

    Raises:
        DataError: It is no name of a function, or there is no such module.
    """
    match = FUNCTION_NAME.fullmatch(name)
    if match is None:
        raise DataError(f"{name!r} names no function; write module:function")
    source = Path(match["module"] + ".py") if match["file"] else _of_module(match["module"])
    if source is None or not source.is_file():
        raise DataError(
            f"there is no module for {name!r} here ({Path.cwd()}) or among the installed"
        )
    return source


def load_function(name: str) -> Callable[..., Any]:
    """Imports a function as ``python -m`` would, the working directory first.

    Raises:
        DataError: It is not there, or its module cannot be imported.
    """
    return _load(name, Path.cwd())


def source_hash(name: str) -> str:
    """A hash of the source that contains a function.

    Raises:
        DataError: There is no such source.
    """
    return hashlib.sha256(source_file(name).read_bytes()).hexdigest()[:12]


@lru_cache
def _load(name: str, here: Path) -> Callable[..., Any]:
    source = source_file(name)
    path, _, function = name.rpartition(":")
    folder, module = here, path
    if path.endswith(".py"):
        folder, module = source.parent.resolve(), source.stem
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        imported = import_module(module)
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise DataError(f"cannot import {source} for {name!r}: {what}") from error
    value = getattr(imported, function, None)
    if not callable(value):
        known = [each for each, value in vars(imported).items() if callable(value)]
        raise DataError(f"{source}: " + must_be_one_of("function", function, known or ["none"]))
    return value  # type: ignore[no-any-return]


def _of_module(module: str) -> Path | None:
    places: list[str] | None = [str(Path.cwd()), *sys.path]
    spec = None
    parts = module.split(".")
    for depth in range(len(parts)):
        spec = PathFinder.find_spec(".".join(parts[: depth + 1]), places)
        if spec is None:
            return None
        places = list(spec.submodule_search_locations or [])
    return Path(spec.origin) if spec is not None and spec.origin else None
