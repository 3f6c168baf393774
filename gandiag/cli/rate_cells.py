"""Tables of rates on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table


def plain_table(*headings: str) -> Table:
    """An empty table."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading)
    return table


def rate_text(rate: Mapping[str, Any]) -> str:
    """A proportion with its interval; a dash where there was nothing to count."""
    from gandiag.analysis.stability import percent_range

    if not rate["n"]:
        return "–"
    low, high = rate["interval"]
    return f"{rate['k']}/{rate['n']} ({percent_range((low, high))})"
