"""The buffer of logged calls: blocks of the same names, in order, and nothing lost."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.monitoring.log_buffer import LogBuffer
from gandiag.monitoring.scalars import NotAScalarError


def test_consecutive_calls_with_the_same_names_are_one_block() -> None:
    buffer = LogBuffer()
    buffer.add(0, {"d_loss": 1.0, "g_loss": 2.0}, 5, 1)
    buffer.add(1, {"d_loss": 3.0, "g_loss": 4.0}, 5, None)
    buffer.add(1, {"g_loss": 5.0}, None, None)
    buffer.add(2, {"d_loss": 6.0, "g_loss": 7.0}, None, None)
    first, second, third = buffer.drain()
    assert [block.names for block in (first, second, third)] == [
        ("d_loss", "g_loss"), ("g_loss",), ("d_loss", "g_loss"),
    ]  # fmt: skip
    assert first.steps.tolist() == [0, 1]
    assert first.values.tolist() == [[1, 2], [3, 4]]
    assert first.updates.tolist() == [[5, 1], [5, 0]]
    assert first.counted == {"d", "g"}
    assert (second.values.tolist(), second.counted) == ([[5]], frozenset())
    assert third.steps.tolist() == [2]


def test_draining_empties_the_buffer() -> None:
    buffer = LogBuffer()
    buffer.add(0, {"d_loss": np.float32(0.5)}, None, None)
    assert buffer.calls == 1
    assert len(buffer.drain()) == 1
    assert (buffer.calls, buffer.drain()) == (0, [])


def test_a_call_with_an_invalid_value_is_not_added_at_all() -> None:
    buffer = LogBuffer()
    with pytest.raises(NotAScalarError):
        buffer.add(0, {"d_loss": 1.0, "g_loss": np.zeros(3)}, 1, 1)
    with pytest.raises(NotAScalarError):
        buffer.add(0, {"d_loss": 1.0}, 1, 0.5)  # type: ignore[arg-type]
    assert buffer.drain() == []
