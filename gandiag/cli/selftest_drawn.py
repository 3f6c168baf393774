"""The part of ``gandiag selftest`` on drawn samples, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gandiag.cli.rate_cells import plain_table, rate_text

if TYPE_CHECKING:
    from rich.table import Table

Row = Mapping[str, Any]


def drawn_tables(table: Row) -> Iterator[tuple[str, Table]]:
    """The titles and the tables of the rates on drawn samples."""
    drawn = table["drawn"]
    yield "drawn samples: kinds of data", _data(drawn)
    yield "drawn samples: alarms by the strength of the fault", _curves(drawn["curves"])
    yield "verdicts by what they rest on and by the number of samples", _verdicts(table)
    yield "rates beside their goals", _misses(drawn["misses"])


def _data(drawn: Row) -> Table:
    headings = (
        "any alarm, healthy",
        "no verdict, healthy",
        "severe, 300 samples: told",
        "severe: called healthy",
    )
    table = plain_table("", *headings)
    for name, row in ({"all": drawn["all"]} | drawn["data"]).items():
        k = sum(rate["k"] for rate in row["told"].values())
        n = sum(rate["n"] for rate in row["told"].values())
        rates = (row["any_alarm"], row["no_verdict"], row["called_healthy"])
        alarm, undecided, blind = map(rate_text, rates)
        table.add_row(name, alarm, undecided, f"{k}/{n}" if n else "–", blind)
    return table


def _curves(curves: Row) -> Table:
    table = plain_table("", "samples", "strength: alarms of runs")
    for name, curve in curves.items():
        for band, bins in curve.items():
            if band != "unit":
                cells = ", ".join(_bin(each) for each in bins if each["alarm"]["n"])
                table.add_row(f"{name} ({curve['unit']})", band, cells)
    return table


def _bin(row: Row) -> str:
    alarm = row["alarm"]
    return f"{row['from']:.2g} to {row['to']:.2g}: {alarm['k']}/{alarm['n']}"


def _verdicts(found: Row) -> Table:
    table = plain_table("", "samples", "verdict", "right where given", "missed", "false alarms")
    for kind, bands in found["by_evidence"].items():
        for band, row in bands.items():
            for name, rates in row["verdicts"].items():
                false = rate_text(rates["false_alarms"]) if "false_alarms" in rates else "–"
                cells = (rate_text(rates["deserved"]), rate_text(rates["missed"]), false)
                table.add_row(kind, band, name, *cells)
    return table


def _misses(misses: list[Row]) -> Table:
    table = plain_table("", "", "rate", "surely")
    for row in misses:
        table.add_row(row["data"], row["what"], rate_text(row), "yes" if row["sure"] else "")
    return table
