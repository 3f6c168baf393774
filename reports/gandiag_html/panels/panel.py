"""What a panel hands to the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Panel:
    """A part of the report.

    Attributes:
        name: Its anchor in the document and the name of its template.
        title: Its heading.
        context: What its template shows.
        menu: Its name in the table of contents.
        has_images: Whether it shows pictures of pixels, which the page's policy must allow.
    """

    name: str
    title: str
    menu: str
    context: Mapping[str, Any] = field(default_factory=dict)
    has_images: bool = False
