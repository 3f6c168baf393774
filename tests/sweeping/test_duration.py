"""A length of time as people write it."""

from __future__ import annotations

import pytest

from gandiag.errors import UsageError
from gandiag.sweeping.duration import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("0.5", 0.5),
        ("30m", 1800),
        ("1.5h", 5400),
        ("2 h", 7200),
        ("1d", 86400),
    ],
)
def test_a_length_of_time_is_read(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0s", "-5", "5x", "m", "1h30m", "half", "1e3", "inf"])
def test_what_is_no_length_of_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no length of time; write e\.g\. 90s, 30m or 2h"):
        parse_duration(text)
