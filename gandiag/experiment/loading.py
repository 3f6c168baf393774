"""Experiments by name or from a file, with some values overridden."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from gandiag.errors import ExperimentError, must_be_one_of
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.overrides import Overrides, with_overrides
from gandiag.experiment.recorded import Recorded, Trained
from gandiag.experiment.validation_errors import error_lines

Kind = TypeVar("Kind", bound=BaseModel)


def presets() -> list[str]:
    """The names of the experiments that gandiag ships."""
    names = [item.name for item in _folder().iterdir()]
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def preset_text(name: str) -> str:
    """The commented TOML of a preset.

    Raises:
        ExperimentError: There is no such preset.
    """
    base = name.partition(":")[0]
    if base not in presets():
        raise ExperimentError(must_be_one_of("preset", base, presets()))
    return (resources.files("gandiag.experiment") / "presets" / f"{base}.toml").read_text(
        encoding="utf-8"
    )


def variants(name: str) -> list[str]:
    """The names of a preset's variants."""
    return sorted(tomllib.loads(preset_text(name)).get("variants", {}))


def read_experiment(what: str, settings: Overrides | None = None) -> Experiment:
    """Reads an experiment.

    Args:
        what: The name of a preset (``"dirac"``), of a variant of one (``"dirac:r1"``), or the path
            of a TOML file, which may have variants too (``"my.toml:wide"``).
        settings: Values to override, by dotted path.

    A file may begin with ``extends = "PRESET"`` and then say only what differs: tables are merged
    key by key, lists replaced, and a table of another ``kind`` replaced as a whole.

    Returns:
        The experiment, valid.

    Raises:
        ExperimentError: There is no such experiment, or it is not valid.
    """
    table = _table(what)
    return experiment_from(with_overrides(table, settings or {}), _path_and_variant(what)[0])


def read_trained(what: str) -> Trained:
    """Reads an experiment, or a TOML file with ``kind = "recorded"`` that names a function.

    Raises:
        ExperimentError: There is none, or it is not valid.
    """
    return trained_from(_table(what), _path_and_variant(what)[0])


def _path_and_variant(what: str) -> tuple[str, str]:
    path, _, variant = what.rpartition(":") if ".toml:" in what else what.partition(":")
    return path, variant


def _table(what: str, through: tuple[str, ...] = ()) -> dict[str, Any]:
    path, variant = _path_and_variant(what)
    if variant and not path.endswith(".toml") and path not in presets():
        raise ExperimentError(_neither(path))
    table = _extended(_parse(_text(path), path), path, through)
    known = table.pop("variants", {})
    if not isinstance(known, Mapping) or not all(isinstance(v, Mapping) for v in known.values()):
        raise ExperimentError(f"{path}: variants are tables, [variants.NAME], of key = value")
    if variant:
        if variant not in known:
            raise ExperimentError(must_be_one_of(f"variant of {path}", variant, known or ["none"]))
        table["name"] = f"{table.get('name')}-{variant}"
        table = with_overrides(table, known[variant])
    return table


def _neither(name: str) -> str:
    """The message that the first part of ``name:part`` is neither a preset nor a module."""
    near = get_close_matches(name, presets(), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ";"
    return (
        f"there is no preset {name!r} and no module of that name{hint} gandiag presets lists the "
        f"presets, and a module has to be in {Path.cwd()} or installed"
    )


def _extended(table: dict[str, Any], path: str, through: tuple[str, ...]) -> dict[str, Any]:
    """A table merged into the one that it extends: everything but tables is replaced."""
    base = table.pop("extends", None)
    if base is None:
        return table
    if not isinstance(base, str) or path in through:
        raise ExperimentError(f"{path}: extends = {base!r} has to name another preset or file")
    under = _table(base, (*through, path))
    for key in ("source", "outcome", *(["title"] if "name" in table else [])):
        under.pop(key, None)  # another training has its own
    merged: dict[str, Any] = _merged(under, table)
    return merged


def _merged(under: Any, over: Any) -> Any:
    if not isinstance(under, Mapping) or not isinstance(over, Mapping):
        return over
    if over.get("kind", under.get("kind")) != under.get("kind"):
        return over  # another kind has other keys
    return {**under, **{k: _merged(under.get(k), v) for k, v in over.items()}}


def trained_from(table: Mapping[str, Any], where: str) -> Trained:
    """Builds what a store says was trained: an experiment, or a training by the user's own code.

    Raises:
        ExperimentError: It is not valid.
    """
    kind = table.get("kind")
    if kind == "recorded":
        return _valid(Recorded, table, where)
    if kind is not None:
        raise ExperimentError(f"{where}: " + must_be_one_of("kind", str(kind), ["recorded"]))
    return experiment_from(table, where)


def experiment_from(table: Mapping[str, Any], where: str) -> Experiment:
    """Builds an experiment from plain data.

    Args:
        table: The data, as TOML or JSON give it.
        where: What to call it in an error.

    Raises:
        ExperimentError: It is not valid; the message lists all errors.
    """
    return _valid(Experiment, table, where)


def _valid(kind: type[Kind], table: Mapping[str, Any], where: str) -> Kind:
    try:
        return kind.model_validate(table)
    except ValidationError as error:
        lines = "\n".join(f"  {line}" for line in error_lines(error, kind))
        raise ExperimentError(f"{where} is not a valid experiment:\n{lines}") from None


def _folder() -> Traversable:
    return resources.files("gandiag.experiment") / "presets"


def _text(path: str) -> str:
    if not path.endswith(".toml"):
        return preset_text(path)
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ExperimentError(f"cannot read the experiment {path}: {error}") from None


def _parse(text: str, path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExperimentError(f"{path} is not valid TOML: {error}") from None
