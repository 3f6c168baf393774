"""Event files, read and written with TensorBoard's own package."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from gandiag.errors import MissingFrameworkError, UsageError
from gandiag.exchange.tensorboard import locate, read, write

pytest.importorskip("tensorboard")

Run = Callable[..., CompletedProcess[str]]

VALUES = [0.1, 1 / 3, 1e300, -0.0, math.nan, math.inf]


def written(folder: Path, *values: float) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return write(folder, [(k / 2, 10 * k, {"d": x, "g": -x}) for k, x in enumerate(values)])


def test_numbers_keep_all_digits_steps_and_times(tmp_path: Path) -> None:
    written(tmp_path / "run", *VALUES)
    (log,) = read(tmp_path / "run")
    found = [point for point in log.points if point.tag == "d"]
    assert [repr(point.value) for point in found] == [repr(value) for value in VALUES]
    assert [point.step for point in found] == [0, 10, 20, 30, 40, 50]
    assert [point.time for point in found] == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]
    assert log.tags == ["d", "g"]


def test_tensorboards_own_reader_finds_the_scalars(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray

    written(tmp_path / "run", 0.25, 0.5)
    events: Any = EventAccumulator(str(tmp_path / "run"))
    events.Reload()
    assert [make_ndarray(e.tensor_proto).item() for e in events.Tensors("d")] == [0.25, 0.5]
    plugin = events.SummaryMetadata("d").plugin_data.plugin_name
    assert plugin == "scalars"


def test_a_folder_is_a_run_and_its_files_are_one_log(tmp_path: Path) -> None:
    first = written(tmp_path / "a", 1.0)
    first.rename(first.with_name("events.out.tfevents.1.host"))
    second = written(tmp_path / "a", 1.0, 2.0)
    second.rename(second.with_name("events.out.tfevents.2.host"))
    written(tmp_path / "deep" / "b", 3.0)
    assert locate(tmp_path) == [tmp_path / "a", tmp_path / "deep" / "b"]
    (log,) = read(tmp_path / "a")
    assert [point.step for point in log.points if point.tag == "d"] == [0, 0, 10]


def test_a_truncated_file_is_read_up_to_the_damage(tmp_path: Path) -> None:
    path = written(tmp_path / "run", 1.0, 2.0)
    path.write_bytes(path.read_bytes()[:-5])
    (log,) = read(path)
    assert [point.value for point in log.points if point.tag == "d"] == [1.0]


@pytest.mark.parametrize("content", [b"", b"step,d_loss\n0,1\n" * 9])
def test_a_file_that_is_not_an_event_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "events.out.tfevents.1.host"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="event file of TensorBoard"):
        read(path)


def test_without_tensorboard_the_error_names_the_extra_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = written(tmp_path / "run", 1.0)
    monkeypatch.setitem(__import__("sys").modules, "tensorboard.compat.proto.event_pb2", None)
    with pytest.raises(MissingFrameworkError, match=r"pip install 'gandiag\[tensorboard\]'"):
        read(path)


def test_reading_and_writing_import_no_framework(run: Run, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from gandiag.exchange.tensorboard import read, write;"
        f"place = Path({str(tmp_path)!r}); write(place, [(0.0, 1, {{'d': 1.0}})]); read(place);"
        "print({'tensorflow', 'torch', 'jax'} & set(sys.modules))"
    )
    assert run("-c", code, module=False).stdout.strip() == "set()"
