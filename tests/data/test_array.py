"""The samples of a NumPy file."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from gandiag.data import Array, Data
from gandiag.errors import DataError
from gandiag.running.streams import deal_lanes, draw_lanes
from gandiag.training.process import Draw

Save = Callable[..., str]


@pytest.fixture
def save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Save:
    """Saves arrays in the working directory and names the file: one alone, or several by name."""
    monkeypatch.chdir(tmp_path)

    def write(array: object = None, **arrays: Any) -> str:
        if array is None:
            np.savez("x.npz", **arrays)
            return "x.npz"
        np.save("x.npy", array)  # type: ignore[arg-type]
        return "x.npy"

    return write


def data(path: str, **overrides: Any) -> Array:
    return Array(kind="array", path=path, **overrides)


def cyclic(array: Array, batch: int) -> NDArray[np.float32]:
    """The first samples of the file in its order, [sample, size + classes]."""
    draw = Draw(array, 1, array.size + array.classes, batch)
    return deal_lanes([5], "train/real", draw, 0, 1)[0, 0, 0].T


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("sides", "layout", "shape"),
    [
        ((9,), None, (1,)),
        ((9, 5), None, (5,)),
        ((9, 4, 6), None, (1, 4, 6)),
        ((9, 3, 4, 6), None, (3, 4, 6)),
        ((9, 4, 6, 3), "hwc", (3, 4, 6)),
        ((9, 4, 6, 3), "chw", (4, 6, 3)),
        ((9, 3, 4, 4), "chw", (3, 4, 4)),
    ],
)
def test_samples_have_the_shape_of_the_file(
    save: Save, sides: tuple[int, ...], layout: str | None, shape: tuple[int, ...]
) -> None:
    values = RNG.normal(size=sides)
    array = data(save(values), layout=layout, order="cyclic")
    assert (array.shape, array.size, array.classes) == (shape, int(np.prod(shape)), 0)
    for k, sample in enumerate(cyclic(array, 9).reshape(9, *shape)):
        one = values[k].transpose(2, 0, 1) if layout == "hwc" else values[k].reshape(shape)
        assert np.array_equal(sample, one.astype(np.float32))


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint64, np.float16, np.float64, np.bool_])
def test_every_numeric_type_is_read_and_scaled(save: Save, dtype: type) -> None:
    values = RNG.integers(0, 2 if dtype is np.bool_ else 200, (7, 3)).astype(dtype)
    found = cyclic(data(save(values), scale=255.0, order="cyclic"), 7)
    assert np.array_equal(found, values.astype(np.float32) / np.float32(255))


def test_an_epoch_has_every_sample_once(save: Save) -> None:
    array = data(save(np.arange(20.0)))
    drawn = deal_lanes([5], "train/real", Draw(array, 1, 1, 4), 0, 10).ravel()
    assert sorted(drawn[:20]) == sorted(drawn[20:]) == list(range(20))
    assert drawn[:20].tolist() != drawn[20:].tolist()


def test_an_evaluation_repeats_no_sample(save: Save) -> None:
    array = data(save(np.arange(20.0)), order="cyclic")
    drawn = draw_lanes([5], "evaluate/real", Draw(array, 1, 1, 20)).ravel()
    assert sorted(drawn) == list(range(20)) != drawn.tolist()
    assert array.preview(20).shape == (20, 1)


def test_labels_come_with_their_samples(save: Save) -> None:
    labels = np.array([2, 0, 3, 3, 1])
    path = save(x=np.arange(10.0).reshape(5, 2), y=labels)
    array = data(path, key="x", labels="y")
    assert array.classes == 4
    drawn = cyclic(array, 5)
    samples = (drawn[:, 0] / 2).astype(int)
    assert drawn[:, 2:].tolist() == np.eye(4)[labels[samples]].tolist()


def test_the_only_array_of_a_file_needs_no_name(save: Save) -> None:
    assert data(save(x=np.zeros((3, 2)))).shape == (2,)


def refusal(*args: Any, **kwargs: Any) -> str:
    with pytest.raises((DataError, ValidationError)) as caught:
        data(*args, **kwargs)
    return str(caught.value)


def test_a_missing_file_is_named_with_its_absolute_path(save: Save) -> None:
    assert (
        refusal("y.npy")
        == f"cannot read data.path = 'y.npy' from {Path.cwd()}: No such file or directory"
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.array([1.0, np.nan, np.inf]), "x.npy holds 2 values that are not finite"),
        (np.array([1e300]), "x.npy holds 1 values that are not finite in float32"),
        (np.array(["a"]), "x.npy holds <U1, not numbers"),
        (np.array([1j]), "x.npy holds complex128, not numbers"),
        (np.float64(1), "x.npy holds an array of shape ()"),
        (np.zeros((0, 3)), r"shape (0, 3); samples are [n], [n, d]"),
        (np.zeros((1, 2, 3, 4, 5)), "shape (1, 2, 3, 4, 5)"),
        (np.zeros((9, 28, 28, 3)), 'looks like [n, height, width, channels]: say layout = "hwc"'),
    ],
)
def test_a_file_without_samples_is_refused(save: Save, values: Any, said: str) -> None:
    assert said in refusal(save(values))


def test_a_layout_that_does_not_fit_is_refused(save: Save) -> None:
    assert 'not of 1, 3 or 4 channels as layout = "hwc" says' in refusal(
        save(np.zeros((2, 3, 8, 8))), layout="hwc"
    )
    assert "holds (2, 8, 3), without channels; leave data.layout out" in refusal(
        save(np.zeros((2, 8, 3))), layout="hwc"
    )


def test_unknown_array_names_are_refused(save: Save) -> None:
    path = save(images=np.zeros((3, 2)), labels=np.zeros(3, int))
    assert "x.npz holds images, labels; say which: data.key = ..." in refusal(path)
    assert "no data.key 'image'; did you mean 'images'?" in refusal(path, key="image")
    assert "no data.labels 'y'" in refusal(path, key="images", labels="y")
    assert "data.key is for .npz files" in refusal(save(np.zeros(3)), key="x")


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ([0.0, 1.0, 2.0], "the labels 'y' are float64 (3,); they have to be integers, one for"),
        ([0, 1], "one for each of the 3 samples"),
        ([-1, 0, 1], "run from -1 to 1; number the classes from 0"),
        ([7, 8, 9], "run from 7 to 9; number the classes from 0"),
    ],
)
def test_labels_that_are_not_class_numbers_are_refused(save: Save, labels: Any, said: str) -> None:
    assert said in refusal(save(x=np.zeros(3), y=np.array(labels)), key="x", labels="y")


def test_classes_without_labels_are_refused(save: Save) -> None:
    assert "classes = 3 need labels" in refusal(save(np.zeros(3)), classes=3)


class Trap:
    """An object that runs code when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("it was unpickled",))


