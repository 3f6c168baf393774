"""The PyTorch engine: its state, its types, and what its gradients keep.

That its numbers are right is in ``tests/runners``: ``check_runner`` and the Dirac-GAN's orbits.
"""

from __future__ import annotations

import pytest

from ..engine_checks import Values, check_advance, check_types, part  # noqa: TID252

pytestmark = pytest.mark.framework


def test_iterations_in_parts_are_the_whole_and_a_dumped_state_is_a_copy(engines: Values) -> None:
    check_advance(engines)


def test_arrays_have_the_type_of_the_precision(engines: Values) -> None:
    check_types(engines)


def test_a_gradient_keeps_its_graph_only_inside_another(engines: Values) -> None:
    kept = {name: bool(value) for name, value in part(engines, "own/graph/").items()}
    assert kept == {"value": False, "outside": False, "inside": True}
