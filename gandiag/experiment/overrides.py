"""Values that replace those of an experiment, by dotted path: ``schedule.iterations=100``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from gandiag.errors import ExperimentError

Overrides = Mapping[str, Any]
"""Values by dotted path, e.g. ``{"schedule.iterations": 100}``."""

BARE_POINT = re.compile(r"[+-]?\.\d+(?:[eE][+-]?\d+)?")
"""A number without a digit before its point, which TOML does not allow."""

QUOTES = "'objective={game=\"hinge\"}'"
"""How to write a value with quotes in a shell."""


def parse_overrides(assignments: Iterable[str]) -> dict[str, Any]:
    """Reads ``key=VALUE`` assignments; a VALUE that is not TOML is taken as a string.

    Raises:
        ExperimentError: One has no ``=`` in it.

    >>> parse_overrides(["schedule.batch=12", "objective.game=gan"])
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
    """Reads one TOML value; what is not TOML is a number like ``.1``, or a string.

    Raises:
        ExperimentError: It begins like a table or a list, but is not valid TOML.
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


def with_overrides(table: Mapping[str, Any], settings: Overrides) -> dict[str, Any]:
    """A copy of plain data with the values at some dotted paths replaced."""
    copy = dict(table)
    for path, value in settings.items():
        copy = _with(copy, path.split("."), value, path)
    return copy


def _with(part: Any, keys: list[str], value: Any, path: str) -> Any:
    """A copy of a part of plain data with the value at some keys below it replaced."""
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
