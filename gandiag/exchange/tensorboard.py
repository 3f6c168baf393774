"""Reads and writes TensorBoard's event files with its own package, without TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gandiag.errors import MissingFrameworkError, UsageError
from gandiag.exchange.log import Log, Point

KIND = "tensorboard"
MARK = "tfevents"
SCALARS = "scalars"
"""The plug-in of TensorBoard whose tensors are single numbers; others are images and the like."""


def locate(path: Path) -> list[Path]:
    """Locates the folders of event files at or below a path: each is a run, as in TensorBoard."""
    if path.is_file():
        return [path] if MARK in path.name else []
    return sorted({file.parent for file in path.rglob(f"*{MARK}*") if file.is_file()})


def read(path: Path, step: str | None = None) -> list[Log]:
    """Reads all scalars of a run; TensorBoard itself shows only some of a long series.

    Args:
        path: An event file, or a folder with the event files of one run.
        step: Not used: every event has one step.

    Raises:
        UsageError: There are none, or a file is not an event file.
        MissingFrameworkError: TensorBoard is not installed.
    """
    files = [path] if path.is_file() else sorted(path.glob(f"*{MARK}*"))
    plugins: dict[str, str] = {}
    points = tuple(point for file in files for point in _points(file, plugins))
    if not points:
        raise UsageError(f"{path} contains no scalars; is it an event file of TensorBoard?")
    return [Log(str(path), KIND, points)]


def _points(file: Path, plugins: dict[str, str]) -> Iterator[Point]:
    for number, event in enumerate(_events(file), 1):
        for value in event.summary.value:
            # Only the first value of a tag names its plug-in.
            plugin = plugins.setdefault(value.tag, value.metadata.plugin_data.plugin_name)
            scalar = _scalar(value, plugin)
            if scalar is not None:
                place = f"event {number} of {file.name}"
                yield Point(event.step, value.tag, scalar, event.wall_time, place)


def _scalar(value: Any, plugin: str) -> float | None:
    """The number of a summary; None if it is an image, a histogram or the like."""
    if value.HasField("simple_value"):
        return float(value.simple_value)
    if not value.HasField("tensor") or plugin != SCALARS:
        return None
    from tensorboard.util.tensor_util import make_ndarray

    array = make_ndarray(value.tensor)
    return float(array.reshape(-1)[0]) if array.size == 1 else None


def _events(file: Path) -> Iterator[Any]:
    """The events of a file; if its end is missing or damaged, those before.

    Raises:
        UsageError: There is not a single one.
    """
    tools = _tools()
    reader = tools["reader"](str(file).encode(), 0, b"", None)
    count = 0
    while True:
        try:
            reader.GetNext()
        except tools["end"]:
            return
        except tools["damaged"] as error:
            if count:
                return
            raise UsageError(
                f"{file} is not an event file of TensorBoard: {error.message}"
            ) from None
        count += 1
        yield tools["Event"].FromString(reader.record())


def write(directory: Path, events: Iterable[tuple[float, int, Mapping[str, float]]]) -> Path:
    """Writes one run's event file, with all numbers as float64.

    Args:
        directory: The folder of the run.
        events: For each event its time (in seconds since 1970), its step, and its values by tag.

    Returns:
        The path of the file.

    Raises:
        MissingFrameworkError: TensorBoard is not installed.
    """
    tools = _tools()
    new_event = tools["Event"]
    path = directory / f"events.out.{MARK}.0.gandiag"
    tags: set[str] = set()
    with open(path, "wb") as file:
        records = tools["writer"](file)
        records.write(new_event(file_version="brain.Event:2").SerializeToString())
        for time, step, values in events:
            event = new_event(wall_time=time, step=step)
            for tag, value in values.items():
                _add(event.summary.value.add(), tag, value, tags)
            records.write(event.SerializeToString())
    return path


def _add(value: Any, tag: str, number: float, tags: set[str]) -> None:
    """Adds a scalar; the first of a tag declares it as scalar."""
    from tensorboard.plugins.scalar.metadata import create_summary_metadata
    from tensorboard.util.tensor_util import make_tensor_proto

    value.tag = tag
    value.tensor.CopyFrom(make_tensor_proto(np.float64(number)))
    if tag not in tags:
        tags.add(tag)
        value.metadata.CopyFrom(create_summary_metadata("", ""))


def _tools() -> dict[str, Any]:
    """TensorBoard's own reader and writer of records, which need no TensorFlow.

    Raises:
        MissingFrameworkError: It is not installed.
    """
    try:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.tensorflow_stub import errors
        from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import PyRecordReader_New
        from tensorboard.summary.writer.record_writer import RecordWriter
    except ModuleNotFoundError as error:
        raise MissingFrameworkError(
            KIND,
            f"event files need TensorBoard ({error.name} is missing); "
            "run: pip install 'gandiag[tensorboard]'",
        ) from None
    return {
        "Event": Event,
        "reader": PyRecordReader_New,
        "writer": RecordWriter,
        "end": errors.OutOfRangeError,
        "damaged": errors.DataLossError,
    }
