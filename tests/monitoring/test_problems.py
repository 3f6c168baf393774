"""What cannot be recorded is reported once, and the rest is recorded."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gandiag
from gandiag.monitoring.never_raises import MonitorWarning
from gandiag.monitoring.problems import Problems
from gandiag.plugins import report

from .loops import REAL, Expect, notes, play

RNG = np.random.default_rng(0)


def logged(home: Path, *fakes: Any, real: Any = REAL) -> pd.DataFrame:
    with gandiag.Monitor(home, real=real, every=1) as monitor:
        for step, fake in enumerate(fakes):
            monitor.log(step, d_loss=1.0)
            monitor.log_samples(step, fake=fake)
    return gandiag.load(home).series


def test_samples_of_another_shape_are_reported(home: Path, expect_warning: Expect) -> None:
    expect_warning("fake has samples of shape (3,), real of (1,)")
    series = logged(home, np.zeros((9, 3)), RNG.normal(size=50))
    assert series["iteration"].tolist() == [0, 1]
    assert series["mean"].isna().tolist() == [True, False]
    assert "shape" in notes(home)["monitor: samples"]


def test_one_sample_is_enough(home: Path) -> None:
    series = logged(home, [4.0])
    assert (series["mean"][0], series["std"][0]) == (4, 0)


def test_one_sample_in_the_plane_still_has_a_mean(home: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MonitorWarning)
        series = logged(home, [[4.0, 1.0]], real=RNG.normal(size=(99, 2)))
    assert series["mean_0"][0] == 4


def test_constant_samples_are_measured(home: Path) -> None:
    series = logged(home, np.full(100, 4.0))
    assert series["std"][0] == 0
    assert series["wasserstein"][0] > 0.3
    assert gandiag.load(home).runs["status"].tolist() == ["completed"]


def test_an_empty_array_of_samples_is_reported(home: Path, expect_warning: Expect) -> None:
    expect_warning("fake must be samples on the first axis")
    series = logged(home, [])
    assert series["d_loss"].tolist() == [1]
    assert "mean" not in series


def test_8_bit_images_are_not_compared_with_floats(home: Path, expect_warning: Expect) -> None:
    expect_warning("real contains 8-bit integers and the other does not")
    real = RNG.integers(0, 256, (30, 4, 4)).astype(np.uint8)
    series = logged(home, RNG.random((20, 4, 4)), real=real)
    assert series["d_loss"].tolist() == [1]
    assert "spread" not in series


def test_8_bit_images_are_compared_with_8_bit_images(home: Path) -> None:
    images = RNG.integers(0, 256, (30, 4, 4)).astype(np.uint8)
    series = logged(home, images[:20], real=images)
    assert series["spread"][0] == pytest.approx(images[:20].astype(float).std(0).mean(), rel=0.1)


def test_samples_that_are_not_numbers_are_reported(home: Path, expect_warning: Expect) -> None:
    expect_warning("as real numbers")
    series = logged(home, ["a", "b"])
    assert series["d_loss"].tolist() == [1]
    assert "mean" not in series


def test_a_decreasing_step_is_reported_and_not_recorded(home: Path, expect_warning: Expect) -> None:
    expect_warning("step fell from 9 to 0")
    with gandiag.Monitor(home, every=5) as monitor:
        for step in [*range(10), *range(9), 10]:
            monitor.log(step, d_loss=float(step))
    series = gandiag.load(home).series
    assert series["iteration"].tolist() == [0, 5, 10]
    assert series["d_loss"].tolist() == [0, 3, 8]
    assert "step fell" in notes(home)["monitor: step"]


def test_a_vector_as_loss_is_reported(home: Path, expect_warning: Expect) -> None:
    expect_warning("d_loss was not recorded: it has shape (3,); log its mean")
    with gandiag.Monitor(home) as monitor:
        for step in range(3):
            monitor.log(step, d_loss=np.zeros(3), g_loss=1.0)
    series = gandiag.load(home).series
    assert "d_loss" not in series
    assert series["g_loss"].iloc[-1] == 1


def test_a_scalar_with_a_reserved_name_is_reported(home: Path, expect_warning: Expect) -> None:
    expect_warning("iteration was not recorded")
    with gandiag.Monitor(home) as monitor:
        monitor.log(0, iteration=7, g_loss=1.0)
    assert gandiag.load(home).series["iteration"].tolist() == [0]


def test_samples_logged_twice_are_reported(home: Path, expect_warning: Expect) -> None:
    expect_warning("samples were logged twice at step 0")
    with gandiag.Monitor(home, real=REAL) as monitor:
        monitor.log_samples(0, fake=[1.0, 2.0])
        monitor.log_samples(0, fake=[3.0, 4.0])
    assert gandiag.load(home).series["mean"].tolist() == [1.5]


def test_scalars_after_the_samples_of_the_last_step_are_reported(
    home: Path, expect_warning: Expect
) -> None:
    expect_warning("g_loss: logged after the samples of the last step, in no row")
    with gandiag.Monitor(home, real=REAL, every=1) as monitor:
        for step in range(2):
            monitor.log_samples(step, fake=[1.0, 2.0])
            monitor.log(step, g_loss=float(step))
    series = gandiag.load(home).series
    assert series["g_loss"].tolist()[1] == 0


def test_a_failing_metric_is_reported_and_the_others_are_recorded(
    home: Path, expect_warning: Expect
) -> None:
    expect_warning("the metric mine was not recorded: ZeroDivisionError")
    with gandiag.Monitor(home, real=REAL, metrics={"mine": lambda fake: 1 / 0}) as monitor:
        play(monitor)
    assert gandiag.load(home).series["mean"].notna().all()


def test_a_step_that_is_not_a_number_is_reported(home: Path, expect_warning: Expect) -> None:
    expect_warning("nothing is recorded of a step that is not a number")
    with gandiag.Monitor(home, every=1) as monitor:
        for step in (0, "one", 2, np.int64(3), 4.0, "two"):
            monitor.log(step, d_loss=1.0)  # type: ignore[arg-type]
    assert gandiag.load(home).series["iteration"].tolist() == [0, 2, 3, 4]


def test_updates_that_are_not_a_number_are_reported(home: Path, expect_warning: Expect) -> None:
    expect_warning("d_updates was not recorded")
    with gandiag.Monitor(home) as monitor:
        monitor.log(0, d_loss=1.0, d_updates=[1, 2], g_updates=np.int64(3))  # type: ignore[arg-type]
    row = gandiag.load(home).series.iloc[0]
    assert (row["d_loss"], row["g_updates"]) == (1, 3)


def test_a_number_too_large_for_a_float_is_reported(home: Path, expect_warning: Expect) -> None:
    expect_warning("huge was not recorded")
    with gandiag.Monitor(home) as monitor:
        monitor.log(0, huge=10**400, g_loss=1.0)
    assert gandiag.load(home).series["g_loss"].tolist() == [1]


def test_a_metric_with_a_reserved_name_is_reported(home: Path) -> None:
    metrics = {"step": lambda fake: 2.0, "iteration": lambda fake: 0.5, "g_loss": len}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MonitorWarning)
        with gandiag.Monitor(home, metrics=metrics) as monitor:
            monitor.log(0, g_loss=7.0)
            monitor.log_samples(0, fake=[1.0, 2.0])
    row = gandiag.load(home).series.iloc[0]
    assert (row["iteration"], row["step"], row["g_loss"]) == (0, 2, 7)
    assert "monitor: iteration" in notes(home)


def test_an_evaluator_that_fails_once_loses_one_row_of_metrics(home: Path) -> None:
    class Tired:
        name = "tired"
        calls = 0

        def features(self, samples: np.ndarray) -> np.ndarray:
            self.calls += 1
            if self.calls == 3:
                raise MemoryError("out of memory")
            return samples

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MonitorWarning)
        with gandiag.Monitor(home, real=REAL, evaluator=Tired(), every=1) as monitor:
            for step in range(4):
                monitor.log(step, g_loss=1.0)
                monitor.log_samples(step, fake=REAL[:50])
    series = gandiag.load(home).series
    assert series["mean"].isna().tolist() == [False, True, False, False]
    assert series["g_loss"].tolist() == [1, 1, 1, 1]


def test_a_success_rule_on_a_column_that_is_never_recorded_is_reported(home: Path) -> None:
    with gandiag.Monitor(home, real=REAL, success={"meen": (3, 5)}) as monitor:
        play(monitor)
    assert gandiag.load(home).runs["success"].isna().all()
    assert "did you mean 'mean'?" in notes(home)["monitor: success"]
    page = report("html")(gandiag.load(home))
    assert "reached the target" not in page
    assert "the success rule cannot be applied" in page


def test_images_with_channels_on_another_axis_are_reported(
    home: Path, expect_warning: Expect
) -> None:
    expect_warning("fake has samples of shape (4, 4, 3), real of (3, 4, 4)")
    real = RNG.random((30, 3, 4, 4))
    series = logged(home, RNG.random((20, 4, 4, 3)), RNG.random((20, 3, 4, 4)), real=real)
    assert series["spread"].isna().tolist() == [True, False]


def test_a_problem_is_reported_once_whatever_its_numbers(expect_warning: Expect) -> None:
    expect_warning("d_loss has shape (3,)")
    expect_warning("d_loss is a str")
    written: dict[str, str] = {}
    problems = Problems(written.update)
    for message in ("d_loss has shape (3,)", "d_loss has shape (4,)", "d_loss is a str"):
        problems.report("d_loss", message)
    assert written == {
        "monitor: d_loss": "d_loss has shape (3,)",
        "monitor: d_loss (2)": "d_loss is a str",
    }
