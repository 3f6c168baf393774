"""Numbers of any framework: copied when logged, and fetched together."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from gandiag.monitoring.scalars import NotAScalarError, capture, fetch


@pytest.mark.parametrize(
    "value",
    [1.5, np.float32(1.5), np.float64(1.5), np.array(1.5), np.array([[1.5]]), "1.5"],
    ids=lambda value: f"{type(value).__name__}",
)
def test_a_number_in_host_memory_becomes_a_float_at_once(value: object) -> None:
    found = capture(value)
    assert type(found) is float
    assert found == 1.5


@pytest.mark.parametrize("value", [np.zeros(3), [], "loss", object(), {"a": 1}])
def test_a_value_that_is_not_one_number_is_refused(value: object) -> None:
    with pytest.raises(NotAScalarError):
        capture(value)


def test_overwriting_an_array_does_not_change_the_captured_value() -> None:
    loss = np.array(1.0)
    captured = capture(loss)
    loss[...] = 9
    assert fetch([captured]) == [1.0]


class Elsewhere(ModuleType):
    """A framework with tensors on a device, which counts the transfers from it."""

    def __init__(self) -> None:
        super().__init__("elsewhere")
        self.transfers = 0

    def stack(self, tensors: list[Tensor]) -> Tensor:
        return Tensor(self, [x for tensor in tensors for x in tensor.values], tensors[0].device)


class Tensor:
    """A tensor on a device: nothing but ``cpu`` may look at its values."""

    is_cpu = False
    dtype = "float32"

    def __init__(self, home: Elsewhere, values: list[float], device: str = "cuda:0") -> None:
        self.home, self.values, self.device = home, values, device

    def numel(self) -> int:
        return len(self.values)

    def detach(self) -> Tensor:
        return self

    def reshape(self, shape: tuple[int, ...]) -> Tensor:
        return self

    def clone(self) -> Tensor:
        return Tensor(self.home, list(self.values), self.device)

    def cpu(self) -> Any:
        self.home.transfers += 1
        return np.array(self.values)

    def item(self) -> float:
        raise AssertionError("a synchronisation")

    __float__ = item


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    home = Elsewhere()
    monkeypatch.setitem(sys.modules, "elsewhere", home)
    monkeypatch.setattr(Tensor, "__module__", "elsewhere")
    return home


def test_scalars_on_a_device_are_fetched_in_one_transfer(elsewhere: Elsewhere) -> None:
    captured = [capture(Tensor(elsewhere, [float(k)])) for k in range(400)]
    assert elsewhere.transfers == 0
    mixed = [1.5, *captured, 2.5]
    assert fetch(mixed) == [1.5, *map(float, range(400)), 2.5]
    assert elsewhere.transfers == 1


def test_two_devices_need_one_transfer_each_and_keep_the_order(elsewhere: Elsewhere) -> None:
    captured = [capture(Tensor(elsewhere, [float(k)], f"cuda:{k % 2}")) for k in range(10)]
    assert fetch(captured) == list(map(float, range(10)))
    assert elsewhere.transfers == 2


def test_overwriting_a_tensor_on_a_device_does_not_change_the_captured_value(
    elsewhere: Elsewhere,
) -> None:
    loss = Tensor(elsewhere, [1.0])
    captured = capture(loss)
    loss.values[0] = 9.0
    assert fetch([captured]) == [1.0]


def test_a_vector_on_a_device_is_refused_without_a_transfer(elsewhere: Elsewhere) -> None:
    loss = Tensor(elsewhere, [1.0, 2.0])
    loss.shape = (2,)  # type: ignore[attr-defined]
    with pytest.raises(NotAScalarError, match=r"shape \(2,\); log its mean"):
        capture(loss)
    assert elsewhere.transfers == 0
