"""``gandiag rm``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import gandiag

Call = Callable[..., CompletedProcess[str]]


def ids(store: Path) -> list[str]:
    return gandiag.load(store).runs["run"].tolist()  # type: ignore[no-any-return]


def test_rm_removes_a_store(store: Path, call: Call) -> None:
    done = call("rm", str(store), "--yes")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"removed {store}\n"
    assert not store.exists()


def test_rm_removes_one_run(store: Path, call: Call) -> None:
    first, second, *rest = ids(store)
    done = call("rm", second, "--store", str(store), "-y")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"removed run {second} of {store}\n"
    assert ids(store) == [first, *rest]


@pytest.mark.parametrize(("answer", "code", "left"), [("y", 0, False), ("n", 1, True)])
def test_rm_asks_on_a_terminal(
    answer: str, code: int, left: bool, store: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return f"{answer}\n"

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda *prompt: answer)
    assert call("rm", str(store)).returncode == code
    assert store.exists() == left


def test_a_run_is_removed_by_its_directory(store: Path, call: Call) -> None:
    (path,) = store.glob("scripted-0001-*")
    assert call("rm", str(path), "--yes").returncode == 0
    assert not path.exists()
    assert len(gandiag.load(store).runs) == 3
