"""Experiments by name, from a file, and with some of their values set anew."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from gandiag.errors import ExperimentError, must_be_one_of
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.recorded import Recorded, Trained
from gandiag.experiment.validation_errors import complaints

Kind = TypeVar("Kind", bound=BaseModel)

Settings = Mapping[str, Any]
"""Values by dotted path, e.g. ``{"schedule.iterations": 100}``."""

BARE_POINT = re.compile(r"[+-]?\.\d+(?:[eE][+-]?\d+)?")
"""A number that begins with its point, as people write it and TOML does not."""

QUOTES = "'objective={game=\"hinge\"}'"
"""How a value with quotes in it is handed over by a shell."""


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


def read_experiment(what: str, settings: Settings | None = None) -> Experiment:
    """Reads an experiment.

    Args:
        what: The name of a preset (``"dirac"``), of a variant of one (``"dirac:r1"``), or the path
            of a TOML file, which may have variants too (``"my.toml:wide"``).
        settings: Values to set anew, by dotted path.

    A file may begin with ``extends = "PRESET"`` and then say only what differs: tables are merged
    key by key, lists replaced, and a table of another ``kind`` replaced as a whole.

    Returns:
        The experiment, valid.

    Raises:
        ExperimentError: There is no such experiment, or it is not valid.
    """
    table = _table(what)
    return experiment_from(with_settings(table, settings or {}), _path_and_variant(what)[0])


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
        table = with_settings(table, known[variant])
    return table


def _neither(name: str) -> str:
    """Words the complaint that the first part of ``name:part`` is nothing that can be trained."""
    near = get_close_matches(name, presets(), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ";"
    return (
        f"there is no preset {name!r} and no module of that name{hint} gandiag presets lists the "
        f"presets, and a module has to be in {Path.cwd()} or installed"
    )


def _extended(table: dict[str, Any], path: str, through: tuple[str, ...]) -> dict[str, Any]:
    """A table over the one that it names: tables are merged, everything else is replaced."""
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
    """Builds what a store says was trained: an experiment, or a training of somebody's own.

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
        ExperimentError: It is not valid; all that is wrong is listed.
    """
    return _valid(Experiment, table, where)


def _valid(kind: type[Kind], table: Mapping[str, Any], where: str) -> Kind:
    try:
        return kind.model_validate(table)
    except ValidationError as error:
        lines = "\n".join(f"  {line}" for line in complaints(error, kind))
        raise ExperimentError(f"{where} is not a valid experiment:\n{lines}") from None


def parse_settings(assignments: Iterable[str]) -> dict[str, Any]:
    """Reads ``key=VALUE`` assignments; a VALUE is TOML, or else taken as a word.

    Raises:
        ExperimentError: One has no ``=`` in it.

    >>> parse_settings(["schedule.batch=12", "objective.game=gan"])
    {'schedule.batch': 12, 'objective.game': 'gan'}
    """
    return {key: parse_value(value) for key, value in map(split_assignment, assignments)}


def split_assignment(assignment: str) -> tuple[str, str]:
    """Splits ``key=VALUE``.

    Raises:
        ExperimentError: There is no ``=`` in it.
    """
    key, sign, value = assignment.partition("=")
    if not sign or not key.strip() or not value.strip():
        raise ExperimentError(
            f"{assignment!r} is not an assignment; write key=VALUE, e.g. schedule.iterations=100"
        )
    return key.strip(), value.strip()


def parse_value(text: str) -> Any:
    """Reads one TOML value; what is not TOML is a number like ``.1``, or a word.

    Raises:
        ExperimentError: It begins like a table or a list, and is none.
    """
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError as error:
        if bare := BARE_POINT.fullmatch(text):
            return float(bare[0])
        if text.startswith(("{", "[")):
            what = str(error).partition(" (at ")[0]
            raise ExperimentError(
                f"{text} is not valid TOML: {what[:1].lower() + what[1:]}. Close its brackets and "
                f"quotes, write 0.1 for .1, and keep it in single quotes: --set {QUOTES}"
            ) from None
        return text


def with_settings(table: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """A copy of plain data with the values at some dotted paths set anew."""
    copy = dict(table)
    for path, value in settings.items():
        copy = _with(copy, path.split("."), value, path)
    return copy


def _with(part: Any, keys: list[str], value: Any, path: str) -> Any:
    """A copy of a part of plain data with the value at some keys below it set anew."""
    if not keys:
        return value
    head, *rest = keys
    if isinstance(part, list) and head.isdecimal():
        if int(head) >= len(part):
            raise ExperimentError(f"cannot set {path}: there are {len(part)} items, counted from 0")
        before, after = part[: int(head)], part[int(head) + 1 :]
        return [*before, _with(part[int(head)], rest, value, path), *after]
    if part is None or isinstance(part, Mapping):
        held = dict(part or {})
        return held | {head: _with(held.get(head), rest, value, path)}
    raise ExperimentError(f"cannot set {path}: {part!r} has no part {head!r}")


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
