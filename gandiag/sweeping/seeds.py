"""Which seeds: ten, a range, a list."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from gandiag.errors import UsageError

SHAPE = "write a count (10 is 0 to 9), a range (5-5, 0-9) or a list (1,5,7)"


def parse_seeds(asked: int | np.integer[Any] | str | Iterable[int]) -> tuple[int, ...]:
    """The seeds that a user's word stands for, in order.

    Args:
        asked: A count, a range, a list, or numbers.

    Raises:
        UsageError: It is none of these, or names a seed twice.

    >>> parse_seeds("3"), parse_seeds("5-5"), parse_seeds("0-2,7")
    ((0, 1, 2), (5,), (0, 1, 2, 7))
    """
    if isinstance(asked, int | np.integer):
        asked = str(asked)
    if isinstance(asked, str):
        asked = asked.strip()
        seeds = _count(asked) if asked.isdecimal() else _list(asked)
    else:
        seeds = [_whole(seed) for seed in asked]
    twice = sorted(seed for seed, count in Counter(seeds).items() if count > 1)
    if twice:
        raise UsageError(f"--seeds {asked} names {twice} twice; name every seed once")
    if not seeds:
        raise UsageError(f"--seeds names no seed; {SHAPE}")
    return tuple(sorted(seeds))


def _count(text: str) -> list[int]:
    count = int(text)
    if count < 1:
        raise UsageError(f"--seeds {text} asks for no run at all; {SHAPE}")
    return list(range(count))


def _list(text: str) -> list[int]:
    return [seed for part in text.split(",") for seed in _part(part.strip(), text)]


def _part(part: str, text: str) -> Iterable[int]:
    low, dash, high = part.partition("-")
    if not low.isdecimal() or (dash and not high.isdecimal()):
        raise UsageError(f"--seeds {text}: {part!r} is no seed; {SHAPE}")
    if dash and int(high) < int(low):
        raise UsageError(f"--seeds {text}: the range {part} ends before it begins; {SHAPE}")
    return range(int(low), int(high or low) + 1)


def _whole(seed: int) -> int:
    try:
        whole = operator.index(seed)
    except TypeError:
        whole = -1
    if whole < 0:
        raise UsageError(f"{seed!r} is no seed: seeds are whole numbers from 0")
    return whole
