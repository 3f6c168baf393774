"""The activations are the functions of their names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import special

from gandiag.training import numpy_operations as ops
from gandiag.training.layers.activated import Activated

X = np.linspace(-4, 4, 33)

FORMULAS = {
    "linear": X,
    "tanh": np.tanh(X),
    "sigmoid": special.expit(X),
    "softplus": np.log(1 + np.exp(X)),
    "relu": X * (X > 0),
    "leaky-relu": np.where(X > 0, X, 0.3 * X),
    "elu": np.where(X > 0, X, np.exp(X) - 1),
}


def test_every_activation_has_a_formula_here() -> None:
    names: Any = Activated.model_fields["activation"].annotation
    assert set(names.__args__) == set(FORMULAS)


@pytest.mark.parametrize("name", FORMULAS)
def test_an_activation_equals_its_formula(name: Any) -> None:
    found = Activated(activation=name, slope=0.3).activate(ops, X)
    np.testing.assert_allclose(found, FORMULAS[name], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("slope", [-0.1, 1.0])
def test_a_slope_below_0_or_from_1_on_is_refused(slope: float) -> None:
    with pytest.raises(ValidationError, match="slope"):
        Activated(slope=slope)
