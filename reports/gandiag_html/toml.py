"""An experiment as the TOML that gives it again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def to_toml(table: Mapping[str, Any]) -> str:
    """Writes plain data as TOML; what is None is left out, for TOML has no word for it.

    >>> print(to_toml({"name": "dirac", "data": {"kind": "point", "at": 0.0}}))
    name = "dirac"
    <BLANKLINE>
    [data]
    kind = "point"
    at = 0.0
    """
    return "\n".join(_lines(table, ()))


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    inner = {key: value for key, value in table.items() if _has_heading(value, path)}
    for key, value in table.items():
        if key not in inner and value is not None:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in inner.items():
        name = ".".join(map(_key, (*path, key)))
        many = isinstance(value, list)
        for item in value if many else [value]:
            yield ""
            yield f"[[{name}]]" if many else f"[{name}]"
            yield from _lines(item, (*path, key))


def _has_heading(value: Any, path: tuple[str, ...]) -> bool:
    return isinstance(value, Mapping) or (not path and _holds_tables(value))


def _holds_tables(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value)


def _value(value: Any) -> str:
    if _holds_tables(value):
        return "\n".join(["[", *(f"  {_inline(item)}," for item in value), "]"])
    return _inline(value)


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = (f"{_key(k)} = {_inline(v)}" for k, v in value.items() if v is not None)
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    # Strings, numbers and truth values are written alike in JSON and in TOML.
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if bare else json.dumps(key, ensure_ascii=False)
