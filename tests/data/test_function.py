"""Data drawn by a user's function."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from gandiag.data import Data, Function
from gandiag.data.user_function import load_function, source_file
from gandiag.errors import DataError
from gandiag.running.streams import deal_lanes, draw_lanes
from gandiag.training.process import Draw

Module = Callable[..., str]
_numbers = count()

WITH_NUMPY = "import numpy as np\n\n\ndef draw(rng, n):\n    return "


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Module:
    """Writes a module into the working directory and names its function."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def write(body: str, head: str = WITH_NUMPY) -> str:
        name = f"own_data_{next(_numbers)}"
        Path(f"{name}.py").write_text(f"{head}{body}\n", encoding="utf-8")
        return f"{name}:draw"

    return write


def data(name: str, **overrides: Any) -> Function:
    return Function(kind="function", function=name, **overrides)


@pytest.mark.parametrize(
    ("sides", "shape"),
    [("5", (5,)), ("1", (1,)), ("4, 6", (1, 4, 6)), ("3, 4, 6", (3, 4, 6))],
)
def test_the_shape_is_that_of_the_drawn_samples(
    module: Module, sides: str, shape: tuple[int, ...]
) -> None:
    found = data(module(f"rng.normal(size=(n, {sides}))"))
    assert (found.shape, found.size, found.classes) == (shape, int(np.prod(shape)), 0)
    found.check()


def test_every_batch_is_drawn_with_the_generator_of_its_stream(module: Module) -> None:
    distribution = data(module("rng.normal(size=(n, 2, 3))"))
    out = np.empty((2, 6, 5), np.float32)
    distribution.fill(np.random.default_rng(1), out)
    rng = np.random.default_rng(1)
    for batch in out:
        assert np.array_equal(batch, rng.normal(size=(5, 2, 3)).reshape(5, 6).T.astype(np.float32))


def test_the_samples_depend_only_on_seed_stream_and_chunk(module: Module) -> None:
    draw = Draw(data(module("rng.normal(size=(n, 2))")), 2, 2, 5)
    alone = deal_lanes([5], "train/real", draw, 3, 4)
    assert np.array_equal(deal_lanes([9, 5], "train/real", draw, 3, 4)[:, :, 1], alone[:, :, 0])
    assert np.array_equal(draw_lanes([5], "train/real", draw, 3, 2), alone[:2])
    assert not np.isin(draw_lanes([5], "train/real", draw, 4, 4), alone).any()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("rng.normal(size=n)", "gave ndarray of shape (2,); give [2, d] (d = 1 on the line)"),
        ("rng.normal(size=(3, 2))", "gave ndarray of shape (3, 2); give [2, d]"),
        ("rng.normal(size=(n, 1, 1, 1, 1))", "gave ndarray of shape (2, 1, 1, 1, 1)"),
        ("np.full((n, 2), np.nan)", "(rng, 2) gave values that are not finite"),
        ("np.full((n, 2), 1e300)", "not finite in float32"),
        ("[['a']] * n", "(rng, 2): "),
        ("None", "gave NoneType of shape (); give [2, d]"),
        ("1 / 0", "(rng, 2) failed: ZeroDivisionError: division by zero"),
    ],
)
def test_an_invalid_return_value_is_refused_with_the_expected_shape(
    module: Module, body: str, said: str
) -> None:
    name = module(body)
    with pytest.raises(DataError) as caught:
        data(name)
    assert str(caught.value).startswith(name)
    assert said in str(caught.value)


def test_a_function_whose_shape_changes_is_refused(module: Module) -> None:
    distribution = data(module("rng.normal(size=(n, 2 if n < 4 else 3))"))
    with pytest.raises(DataError, match=r"samples of shape \(3,\), and data.shape is \(2,\)"):
        distribution.fill(np.random.default_rng(1), np.empty((2, 5), np.float32))


def test_a_given_shape_is_checked_when_samples_are_drawn(module: Module) -> None:
    distribution = data(module("rng.normal(size=(n, 2))"), shape=(3,))
    with pytest.raises(DataError, match=r"leave data\.shape out to take the function's"):
        distribution.check()


def test_a_stored_experiment_is_read_without_the_function(module: Module) -> None:
    name = module("rng.normal(size=(n, 2))")
    distribution = data(name)
    Path(name.replace(":draw", ".py")).unlink()
    again: Any = TypeAdapter(Data).validate_python(distribution.model_dump(mode="json"))
    assert again == distribution
    assert distribution.model_dump(exclude_unset=True) == {"kind": "function", "function": name}


def test_the_fingerprint_is_that_of_the_source(module: Module) -> None:
    name = module("rng.normal(size=(n, 2))")
    distribution = data(name)
    before = distribution.fingerprint()
    assert list(before) == [f"source of {name}"]
    with Path(name.replace(":draw", ".py")).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert distribution.fingerprint() != before


def test_a_function_can_be_named_by_file(
    module: Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = module("rng.normal(size=(n, 2))").replace(":", ".py:")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert data(f"../{name}").shape == (2,)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("draw", "'draw' names no function; write module:function"),
        ("a b:draw", "names no function"),
        ("no_such_module:draw", "there is no module for 'no_such_module:draw' here"),
        ("no/such.py:draw", "there is no module for 'no/such.py:draw' here"),
    ],
)
def test_a_malformed_function_name_is_refused(name: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        source_file(name)


def test_an_unknown_function_is_refused_with_the_nearest(module: Module) -> None:
    name = module("rng.normal(size=(n, 2))")
    with pytest.raises(
        DataError, match=r"own_data_\d+\.py: there is no function 'darw'; did you m"
    ):
        load_function(name.replace(":draw", ":darw"))


def test_a_module_that_cannot_be_imported_is_refused(module: Module) -> None:
    with pytest.raises(DataError, match=r"cannot import .*: ModuleNotFoundError: No module named"):
        load_function(module("", head="import no_such_module_at_all"))
