"""The base class of what a user writes in TOML."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from gandiag.spec import Interval


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"low": "0", "high": 1.0}, "valid number"),
        ({"low": 0.0, "high": 1.0, "hihg": 2.0}, "not permitted"),
        ({"low": 0.0, "high": float("inf")}, "finite"),
        ({"low": 1.0, "high": 1.0}, "low = 1.0 is not below high = 1.0"),
    ],
)
def test_strings_unknown_keys_infinities_and_empty_intervals_are_refused(
    values: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        Interval.model_validate(values)


def test_a_spec_is_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Interval(low=0.0, high=1.0).low = 2.0  # type: ignore[misc]
