"""One process at a time."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gandiag.errors import StoreBusyError
from gandiag.store.claim import OWNER, claim, is_claimed

HOLD = """
import sys, time
from pathlib import Path
from gandiag.store.claim import claim
with claim(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def holder(start: Start, tmp_path: Path) -> subprocess.Popen[str]:
    """Another process, which holds the directory."""
    process = start("-c", HOLD, str(tmp_path), module=False)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_refused_and_told_who_holds_it(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    with pytest.raises(StoreBusyError) as caught, claim(tmp_path):
        pass
    assert caught.value.owner.startswith(f"process {holder.pid} on {os.uname().nodename} since 20")
    assert str(tmp_path) in str(caught.value)
    assert caught.value.owner in str(caught.value)
    assert is_claimed(tmp_path)


def test_the_claim_of_a_process_that_was_killed_is_free(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    holder.kill()
    holder.wait()
    assert not is_claimed(tmp_path)
    with claim(tmp_path):
        assert is_claimed(tmp_path)


def test_a_patient_process_waits_for_the_holder_to_leave(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    with pytest.raises(StoreBusyError), claim(tmp_path, patience_s=0.2):
        pass
    holder.terminate()
    with claim(tmp_path, patience_s=30):
        assert is_claimed(tmp_path)


def test_a_claim_is_given_back_even_if_the_work_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), claim(tmp_path):
        raise ZeroDivisionError
    assert not is_claimed(tmp_path)
    with claim(tmp_path):
        pass


def test_the_same_process_cannot_hold_a_directory_twice(tmp_path: Path) -> None:
    with claim(tmp_path):
        with pytest.raises(StoreBusyError, match=f"process {os.getpid()} "), claim(tmp_path):
            pass
        assert is_claimed(tmp_path)


def test_directories_are_held_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with claim(tmp_path / "a"), claim(tmp_path / "b"):
        assert is_claimed(tmp_path / "a")
    assert not is_claimed(tmp_path)


def test_looking_at_a_directory_leaves_no_trace(tmp_path: Path) -> None:
    assert not is_claimed(tmp_path)
    assert os.listdir(tmp_path) == []


def test_an_owner_that_cannot_be_read_is_another_process(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    (tmp_path / OWNER).write_text("{", encoding="utf-8")
    with pytest.raises(StoreBusyError, match="in use by another process"), claim(tmp_path):
        pass
