"""What is shown while a sweep trains: bars in a terminal, lines elsewhere."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from gandiag.sweeping import display
from gandiag.sweeping.display import Bars, Lines
from gandiag.sweeping.execution import make_plan
from gandiag.sweeping.job import Job, Message
from gandiag.sweeping.request import Request

Words = Callable[..., list[str]]

PIECE = re.compile(r"\x1b\[\??([\d;]*)([A-Za-z])|([\r\n])|([^\x1b\r\n]+)")


def screen(stream: str) -> list[str]:
    """The lines that a terminal shows in the end."""
    rows, row, column = [""], 0, 0
    for piece in PIECE.finditer(stream):
        count, command, control, text = piece.groups()
        if command == "A":
            row -= int(count or 1)
            assert row >= 0
        elif command == "K":
            rows[row] = ""
        elif command:
            assert command in "mhl", f"{piece.group()!r} is not understood"
        elif control == "\r":
            column = 0
        elif control == "\n":
            row += 1
            rows += [""] * (row == len(rows))
        else:
            line = rows[row].ljust(column)
            rows[row] = line[:column] + text + line[column + len(text) :]
            column += len(text)
    return [line.rstrip() for line in rows]


def test_the_test_terminal_draws_over_what_it_drew() -> None:
    assert screen("one\r\ntwo\r\n\x1b[1A\x1b[2K\x1b[31mTWO\x1b[0m\rt") == ["one", "tWO", ""]


def on_a_terminal(*words: str, **environment: str) -> tuple[str, str]:
    """What a command writes to standard output, and to a terminal of 40 lines of 100."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "gandiag", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=dict(os.environ) | {"TERM": "xterm-256color"} | environment,
    )
    os.close(theirs)
    stream = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # so a terminal says that nobody is left to write to it
            break
        if not piece:
            break
        stream += piece
    os.close(ours)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return out.decode(), stream.decode()


def test_a_terminal_shows_bars_and_a_table_and_each_of_them_once(
    sweeping: Words, tmp_path: Path
) -> None:
    script = json.dumps({"delay_s": 0.02, "1": {"diverge": 9}})
    words = sweeping(seeds="0-2,10", **{"schedule.iterations": 60, "recording.every": 2})
    out, stream = on_a_terminal(*words, "--jobs=2", GANDIAG_SCRIPT=script)
    lines = screen(stream)
    assert (
        lines[0]
        == (
            f"devnag-1d: 4 runs to train, 60 iterations each (scripted script on cpu), into "
            f"{tmp_path / 'store'}"
        )[: len(lines[0])]
    )
    shown = "\n".join(lines)
    bars = [line.split() for line in lines if "━" in line]
    assert [(bar[:-5], bar[-4], bar[-1]) for bar in bars] == [
        (["scripted", "seeds", "0", "to", "2"], "60/60", "done"),
        (["scripted", "seed", "10"], "60/60", "done"),
    ]
    assert all(re.fullmatch(r"\d+", bar[-3]) and bar[-2] == "it/s" for bar in bars)
    table = [line.split() for line in lines if re.match(r" +\d+ +scripted", line)]
    assert [(row[0], row[-1]) for row in table] == [
        *(("0", "completed"), ("1", "diverged"), ("2", "completed"), ("10", "completed"))
    ]
    assert all(re.fullmatch(r"-?\d+\.\d{3}", number) for row in table for number in row[2:4])
    assert len(re.findall(r"seed +backend", shown)) == 1
    assert "\x1b[1A" in stream, "it was not redrawn while it trained"
    assert re.search(r"\d:\d\d left", stream)
    assert stream.endswith("\x1b[?25h") or "\x1b[?25h" in stream[-40:], "the cursor is back"
    assert "\x1b" not in out
    assert "4 seeds reached the target" in out


@pytest.fixture
def jobs(tmp_path: Path) -> Callable[[str], list[Job]]:
    """The jobs of a sweep whose runs stand in a store, pending."""

    def made(seeds: str) -> list[Job]:
        plan = make_plan(Request("dirac", seeds, backend="scripted", out=tmp_path))
        for run in plan.runs:
            (tmp_path / run.identity.directory).mkdir()
            run.write(tmp_path / run.identity.directory)
        return list(plan.jobs)

    return made


def drawn(bars: Bars) -> str:
    """The next frame, as plain text."""
    page = Console(file=io.StringIO(), width=100)
    with page.capture() as capture:
        page.print(bars._draw())
    return capture.get()


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None)


def at(iteration: int, **latest: float | None) -> Message:
    return Message(kind="progress", phase="train", iteration=iteration, latest={0: dict(latest)})


def test_groups_that_wait_are_counted(jobs: Callable[[str], list[Job]], console: Console) -> None:
    bars, three = Bars(console), jobs("0,10,20")
    with bars.showing(three):
        assert "3 more groups waiting" in drawn(bars)
        bars.listen(three[0], at(5, mean=0.25, std=None))
        text = drawn(bars)
        assert "2 more groups waiting" in text
        assert "scripted seed" in text
        assert re.search(r"0 +scripted +0\.250 +– +training", text)
        for job, seed in zip(three, (0, 10, 20), strict=True):
            bars.listen(job, Message(kind="ended", seed=seed, status="crashed", error="no"))
        text = drawn(bars)
        assert "wait" not in text
        assert text.count("crashed") == 3


def test_with_many_seeds_only_the_bars_are_shown(
    jobs: Callable[[str], list[Job]], console: Console
) -> None:
    bars, three = Bars(console), jobs("30")
    with bars.showing(three):
        for job in three:
            bars.listen(job, at(5))
        text = drawn(bars)
        assert text.count("5/500") == 3
        assert "status" not in text


def test_nothing_is_drawn_when_nothing_is_left_to_do(console: Console) -> None:
    with Bars(console).showing([]):
        pass
    assert console.file.getvalue() == ""  # type: ignore[attr-defined]


def test_lines_are_printed_now_and_then_and_at_the_end_of_every_run(
    jobs: Callable[[str], list[Job]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1000.0]
    monkeypatch.setattr(display.time, "monotonic", lambda: now[0])
    lines, (job,) = Lines(), jobs("2")
    with lines.showing([job]):
        for iteration in range(0, 100, 10):
            lines.listen(job, at(iteration))
            now[0] += 3.0
        lines.listen(job, Message(kind="ended", seed=0, status="completed"))
        lines.listen(job, Message(kind="ended", seed=1, status="crashed", error="no memory"))
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "scripted seeds 0 to 1: 0/500, starting",
        "scripted seeds 0 to 1: 40/500, 3 it/s 2:18 left",
        "scripted seeds 0 to 1: 80/500, 3 it/s 2:06 left",
        "scripted seed 0 completed",
        "scripted seed 1 crashed: no memory",
    ]
