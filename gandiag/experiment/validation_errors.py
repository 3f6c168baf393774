"""What is wrong with an experiment: one line per error, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from gandiag.errors import must_be_one_of
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.schema import Models, models_below, unknown_key

NO_TABLE = ("model_type", "model_attributes_type", "dict_type", "mapping_type")
"""Pydantic's names for the error that a table is expected and something else is given."""


def error_lines(error: ValidationError, kind: type[BaseModel]) -> list[str]:
    """One line for each error.

    Args:
        error: The error of pydantic.
        kind: What was to be built.
    """
    items = [item for item in error.errors() if not _follows(item, error.errors())]
    return [_error_line(item, kind) for item in items]


def _follows(item: Any, others: Sequence[Any]) -> bool:
    """Whether a list is too short only because its items are invalid."""
    place = item["loc"]
    below = (other["loc"] for other in others if len(other["loc"]) > len(place))
    return item["type"] == "too_short" and any(loc[: len(place)] == place for loc in below)


def _error_line(item: Any, kind: type[BaseModel]) -> str:
    """One line for one error, with the nearest legal key where a key is unknown."""
    where = ".".join(str(part) for part in item["loc"])
    if item["type"] == "extra_forbidden":
        return f"{where}: {_unknown_key(item['loc'], kind)}"
    if item["type"] in ("union_tag_invalid", "literal_error"):
        named = [str(part) for part in item["loc"] if not isinstance(part, int)]
        key = "kind" if item["type"] == "union_tag_invalid" else named[-1]
        got = item["ctx"].get("tag", item["input"])
        return f"{where}: {must_be_one_of(key, str(got), _quoted(item['ctx']))}"
    if item["type"] == "missing":
        return f"{where}: is missing"
    if item["type"] == "union_tag_not_found":
        return f"{where}.kind: is missing"
    if item["type"] == "too_short":
        return f"{where}: needs at least {item['ctx']['min_length']} item"
    if item["type"] in NO_TABLE:
        return f"{where or 'the whole'}: has to be a table, {{key = value}} (got {item['input']!r})"
    message = item["msg"].removeprefix("Value error, ").replace("valid tuple", "list")
    return f"{where or 'the whole'}: {message}" + (
        "" if item["type"] == "value_error" else f" (got {item['input']!r})"
    )


def _unknown_key(loc: Sequence[str | int], kind: type[BaseModel]) -> str:
    """An unknown key, the nearest one, and where all of them are explained."""
    *parts, key = loc
    models: Models = [kind]
    for part in parts:
        models = models_below(models, part) or models
    legal = sorted({name for model in models for name in model.model_fields})
    if kind is not Experiment:
        return must_be_one_of("key", str(key), legal)
    path = ".".join(str(part) for part in parts if not isinstance(part, int))
    verb = f"gandiag keys {path}".rstrip()
    return f"{unknown_key(str(key), path, legal)}. {verb} explains them"


def _quoted(context: Mapping[str, Any]) -> list[str]:
    """The legal values, from pydantic's message."""
    return re.findall(r"'([^']*)'", context.get("expected_tags") or context["expected"])
