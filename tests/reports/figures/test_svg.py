"""Matplotlib's SVG in the page: colours by class, unique identifiers, text that stays text."""

from __future__ import annotations

import xml.etree.ElementTree as ET

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


def test_identifiers_get_the_prefix_of_the_picture() -> None:
    text = cleaned(key="g0-mean")
    assert 'clip-path="url(#g0-mean-0)"' in text
    assert '<clipPath id="g0-mean-0">' in text
    assert 'href="#g0-mean-1"' in text
    assert "figure_1" not in text
    assert "made today" not in text


def test_coinciding_points_of_a_path_are_merged() -> None:
    assert 'd="M0 0L1 1 2 2"' in cleaned()


def test_tags_are_balanced_and_groups_without_meaning_are_dropped() -> None:
    root = ET.fromstring(cleaned())
    assert [element.tag for element in root] == ["defs", "path", "use", "defs"]


def test_text_is_escaped() -> None:
    text = clean('<svg viewBox="0 0 1 1"><text>&lt;b&gt; &amp;</text></svg>', key="k", label="")
    assert "<text>&lt;b&gt; &amp;</text>" in text


def test_a_label_is_escaped() -> None:
    assert 'aria-label="&quot;&gt;&lt;script&gt;"' in cleaned(label='"><script>')
