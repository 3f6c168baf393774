"""What a loop logs becomes rows, from any thread and of any shape."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gandiag

from .loops import REAL, Expect

RNG = np.random.default_rng(0)


def logged(home: Path, *fakes: Any, real: Any = REAL) -> pd.DataFrame:
    with gandiag.Monitor(home, real=real, every=1) as monitor:
        for step, fake in enumerate(fakes):
            monitor.log(step, d_loss=1.0)
            monitor.log_samples(step, fake=fake)
    return gandiag.load(home).series


def test_calls_from_several_threads_are_all_recorded(home: Path) -> None:
    with gandiag.Monitor(home, every=10**9) as monitor:
        threads = [
            threading.Thread(
                target=lambda: [monitor.log(1, d_loss=2.0, d_updates=1) for _ in range(3000)]
            )
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    row = gandiag.load(home).series.iloc[-1]
    assert (row["d_updates"], row["d_loss"]) == (12_000, 2)


def test_without_real_samples_the_first_generated_ones_set_the_shape(
    home: Path, expect_warning: Expect
) -> None:
    expect_warning("fake has samples of shape (3,)")
    series = logged(home, np.ones((9, 2)), np.ones((9, 3)), np.ones((9, 2)), real=None)
    assert series["mean_0"].isna().tolist() == [False, True, False]
    assert gandiag.load(home).runs["status"].tolist() == ["completed"]


def test_a_slow_loop_writes_its_rows_soon(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gandiag.monitoring.recorder.FLUSH_S", 0.01)
    monitor = gandiag.Monitor(home, every=1)
    for step in range(3):
        monitor.log(step, d_loss=1.0)
        time.sleep(0.02)
    assert len(gandiag.load(home).series) >= 1
    monitor.close()