def test_pickled_arrays_are_refused(save: Save) -> None:
    objects = np.array([Trap()], dtype=object)
    assert "which are never unpickled. Save plain numbers" in refusal(save(objects))
    assert "which are never unpickled. Save plain numbers" in refusal(save(x=objects))
    Path("y.npy").write_bytes(pickle.dumps(Trap()))
    assert "which are never unpickled. Save plain numbers" in refusal("y.npy")


@pytest.mark.parametrize("kind", ["npy", "npz"])
@pytest.mark.parametrize("keep", [0, 1, 40, 200, -1])
def test_a_truncated_file_is_refused_by_name(save: Save, kind: str, keep: int) -> None:
    values = RNG.integers(0, 256, (50, 4), dtype=np.uint8)
    path = save(values) if kind == "npy" else save(x=values)
    Path(path).write_bytes(Path(path).read_bytes()[:keep])
    assert f"cannot read {Path(path).absolute()}: " in refusal(path)


def test_an_unknown_file_extension_is_refused(save: Save) -> None:
    Path("x.csv").write_text("1,2\n", encoding="utf-8")
    assert refusal("x.csv").endswith("/x.csv is no .npy or .npz file, by its name")


def test_the_fingerprint_changes_with_the_file(save: Save) -> None:
    array = data(save(np.zeros((4, 2))))
    sha256 = hashlib.sha256(Path("x.npy").read_bytes()).hexdigest()
    assert array.fingerprint() == {"sha256 of x.npy": sha256[:12]}
    save(np.ones((4, 2)))
    os.utime("x.npy", ns=(1, 1))  # a clock may be too coarse to tell the two apart
    assert array.fingerprint() != {"sha256 of x.npy": sha256[:12]}
    assert cyclic(array, 1).tolist() == [[1.0, 1.0]]


def test_a_stored_experiment_is_read_without_the_file(save: Save) -> None:
    array = data(save(x=np.zeros((4, 2, 2)), y=np.array([0, 1, 2, 0])), key="x", labels="y")
    Path("x.npz").unlink()
    again: Any = TypeAdapter(Data).validate_python(array.model_dump(mode="json"))
    assert again == array
    assert (again.shape, again.classes) == ((1, 2, 2), 3)
    with pytest.raises(DataError, match=r"cannot read data\.path"):
        again.check()


def test_the_written_values_exclude_what_was_read_from_the_file(save: Save) -> None:
    array = data(save(np.zeros((4, 2))))
    assert array.model_dump(exclude_unset=True) == {"kind": "array", "path": "x.npy"}


def test_a_changed_file_is_refused_before_a_training(save: Save) -> None:
    array = data(save(np.zeros((4, 2))))
    save(np.zeros((4, 3)))
    with pytest.raises(DataError, match=r"holds samples of shape \(3,\), and data.shape is \(2,\)"):
        array.check()
    path = save(x=np.zeros(4), y=np.arange(4))
    with pytest.raises(
        DataError, match=r"holds the class 3, counted from 0, and data.classes is 2"
    ):
        data(path, key="x", labels="y", classes=2).check()
