"""A journal whose every prefix is valid."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandiag.errors import StoreError
from gandiag.store.journal import NAME, Journal, filter_journal, read_journal

ROWS = [{"iteration": k, "loss": k / 3} for k in range(5)]


@pytest.fixture
def held(tmp_path: Path) -> Path:
    with Journal(tmp_path) as journal:
        for row in ROWS:
            journal.append(row)
    return tmp_path


def test_rows_come_back_as_they_were(held: Path) -> None:
    assert read_journal(held) == ROWS


def test_a_row_is_on_disk_when_it_is_acknowledged(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        for count, row in enumerate(ROWS, 1):
            journal.append(row)
            assert read_journal(tmp_path) == ROWS[:count]


@given(
    st.dictionaries(
        st.text(max_size=5), st.none() | st.floats() | st.integers(-(2**53), 2**53) | st.text()
    )
)
def test_any_plain_row_comes_back_to_the_last_bit(
    tmp_path_factory: pytest.TempPathFactory, row: dict[str, object]
) -> None:
    directory = tmp_path_factory.mktemp("journal")
    with Journal(directory) as journal:
        journal.append(row)
    assert repr(read_journal(directory)) == repr([row])


def test_what_is_not_finite_stays_what_it_is(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.append({"a": math.nan, "b": math.inf, "c": -math.inf})
    (row,) = read_journal(tmp_path)
    assert math.isnan(row["a"])
    assert (row["b"], row["c"]) == (math.inf, -math.inf)


def test_a_journal_is_continued_at_its_end(held: Path) -> None:
    with Journal(held) as journal:
        journal.append({"iteration": 5})
    assert read_journal(held) == [*ROWS, {"iteration": 5}]


def test_without_a_journal_there_are_no_rows(tmp_path: Path) -> None:
    assert read_journal(tmp_path) == []


@pytest.mark.parametrize("lost", [1, 2, 15, 28])
def test_a_truncated_last_line_is_dropped_with_a_warning(held: Path, lost: int) -> None:
    path = held / NAME
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.warns(UserWarning, match="torn by a crash"):
        assert read_journal(held) == ROWS[:-1]


def test_at_every_length_a_journal_is_a_prefix(held: Path) -> None:
    path = held / NAME
    whole = path.read_bytes()
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            rows = read_journal(held)
        assert rows == ROWS[: whole[:length].count(b"\n")]
        assert len(caught) == (not whole[:length].endswith(b"\n") and length > 0)


@pytest.mark.parametrize("damage", [b"\xff\xff\n", b"{\n", b"\n", b"[1]\n", b"3\n", b"\0" * 40])
def test_damage_before_the_end_is_an_error_that_names_the_line(held: Path, damage: bytes) -> None:
    path = held / NAME
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = damage
    path.write_bytes(b"".join(lines))
    with pytest.raises(StoreError, match=r"damaged in line 3; the run has to be redone"):
        read_journal(held)


def test_keeping_rows_drops_the_others_and_a_truncated_line_without_a_warning(held: Path) -> None:
    path = held / NAME
    path.write_bytes(path.read_bytes()[:-3])
    filter_journal(held, lambda row: row["iteration"] != 1)
    assert read_journal(held) == [ROWS[0], ROWS[2], ROWS[3]]


def test_keeping_all_rows_keeps_every_byte(held: Path) -> None:
    before = (held / NAME).read_bytes()
    filter_journal(held, lambda row: True)
    assert (held / NAME).read_bytes() == before
