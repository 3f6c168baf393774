"""The TensorFlow engine: its state, its types, and its programs.

That its numbers are right is in ``tests/runners``: ``check_runner`` and the Dirac-GAN's orbits.
"""

from __future__ import annotations

import pytest

from ..engine_checks import Values, check_advance, check_types  # noqa: TID252

pytestmark = pytest.mark.framework


def test_iterations_in_parts_are_the_whole_and_a_dumped_state_is_a_copy(engines: Values) -> None:
    check_advance(engines)


def test_arrays_have_the_type_of_the_precision(engines: Values) -> None:
    check_types(engines)


def test_a_stretch_of_another_length_is_the_same_program(engines: Values) -> None:
    for precision in ("float64", "bf16"):
        assert engines[f"engine/{precision}/programs"] == 1


def test_a_loop_in_a_program_counts_from_0(engines: Values) -> None:
    assert (engines["own/sum"], engines["own/product"]) == (1 + 0 + 1 + 2 + 3 + 4, 2**5)
