"""A section of the report: what its template needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Panel:
    """A section of the report.

    Attributes:
        name: Its anchor in the document and the name of its template.
        title: Its heading.
        context: The variables of its template.
        menu: Its name in the table of contents.
        has_images: Whether it contains PNG pictures, which the page's policy must allow.
    """

    name: str
    title: str
    menu: str
    context: Mapping[str, Any] = field(default_factory=dict)
    has_images: bool = False
