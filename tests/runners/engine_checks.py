"""What the tests of every engine ask of the values of engines.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.training import numpy_operations

from .operating import cases

Values = dict[str, NDArray[Any]]


def part(values: Values, prefix: str) -> Values:
    """The values of a prefix, without it."""
    return {k.removeprefix(prefix): v for k, v in values.items() if k.startswith(prefix)}


def to_bfloat16(x: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rounded to bfloat16: to the nearest of 8 significant bits, a tie to the even one."""
    bits = x.astype(np.float32).view(np.uint32).astype(np.uint64)
    kept = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    return kept.astype(np.uint32).view(np.float32)


def check_operations(values: Values) -> None:
    """Compares every operation with NumPy's."""
    theirs = part(values, "operation/")
    for name, ours in cases(numpy_operations, np.asarray).items():
        assert ours.shape == theirs[name].shape, name
        np.testing.assert_allclose(ours, theirs[name], rtol=1e-12, atol=1e-12, err_msg=name)


def check_advance(values: Values) -> None:
    """Compares parts with the whole, and the state that is dumped twice."""
    for precision in ("float64", "bf16"):
        whole, parts, later = (
            part(values, f"engine/{precision}/{name}/") for name in ("whole", "parts", "later")
        )
        assert whole["g.steps"].tolist() == [[5.0], [5.0]]
        for name, value in whole.items():
            assert np.array_equal(value, parts[name]), name
            assert np.array_equal(value, later[name]), name


def check_types(values: Values) -> None:
    """Floating-point arrays are of the precision, bf16 is kept in float32, counts stay whole."""
    for precision in ("float64", "bf16"):
        kind = "float32" if precision == "bf16" else precision
        state = part(values, f"engine/{precision}/whole/")
        assert state.pop("failed_at").dtype == np.int32
        assert {value.dtype.name for value in state.values()} == {kind}
        seen = part(values, f"engine/{precision}/observed/")
        assert {v.dtype.name for n, v in seen.items() if n != "failed_at"} == {kind}


def check_bfloat16(values: Values) -> None:
    """Compares a product with its twin in NumPy, and finds the result rounded."""
    found = part(values, "bfloat16/")
    exact = to_bfloat16(found["a"]).astype(np.float64) @ to_bfloat16(found["b"])
    made = found["matmul_random"]
    assert np.array_equal(to_bfloat16(made), made)
    np.testing.assert_allclose(made, exact, rtol=2.0**-8, atol=2.0**-20)
    assert found["matmul_float64"].dtype == np.float64
    # 1 + 2^-9 has ten bits: rounded it is 1, and the difference from 1 is lost.
    assert found["matmul_factors"].ravel().tolist() == [0.0, 264.0]
    # 256 and eight times 1: each 1 alone would be lost in a sum of eight bits.
    assert found["matmul_sum"].item() == 264.0
    kernel, image = (to_bfloat16(found[n]).astype(np.float64) for n in ("kernel", "image"))
    forth = np.einsum("loi,lihwb->lohwb", kernel[..., 0, 0], image)
    back = np.einsum("lio,lihwb->lohwb", kernel[..., 0, 0], image)
    for name, expected in (("conv", forth), ("conv_transpose", back)):
        np.testing.assert_allclose(found[name], expected, rtol=2.0**-8, atol=2.0**-20)
        assert np.array_equal(to_bfloat16(found[name]), found[name]), name
