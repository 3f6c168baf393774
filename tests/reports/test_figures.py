"""The drawing: what is kept of matplotlib's SVG, what part of an axis is shown, where names go."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag_html.figures.axis_limits import axis_limits, downsample
from gandiag_html.figures.drawing import Layout, draw, report_style
from gandiag_html.figures.labels import GAP, Label, merge_crowded, place_apart
from gandiag_html.figures.svg import ROLES, clean

SVG = """<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"
 xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"><metadata>made today</metadata>
 <g id="figure_1"><defs><path id="m1" d="M 0 0 L 1.26 1"/></defs>
 <path d="M 0.04 0 &#10;L 1 1 &#10;L 1.01 1.04 &#10;L 2 2 &#10;" clip-path="url(#p1)"
  style="fill: none; stroke: {reached}; stroke-width: 1.5"/>
 <use xlink:href="#m1" x="1.23456" y="2" style="fill: {failed}"/></g>
 <defs><clipPath id="p1"><rect x="0" y="0" width="9" height="9"/></clipPath></defs></svg>"""


def cleaned(key: str = "k", label: str = "a picture") -> str:
    """A small picture, as it stands in the page."""
    return clean(SVG.format(**ROLES), key=key, label=label)


def test_a_picture_takes_its_colours_from_the_page() -> None:
    text = cleaned()
    assert 'class="stroke-reached"' in text
    assert 'class="fill-failed"' in text
    assert "style=" not in text
    assert "#0" not in text


def test_a_picture_keeps_only_identifiers_that_are_its_own() -> None:
    text = cleaned(key="g0-mean")
    assert 'clip-path="url(#g0-mean-0)"' in text
    assert '<clipPath id="g0-mean-0">' in text
    assert 'href="#g0-mean-1"' in text
    assert "figure_1" not in text
    assert "made today" not in text


def test_points_that_fall_together_are_drawn_once() -> None:
    assert 'd="M0 0L1 1 2 2"' in cleaned()


def test_a_label_cannot_leave_its_attribute() -> None:
    assert 'aria-label="&quot;&gt;&lt;script&gt;"' in cleaned(label='"><script>')


def test_only_the_colours_of_the_page_are_drawn_with() -> None:
    layout = Layout(100, 80, 5, 5, 5, 5)
    with report_style():
        text = draw(
            layout,
            lambda axes: axes.plot([0, 1], [0, 1], color=ROLES["ink"]),  # type: ignore[arg-type, return-value]
            key="k",
            label="a line",
        )
    assert "#" not in text.replace("url(#k", "").replace('href="#k', "")


def test_the_axis_holds_all_that_is_calm_and_what_must_be_seen() -> None:
    low, high = axis_limits([[0.0, 1.0]], keep=[3.0])
    assert low < 0.0
    assert high > 3.0


def test_a_blow_up_is_shown_only_as_far_as_it_leaves_room() -> None:
    low, high = axis_limits([np.linspace(0, 1, 100)], [[0.0, 1e12]], reach=6.0)
    assert 6 < high - low < 10


def test_the_last_gasp_of_a_run_sets_no_scale() -> None:
    calm, gasp = np.linspace(0, 1, 100), np.append(np.linspace(0, 1, 99), 5.5)
    assert axis_limits([calm], [gasp]) == pytest.approx(axis_limits([calm]), abs=0.01)


@pytest.mark.parametrize(
    "values", [[], [np.nan], [np.inf, -np.inf], [0.0], [4.0, 4.0], [1e308, -1e308], [1e-300]]
)
def test_any_values_give_an_axis(values: list[float]) -> None:
    for low, high in (
        axis_limits([values]),
        axis_limits([], [values]),
        axis_limits([values], [values]),
    ):
        assert np.isfinite([low, high]).all()
        assert low < high


def test_rounding_errors_about_a_constant_are_not_enlarged() -> None:
    low, high = axis_limits([[1.3862943, 1.3862944]])
    assert high - low > 1e-3


def test_thinning_keeps_the_ends_and_the_extremes() -> None:
    x = np.arange(10_000.0)
    y = np.sin(x / 50)
    y[[1234, 8765]] = [9.0, -9.0]
    few, kept = downsample(x, y, 300)
    assert len(few) <= 300
    assert (few[0], few[-1]) == (0.0, 9999.0)
    assert (kept.max(), kept.min()) == (9.0, -9.0)
    assert (np.diff(few) > 0).all()
    assert np.array_equal(y[few.astype(int)], kept)


def test_thinning_keeps_gaps_as_gaps() -> None:
    x, y = np.arange(1000.0), np.full(1000, np.nan)
    y[:10] = 1.0
    _, kept = downsample(x, y, 100)
    assert np.isnan(kept).any()


def test_no_label_stands_on_another() -> None:
    labels = [Label(f"seed {i}", 0.5, "failed") for i in range(8)]
    placed = place_apart(labels, (0.0, 1.0), 200)
    heights = [label.at for label in placed]
    assert min(np.diff(heights)) >= GAP / 200 - 1e-9
    assert 0 <= min(heights) <= max(heights) <= 1


def test_names_at_one_curve_become_a_count() -> None:
    crowd = [Label(f"seed {i}", 0.5, "failed") for i in range(4)]
    alone = [Label("seed 9", 0.9, "failed")]
    assert [one.text for one in merge_crowded([*crowd, *alone], (0.0, 1.0), 200)] == [
        "4 seeds",
        "seed 9",
    ]
