"""Removes home directories, and so user names, from a report that may be mailed around."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_HOMES = re.compile(
    r"(?:/(?:var/|usr/)?(?:home|Users)/[^/\\\s:'\"]+|/root(?![\w.-])"
    r"|[A-Za-z]:[\\/]+Users[\\/]+[^/\\\s:'\"]+)"
)
_NEVER = re.compile(r"(?!)")


def redact(text: str) -> str:
    r"""Replaces every home directory by ``~``: those in the usual places, and the user's own.

    >>> print(redact(r"/home/ada/runs and C:\Users\ada\runs"))
    ~/runs and ~\runs
    """
    return _HOMES.sub("~", _own_home().sub("~", text))


def redacted(value: Any) -> Any:
    """Redacts every text inside plain data."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {redact(str(key)): redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    return value


@cache
def _own_home() -> re.Pattern[str]:
    try:
        home = Path.home()
    except RuntimeError:
        return _NEVER
    # A home of "/" or "/x" would match in half of the text, and contains no name.
    return re.compile(re.escape(str(home)) + r"(?![\w.-])") if len(home.parts) > 2 else _NEVER
