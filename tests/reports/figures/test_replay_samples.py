"""The frames of a run share their axes; frames far away do not set them."""

from __future__ import annotations

import re

import numpy as np

from gandiag.data import Normal, Point
from gandiag.data.samples import Samples
from gandiag_html.figures.drawing import report_style
from gandiag_html.figures.replay_samples import choose_replay

NORMAL = Normal(kind="normal", mean=0.0, std=1.0)


def test_a_frame_far_away_lies_outside_the_axes_of_the_others() -> None:
    rng = np.random.default_rng(0)
    frames = [rng.normal(size=(200, 1)) for _ in range(5)]
    frames.append(frames[0] + 1e6)
    with report_style():
        replay = choose_replay(NORMAL, frames, "k", None)
        assert replay is not None
        near, far = (replay.show(frames[index], "reached", "l") for index in (0, -1))
    assert near[1] == ""
    assert far[1] == "100 % of the samples lie outside the axes"
    assert all(re.search(r'href="#k-samples"', picture) for picture, _ in (near, far))
    assert 'id="k-samples"' in replay.stored


def test_a_single_point_and_runs_without_samples_have_no_replay() -> None:
    assert choose_replay(Point(kind="point", at=0.0), [np.ones((4, 1))], "k", None) is None
    assert choose_replay(NORMAL, [np.empty((0, 1))], "k", None) is None


def test_images_of_an_unknown_range_get_the_usual_one() -> None:
    images = Samples(np.random.default_rng(0).random((20, 64)).astype(np.float32), (8, 8))
    replay = choose_replay(images, [np.zeros((9, 64))], "k", None)
    assert replay is not None
    assert replay.note == "In every picture 0 is drawn black and 1 white."
