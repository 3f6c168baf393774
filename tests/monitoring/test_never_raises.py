"""No error of the monitor reaches the loop."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gandiag
from gandiag.monitoring.never_raises import never_raises

from .loops import Expect, notes

RNG = np.random.default_rng(0)


def broken(*_: Any) -> None:
    raise RuntimeError("a bug of ours")


def test_an_internal_error_stops_the_recording_and_not_the_loop(
    home: Path, expect_warning: Expect, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect_warning("nothing more is recorded: RuntimeError")
    with gandiag.Monitor(home) as monitor:
        monitor.log(0, d_loss=1.0)
        monkeypatch.setattr(monitor._recorder._buffer, "add", broken)
        monitor.log(1, d_loss=1.0)
        monitor.log(2, d_loss=1.0)
        assert not monitor.wants_samples(100)
    results = gandiag.load(home)
    assert results.runs["status"].tolist() == ["interrupted"]
    assert "stopped recording after step 0" in notes(home)["monitor"]


def test_a_full_disk_stops_the_recording_and_not_the_loop(
    home: Path, expect_warning: Expect, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect_warning("nothing more is recorded: OSError")
    monitor = gandiag.Monitor(home)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gandiag.store.journal.Journal.append", full)
    for step in range(500):
        monitor.log(step, d_loss=1.0)
    assert gandiag.load(home).runs["status"].tolist() == ["interrupted"]
    assert "No space left on device" in notes(home)["monitor"]


def test_warnings_turned_into_errors_do_not_reach_the_loop(home: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with gandiag.Monitor(home) as monitor:
            monitor.log(0, d_loss=np.zeros(2))
            monitor.log("one")  # type: ignore[arg-type]
            monitor.log(1, g_loss=2.0)
    assert gandiag.load(home).series["g_loss"].tolist()[-1] == 2
    assert {"monitor: d_loss", "monitor: step"} <= set(notes(home))


def test_a_failing_method_returns_its_default_and_stops_the_recording() -> None:
    class Fake:
        _recorder: object | None = object()
        calls = 0
        error: BaseException | None = None

        def _stop_recording(self, error: BaseException) -> None:
            self._recorder, self.error = None, error

        @never_raises("default")
        def method(self) -> str:
            self.calls += 1
            raise KeyError("a bug")

    fake = Fake()
    assert [fake.method(), fake.method()] == ["default", "default"]
    assert fake.calls == 1
    assert isinstance(fake.error, KeyError)


def test_ctrl_c_is_not_swallowed() -> None:
    class Fake:
        _recorder = object()

        @never_raises(None)
        def method(self) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Fake().method()
