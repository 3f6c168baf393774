"""The bytes of MNIST's files."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from gandiag.data.idx import File, decode, verify
from gandiag.errors import DataError

VALUES = np.arange(6, dtype=np.uint8).reshape(2, 3)
FILE = File("a-file", "x", (2, 3), "", hashlib.sha256(VALUES.tobytes()).hexdigest())
RAW = bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3]) + VALUES.tobytes()


def test_an_idx_file_is_its_header_and_its_values() -> None:
    assert FILE.header + VALUES.tobytes() == RAW
    assert np.array_equal(decode(RAW, FILE, "here"), VALUES)


@pytest.mark.parametrize("raw", [RAW[:-1], RAW + b"0", RAW[:-1] + b"0", b"", b"1" + RAW[1:]])
def test_a_file_that_is_not_idx_is_refused(raw: bytes) -> None:
    with pytest.raises(DataError, match="here is not MNIST's"):
        decode(raw, FILE, "here")


def test_another_type_or_shape_is_refused() -> None:
    for wrong in (VALUES.astype(np.int64), VALUES.T):
        with pytest.raises(DataError, match="unsigned bytes of shape"):
            verify(wrong, FILE, "here")
