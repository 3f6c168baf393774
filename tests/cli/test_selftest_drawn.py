"""The tables of drawn samples on a terminal."""

from __future__ import annotations

import io

import pytest

from gandiag.cli.selftest_drawn import drawn_tables
from gandiag.selftest.rates import shipped

WIDTH = 200


@pytest.fixture(scope="module")
def printed() -> str:
    from rich.console import Console

    console = Console(width=WIDTH, file=io.StringIO())
    for title, table in drawn_tables(shipped()):
        console.print(title)
        console.print(table)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_all_data_faults_and_kinds_of_evidence_are_printed(printed: str) -> None:
    table = shipped()
    for name in (*table["drawn"]["data"], *table["drawn"]["curves"], *table["by_evidence"]):
        assert name in printed
    assert "…" not in printed


def test_a_rate_stands_with_its_interval_and_every_miss_is_listed(printed: str) -> None:
    rate = shipped()["drawn"]["all"]["any_alarm"]
    assert f"{rate['k']}/{rate['n']} (" in printed
    last = printed[printed.index("rates beside their goals") :]
    for miss in shipped()["drawn"]["misses"]:
        assert miss["what"] in last
