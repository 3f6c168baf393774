"""Arrays of any library are converted to NumPy; what is not numeric is refused."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gandiag.arrays import to_numpy
from gandiag.sweeping.supervisor import worker_environment


class Foreign:
    """An array that speaks DLPack and nothing else, in its first version or a later one."""

    def __init__(self, array: np.ndarray, later: bool) -> None:
        self._array = array
        self._later = later

    def __dlpack__(self, **how: Any) -> Any:
        if not self._later and how:
            raise TypeError(f"unexpected keyword arguments {sorted(how)}")
        return self._array.__dlpack__(**how)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self._array.__dlpack_device__()


class Guarded(Foreign):
    """An array on a device, such as CuPy's, which NumPy cannot convert."""

    def __array__(self, *arguments: Any, **how: Any) -> Any:
        raise TypeError("implicit conversion to a NumPy array is not allowed")


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int64, np.float16, np.float32, np.float64])
def test_a_numpy_array_is_returned_unchanged(kind: type) -> None:
    array = np.zeros((2, 3), dtype=kind)
    assert to_numpy(array) is array


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([1, 2], [1, 2]),
        ((1.5, 2), [1.5, 2]),
        (range(3), [0, 1, 2]),
        ([[True], [False]], [[1], [0]]),
        (2.5, 2.5),
        ([1, None], [1, np.nan]),
        ([2**70, 1], [2.0**70, 1]),
        (pd.Series([1.0, 2.0], index=["a", "b"]), [1, 2]),
        (pd.Series([1, None], dtype="Int64"), [1, np.nan]),
        (pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5]}), [[1, 0.5], [2, 1.5]]),
        (Foreign(np.arange(3.0), later=True), [0, 1, 2]),
        (Foreign(np.arange(3.0), later=False), [0, 1, 2]),
        (Guarded(np.arange(3.0), later=True), [0, 1, 2]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_sequences_and_scalars_are_converted(value: Any, expected: Any) -> None:
    found = to_numpy(value)
    assert type(found) is np.ndarray
    assert found.dtype.kind in "biuf"
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    "value",
    [
        1 + 2j,
        np.array([1j]),
        [1.0, 1j, 2**70],
        "abc",
        ["1.5", "2"],
        np.array([1.0, "2"], dtype=object),
        pd.Series(["1.5"]),
        np.array(["1.5"], dtype=np.dtypes.StringDType()),
        [b"1.5"],
        [[1.0], [1.0, 2.0]],
        [np.zeros(2), np.zeros(3)],
        np.array(["2020-01-01"], dtype="M8[D]"),
        np.array([1], dtype="m8[s]"),
        np.zeros(3, dtype=[("x", "f8")]),
        np.zeros(3, dtype=[("x", "f8"), ("y", "f8")]),
        object(),
        {"a": 1},
        (i for i in range(3)),
        Foreign(np.zeros(2, dtype=complex), later=True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_without_numbers_is_refused_by_its_name(value: Any) -> None:
    with pytest.raises(
        ValueError, match=f"cannot read {type(value).__name__} .*as (real )?numbers"
    ):
        to_numpy(value)


def test_an_array_that_cannot_be_converted_is_refused() -> None:
    class Closed:
        def __dlpack__(self, **how: Any) -> Any:
            raise BufferError("not exportable")

    with pytest.raises(ValueError, match="cannot read Closed as numbers: not exportable"):
        to_numpy(Closed())


COMMON = """
import sys
import numpy as np
from gandiag.arrays import to_numpy
from gandiag.metrics import wasserstein

def same(value, expected, kind):
    found = to_numpy(value)
    assert type(found) is np.ndarray and found.dtype == kind, (type(found), found.dtype)
    np.testing.assert_array_equal(found, expected)

def refused(value):
    try:
        to_numpy(value)
    except ValueError as error:
        assert "as real numbers" in str(error), error
    else:
        raise AssertionError("not refused")

assert not {"torch", "tensorflow", "jax"} & set(sys.modules)
"""

CODE = {
    "torch": """
import torch
leaf = torch.tensor([1.5, -2.0], requires_grad=True)
same(leaf, [1.5, -2], np.float32)
same(2 * leaf, [3, -4], np.float32)
assert leaf.requires_grad
half = torch.tensor([[1.5], [-2.0]], dtype=torch.bfloat16, requires_grad=True)
same(half, [[1.5], [-2]], np.float32)
same(torch.tensor([1.0], dtype=torch.float64), [1], np.float64)
same(torch.tensor([True, False]), [True, False], bool)
same(torch.tensor([0, 255], dtype=torch.uint8), [0, 255], np.uint8)
same(torch.nn.Parameter(torch.ones(2)), [1, 1], np.float32)
same([torch.tensor(1.0), torch.tensor(2.0)], [1, 2], np.float32)
refused(torch.ones(2, dtype=torch.complex64))
assert wasserstein(fake=half, real=leaf).value == 0
""",
    "tensorflow": """
import tensorflow as tf
same(tf.constant([1.5, -2.0]), [1.5, -2], np.float32)
same(tf.Variable([[1.5], [-2.0]]), [[1.5], [-2]], np.float32)
same(tf.constant([1.5, -2.0], dtype=tf.bfloat16), [1.5, -2], np.float32)
same(tf.constant([1, 2], dtype=tf.int64), [1, 2], np.int64)
refused(tf.constant(["a"]))
refused(tf.constant([1j]))
assert wasserstein(fake=tf.constant([1.5, -2.0], dtype=tf.bfloat16), real=[1.5, -2]).value == 0
""",
}


@pytest.mark.framework
@pytest.mark.parametrize("framework", CODE)
def test_framework_tensors_are_converted(framework: str) -> None:
    if find_spec(framework) is None:
        pytest.skip(f"{framework} is not installed")
    done = subprocess.run(
        [sys.executable, "-c", COMMON + CODE[framework]],
        env=worker_environment(framework),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
