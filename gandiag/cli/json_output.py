"""JSON documents on standard output."""

from __future__ import annotations

import json
import math
from typing import Any


def print_json(document: dict[str, Any]) -> None:
    """Prints a document; values that are not finite become null and are listed as ``nonfinite``."""
    nonfinite: list[str] = []
    finite = _finite(document, "", nonfinite)
    print(json.dumps(finite | {"nonfinite": nonfinite}, indent=1))


def native(value: Any) -> Any:
    """A cell of a table as plain data; pandas' missing values become None, NaN stays NaN."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return value.item() if hasattr(value, "item") else value


def _finite(value: Any, path: str, nonfinite: list[str]) -> Any:
    """The value with null for numbers that are not finite; their paths go to ``nonfinite``."""
    if isinstance(value, dict):
        return {
            key: _finite(item, f"{path}.{key}" if path else str(key), nonfinite)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_finite(item, f"{path}.{index}", nonfinite) for index, item in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        nonfinite.append(path)
        return None
    return value
