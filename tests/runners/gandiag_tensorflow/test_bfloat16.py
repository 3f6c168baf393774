"""Products rounded to bfloat16 on TensorFlow: the factors, the result, and nothing else."""

from __future__ import annotations

import pytest

from ..engine_checks import Values, check_bfloat16  # noqa: TID252

pytestmark = pytest.mark.framework


def test_factors_and_result_are_rounded_and_the_sum_is_not(engines: Values) -> None:
    check_bfloat16(engines)


def test_only_products_are_rounded(engines: Values) -> None:
    assert engines["bfloat16/other"].tolist() == ["conv", "conv_transpose", "matmul"]
