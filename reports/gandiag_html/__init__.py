"""A store's results as one HTML file that can be mailed: offline, static, readable on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gandiag.store.results import Results

__all__ = ["render"]


def render(results: Results) -> str:
    """Writes the report.

    The same results give the same text: it depends on no clock, directory or setting of the user,
    and home directories are shown as ``~``. Real samples are shown only if their files are on this
    machine; nothing is downloaded, and no function of the user is called.

    Args:
        results: The contents of a store, finished or not.

    Returns:
        A complete HTML document, which runs no script and loads nothing.
    """
    # Imported here because commands that draw nothing load this package too, and the drawing
    # libraries take two seconds to import.
    from gandiag_html.page import render as draw

    return draw(results)
