"""A length of time as people write it."""

from __future__ import annotations

import re

from gandiag.errors import UsageError

SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(text: str) -> float:
    """The seconds that ``90s``, ``30m``, ``2h``, ``1d`` or a bare number stand for.

    Raises:
        UsageError: It is none of these, or not positive.

    >>> parse_duration("30m")
    1800.0
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*", text)
    seconds = float(match[1]) * SECONDS[match[2]] if match else 0.0
    if seconds <= 0:
        raise UsageError(f"{text!r} is no length of time; write e.g. 90s, 30m or 2h")
    return seconds
