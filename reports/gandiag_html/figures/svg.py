"""Matplotlib's SVG prepared for a page: small, with unique identifiers and the page's colours."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping

from markupsafe import Markup

ROLES: Mapping[str, str] = {
    name: f"#{index:02x}{index:02x}{index:02x}"
    for index, name in enumerate(
        (
            "ink",
            "muted",
            "grid",
            "reached",
            "failed",
            "unfinished",
            "target",
            "rule",
            "turning",
            "player",
        ),
        start=1,
    )
}
"""The colour to draw with, by role; the style sheet has a class for each role."""

_ROLE_OF = {colour: name for name, colour in ROLES.items()}
_KEPT = ("stroke-width", "stroke-dasharray", "stroke-linecap", "opacity", "fill-opacity",
         "stroke-opacity", "text-anchor")  # fmt: skip
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


def clean(text: str, *, key: str, label: str) -> Markup:
    """Prepares an SVG for a page.

    Args:
        text: The SVG by matplotlib, drawn only in the colours of `ROLES`.
        key: The prefix of its identifiers, unique on the page.
        label: A description for screen readers.

    Returns:
        The element, to be put into HTML.
    """
    root = ET.fromstring(text)
    picture = ET.Element(
        "svg",
        {"viewBox": root.attrib["viewBox"], "class": "chart", "role": "img", "aria-label": label},
    )
    picture.extend(_cleaned(root, _names(root, key)))
    return Markup(ET.tostring(picture, encoding="unicode"))


def clean_shared(text: str, *, key: str) -> Markup:
    """Prepares an SVG that other pictures of the page refer to; it is invisible itself.

    Args:
        text: The SVG by matplotlib, drawn only in the colours of `ROLES`.
        key: Its identifier, and the prefix of those of its parts.

    Returns:
        The element, to be put into HTML anywhere; ``<use href="#key">`` shows it.
    """
    root = ET.fromstring(text)
    store = ET.Element("svg", {"class": "stored", "aria-hidden": "true"})
    ET.SubElement(store, "g", {"id": key}).extend(_cleaned(root, _names(root, key)))
    return Markup(ET.tostring(store, encoding="unicode"))


def _names(root: ET.Element, key: str) -> dict[str, str]:
    """New identifiers for all elements that are referenced."""
    return {ref: f"{key}-{index}" for index, ref in enumerate(_references(root))}


def _references(root: ET.Element) -> list[str]:
    """The identifiers that are referenced, in the order of their first use."""
    references: dict[str, None] = {}
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.endswith("href"):
                references[value[1:]] = None
            elif name == "clip-path":
                references[value[5:-1]] = None
    return list(references)


def _cleaned(parent: ET.Element, names: Mapping[str, str]) -> Iterator[ET.Element]:
    for element in parent:
        tag = element.tag.rpartition("}")[2]
        if tag in ("metadata", "style"):
            continue
        copy = ET.Element(tag, _attributes(element, names))
        copy.text = (element.text or "").strip()
        copy.extend(_cleaned(element, names))
        if tag == "g" and not copy.attrib:
            # Groups whose only attribute was matplotlib's name of the part.
            yield from copy
        elif tag != "path" or copy.get("d"):
            yield copy


def _attributes(element: ET.Element, names: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for full, value in element.attrib.items():
        name = full.rpartition("}")[2]
        if name == "id" and value in names:
            kept["id"] = names[value]
        elif name == "href":
            kept["href"] = f"#{names[value[1:]]}"
        elif name == "clip-path":
            kept[name] = f"url(#{names[value[5:-1]]})"
        elif name == "d":
            kept[name] = _path(value)
        elif name in ("x", "y", "width", "height"):
            kept[name] = _rounded(value)
        elif name == "transform" and not value.startswith("rotate(-0 "):
            kept[name] = _NUMBER.sub(lambda match: _rounded(match[0]), value)
        elif name == "style":
            kept |= _style(value)
    return kept


def _style(text: str) -> dict[str, str]:
    """A style as attributes and classes: the page's policy forbids inline styles."""
    style = dict(part.strip().split(": ", 1) for part in text.split(";") if part.strip())
    kept = {name: style[name] for name in _KEPT if name in style}
    classes = []
    for paint in ("stroke", "fill"):
        colour = style.get(paint, "")
        if colour in _ROLE_OF:
            classes.append(f"{paint}-{_ROLE_OF[colour]}")
        elif colour == "none" and paint == "fill":
            kept["fill"] = "none"
    return kept | ({"class": " ".join(classes)} if classes else {})


def _path(d: str) -> str:
    """Rounds a path to a tenth of a pixel and drops points that coincide.

    A line of no length is kept: with round ends it is a dot.
    """
    parts: list[str] = []
    command, last = "", ""
    for match in _STEP.finditer(d):
        name, point = match[1], " ".join(map(_rounded, match[2].split()))
        if name == "L" and point == last:
            if command == "M":
                parts.append("h0")
            continue
        parts.append(f" {point}" if name == command == "L" else name + point)
        command, last = name, point
    return "".join(parts)


def _rounded(value: str) -> str:
    return f"{round(float(value), 1) + 0.0:.8g}"
