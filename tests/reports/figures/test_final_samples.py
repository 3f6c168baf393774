"""The final samples of each run are drawn as their data suggest."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gandiag.data import Normal, Point, Ring
from gandiag.data.samples import Samples
from gandiag_html.figures.drawing import report_style
from gandiag_html.figures.final_samples import RunSamples, choose_drawing, size_of

RNG = np.random.default_rng(0)
DATA: dict[str, tuple[Any, Any]] = {
    "point": (Point(kind="point", at=0.0), np.ones((5, 1))),
    "line": (Normal(kind="normal", mean=0.0, std=1.0), RNG.normal(size=(50, 1))),
    "modes": (Ring(kind="ring"), RNG.normal(size=(50, 2))),
    "real-plane": (Samples(RNG.random((60, 4)).astype(np.float32), (4,)), RNG.random((50, 4))),
    "images": (Samples(RNG.random((60, 64)).astype(np.float32), (8, 8)), RNG.random((50, 64))),
    "images-alone": (Samples(np.empty((0, 64), np.float32), (8, 8)), RNG.random((50, 64))),
    "no-data": (Samples(np.empty((0, 0), np.float32), (0,)), None),
}  # fmt: skip


@pytest.mark.parametrize("kind", DATA)
def test_the_kind_of_picture_follows_the_data(kind: str) -> None:
    data, samples = DATA[kind]
    nothing = lambda name: np.empty(0)  # noqa: E731
    run: Any = SimpleNamespace(kind="ended", column=nothing, iterations=np.empty(0))
    shown = RunSamples(run, samples)
    assert shown.role == "reached"
    with report_style():
        drawing = choose_drawing(data, [shown])
        picture, _ = drawing.draw_tile(shown, "key", "a label")
    assert drawing.kind == kind
    assert ("a label" in picture) == (kind != "no-data")
    assert (drawing.real is not None) == (kind == "images")


def test_the_size_is_that_of_the_data_or_else_of_the_samples() -> None:
    unknown = Samples(np.empty((0, 0), np.float32), (0,))
    assert size_of(unknown, [np.empty((0, 0)), np.zeros((3, 5))]) == 5
    assert size_of(unknown, []) == 0
    assert size_of(Ring(kind="ring"), []) == 2
