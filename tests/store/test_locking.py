"""One process at a time."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gandiag.errors import StoreBusyError
from gandiag.store.locking import OWNER, is_locked, lock_directory

HOLD = """
import sys, time
from pathlib import Path
from gandiag.store.locking import lock_directory
with lock_directory(Path(sys.argv[1])):
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


def test_a_second_process_is_refused_and_the_error_names_the_owner(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    with pytest.raises(StoreBusyError) as caught, lock_directory(tmp_path):
        pass
    assert caught.value.owner.startswith(f"process {holder.pid} on {os.uname().nodename} since 20")
    assert str(tmp_path) in str(caught.value)
    assert caught.value.owner in str(caught.value)
    assert is_locked(tmp_path)


def test_the_claim_of_a_process_that_was_killed_is_free(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    holder.kill()
    holder.wait()
    assert not is_locked(tmp_path)
    with lock_directory(tmp_path):
        assert is_locked(tmp_path)


def test_a_patient_process_waits_for_the_holder_to_leave(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    with pytest.raises(StoreBusyError), lock_directory(tmp_path, wait_s=0.2):
        pass
    holder.terminate()
    with lock_directory(tmp_path, wait_s=30):
        assert is_locked(tmp_path)


def test_a_claim_is_given_back_even_if_the_work_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), lock_directory(tmp_path):
        raise ZeroDivisionError
    assert not is_locked(tmp_path)
    with lock_directory(tmp_path):
        pass


def test_the_same_process_cannot_hold_a_directory_twice(tmp_path: Path) -> None:
    with lock_directory(tmp_path):
        with (
            pytest.raises(StoreBusyError, match=f"process {os.getpid()} "),
            lock_directory(tmp_path),
        ):
            pass
        assert is_locked(tmp_path)


def test_every_directory_has_its_own_lock(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with lock_directory(tmp_path / "a"), lock_directory(tmp_path / "b"):
        assert is_locked(tmp_path / "a")
    assert not is_locked(tmp_path)


def test_looking_at_a_directory_leaves_no_trace(tmp_path: Path) -> None:
    assert not is_locked(tmp_path)
    assert os.listdir(tmp_path) == []


def test_an_owner_that_cannot_be_read_is_another_process(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    (tmp_path / OWNER).write_text("{", encoding="utf-8")
    with pytest.raises(StoreBusyError, match="in use by another process"), lock_directory(tmp_path):
        pass
