"""D's answers: real samples above the axis, generated ones below, on one scale each."""

from __future__ import annotations

import re

import numpy as np

from gandiag.experiment.loading import read_experiment
from gandiag_html.figures import sample_plots
from gandiag_html.figures.answers import AnswerHistograms, AnswerMap
from gandiag_html.figures.drawing import report_style


def test_real_answers_are_above_and_generated_ones_below_equally_high() -> None:
    with report_style():
        histograms = AnswerHistograms("k", sample_plots.LINE)
    text = histograms.show(
        np.array([0, 0, 500], np.int32), np.array([7, 0, 0], np.int32), "ended", ""
    )
    real, fake = (
        [float(y) for y in re.findall(r"V([\d.]+)", path)]
        for path in re.findall(r'class="bars[^>]* d="(.*?)"', text)
    )
    axis = real[-1]
    assert min(real) < axis == fake[-1] < max(fake)
    assert abs((axis - min(real)) - (max(fake) - axis)) < 0.2


def test_the_map_lies_within_the_axes_and_over_the_distribution() -> None:
    experiment = read_experiment("chivers-2d")
    plane = experiment.recording.plane
    assert plane is not None
    with report_style():
        drawn = AnswerMap("k", plane, experiment.data)
    picture = drawn.show(np.full((plane.side, plane.side), 0.5), "half")
    assert picture.count("<img") == 1
    assert 'href="#k-field"' in picture
    assert drawn.stored.count("stroke-target") == 2  # ellipses at one and two standard deviations
