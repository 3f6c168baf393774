"""An experiment as the TOML that it can be read from again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomli_w


def to_toml(table: Mapping[str, Any]) -> str:
    """Writes plain data as TOML; what is None is left out, for TOML has no null.

    >>> print(to_toml({"name": "dirac", "title": None, "data": {"kind": "point", "at": 0.0}}))
    name = "dirac"
    <BLANKLINE>
    [data]
    kind = "point"
    at = 0.0
    """
    return tomli_w.dumps(_without_none(table), indent=2).rstrip()


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_none(item) for item in value if item is not None]
    return value
