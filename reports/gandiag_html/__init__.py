"""A store's results as one HTML file that can be mailed: offline, static, readable on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gandiag.store.results import Results

__all__ = ["render"]


def render(results: Results) -> str:
    """Writes the report.

    The same results give the same text: nothing of the time, the place or the user's settings
    enters, and home directories are shown as ``~``. Real samples alone stand in it only where
    their files are on this machine; nothing is downloaded, and no function of a user's is called.

    Args:
        results: What a store holds, finished or not.

    Returns:
        A whole HTML document. It runs no script and loads nothing.
    """
    # Here and not above: the plug-in is looked at by commands that draw nothing, and drawing
    # takes two seconds to import.
    from gandiag_html.page import render as draw

    return draw(results)
