"""The monitor: what a loop logs is what a store holds, and nothing it does reaches the loop."""

from __future__ import annotations

import json
import math
import threading
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gandiag
from gandiag.metrics import Estimate, mode_coverage, precision_recall
from gandiag.monitoring.never_raises import MonitorWarning
from gandiag.plugins import report

Call = Callable[..., CompletedProcess[str]]
RNG = np.random.default_rng(0)
REAL = RNG.normal(4.0, 0.5, 3000)


def play(
    monitor: gandiag.Monitor, steps: int = 301, shift: float = 0.0, lost_from: int | None = None
) -> int:
    """A loop; returns how many steps it made."""
    rng = np.random.default_rng(1)
    for step in range(steps):
        lost = lost_from is not None and step >= lost_from
        d_loss = math.nan if lost else 1.3 + step / 1000
        monitor.log(step, d_loss=d_loss, g_loss=0.7, d_updates=2, g_updates=1)
        if monitor.wants_samples(step):
            monitor.log_samples(step, fake=rng.normal(4.0 + shift, 0.5, 500))
        if monitor.should_stop:
            return step + 1
    return steps


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "my gan"


def test_a_loop_becomes_a_run_like_any_other(home: Path, call: Call) -> None:
    monitor = gandiag.Monitor(home, real=REAL, success={"mean": (3.75, 4.25)})
    play(monitor)
    monitor.close()
    results = gandiag.load(home)
    run = results.runs.iloc[0]
    assert (run["status"], run["success"], run["seed"], run["iteration"]) == (
        "completed", True, 0, 300,
    )  # fmt: skip
    series = results.series
    assert series["iteration"].tolist() == [0, 100, 200, 300]
    assert series["d_updates"].tolist() == [2, 202, 402, 602]
    assert series["d_loss"].iloc[1] == pytest.approx(1.3 + np.arange(1, 101).mean() / 1000)
    assert {"mean", "mean_se", "mean_floor", "wasserstein_floor", "ks", "energy"} <= set(series)
    np.testing.assert_allclose(series["mean_floor"], REAL.mean(), atol=1e-6)
    assert results.samples(run["run"]).values.shape == (4, 500, 1)
    assert call("ls", str(home)).returncode == 0
    assert call("show", "loop", "--store", str(home)).returncode == 0
    assert call("report", str(home)).returncode == 0


def test_the_metrics_are_those_of_the_library(home: Path) -> None:
    fake = RNG.normal(4.2, 0.4, 700)
    with gandiag.Monitor(home, real=REAL) as monitor:
        monitor.log_samples(0, fake=fake[:, None])
    row = gandiag.load(home).series.iloc[0]
    known = gandiag.metrics.wasserstein(real=REAL.astype("f"), fake=fake.astype("f"))
    assert row["wasserstein"] == pytest.approx(known.value)
    assert row["wasserstein_se"] == pytest.approx(known.se)
    assert row["wasserstein_floor"] == pytest.approx(known.floor)
    assert row["std"] == pytest.approx(fake.std(), rel=1e-6)


def test_several_seeds_in_a_directory_are_a_sweep(home: Path) -> None:
    for seed, shift in enumerate([0.0, 0.0, 2.0]):
        with gandiag.Monitor(home, real=REAL, seed=seed, success={"mean": (3.7, 4.3)}) as monitor:
            play(monitor, shift=shift)
    assert gandiag.load(home).runs["success"].tolist() == [True, True, False]


def test_a_step_that_is_not_due_ends_the_series_and_not_the_success(home: Path) -> None:
    with gandiag.Monitor(home, real=REAL, success={"mean": (3.7, 4.3)}) as monitor:
        play(monitor, steps=251)
    results = gandiag.load(home)
    assert results.series["iteration"].tolist() == [0, 100, 200, 250]
    assert results.series["mean"].isna().tolist() == [False, False, False, True]
    assert results.runs["success"].tolist() == [True]


def test_the_planned_iterations_make_the_last_step_due(home: Path) -> None:
    with gandiag.Monitor(home, real=REAL, iterations=251) as monitor:
        play(monitor, steps=251)
    results = gandiag.load(home)
    assert results.series["mean"].notna().all()
    assert results.runs["iterations"].tolist() == [251]


def test_without_samples_the_losses_are_rows(home: Path) -> None:
    with gandiag.Monitor(home, every=10) as monitor:
        for step in range(25):
            monitor.log(step, d_loss=step, penalty=1)
    series = gandiag.load(home).series
    assert series["iteration"].tolist() == [0, 10, 20, 24]
    assert series["d_loss"].tolist() == [0, 5.5, 15.5, 22.5]
    assert series["penalty"].tolist() == [1, 1, 1, 1]
    assert "d_updates" not in series.dropna(axis="columns", how="all")


def test_in_memory_nothing_is_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    monkeypatch.chdir(home)
    monitor = gandiag.Monitor(None, real=REAL)
    play(monitor)
    assert monitor.series()["iteration"].tolist() == [0, 100, 200, 300]
    monitor.close()
    assert monitor.directory is None
    assert list(home.iterdir()) == []


def test_a_loss_that_is_not_finite_advises_to_stop_and_is_the_outcome(home: Path) -> None:
    with gandiag.Monitor(home, real=REAL, success={"mean": (3, 5)}) as monitor:
        assert play(monitor, steps=1000, lost_from=150) == 201
    run = gandiag.load(home).runs.iloc[0]
    assert (run["status"], run["diverged_at"], run["success"]) == ("diverged", 150, False)


def test_a_loss_that_recovers_is_an_event_and_no_divergence(home: Path) -> None:
    with gandiag.Monitor(home) as monitor:
        for step in range(300):
            monitor.log(step, d_loss=math.inf if step == 120 else 1.0)
    results = gandiag.load(home)
    assert results.runs["status"].tolist() == ["completed"]
    lines = (home / results.runs["directory"][0] / "events.jsonl").read_text().splitlines()
    events = [json.loads(line) for line in lines]
    assert [(e["event"], e["iteration"]) for e in events] == [("not finite", 120)]
    assert results.runs["verdict"].tolist() == ["undecided"]


def test_one_column_that_recovers_does_not_hide_another_that_does_not(home: Path) -> None:
    with gandiag.Monitor(home) as monitor:
        for step in range(250):
            monitor.log(step, d_loss=math.nan if step >= 130 else 1.0, g_loss=1.0)
            monitor.log(step, validation=0.5 if step != 40 else math.inf)
    run = gandiag.load(home).runs.iloc[0]
    assert (run["status"], run["diverged_at"]) == ("diverged", 130)


def test_the_last_streak_says_since_when(home: Path) -> None:
    with gandiag.Monitor(home) as monitor:
        for step in range(50):
            monitor.log(step, d_loss=math.nan if step in (3, 4) or step >= 20 else 1.0)
    assert gandiag.load(home).runs["diverged_at"].tolist() == [20]


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_samples_that_are_not_finite_are_an_outcome_too(home: Path, bad: float) -> None:
    with gandiag.Monitor(home, real=REAL) as monitor:
        monitor.log_samples(0, fake=[1.0, bad, 2.0])
        assert monitor.should_stop
    row = gandiag.load(home).series.iloc[0]
    assert math.isnan(row["mean"])
    assert math.isnan(row["wasserstein"])
    assert gandiag.load(home).runs["status"].tolist() == ["diverged"]


class TestMetrics:
    """Which numbers are taken of samples."""

    def columns(self, real: Any, fake: Any, **more: Any) -> dict[str, float]:
        monitor = gandiag.Monitor(None, real=real, **more)
        monitor.log_samples(0, fake=fake)
        row = monitor.series().iloc[0].dropna()
        return {str(name): value for name, value in row.items()}

    def test_in_the_plane(self) -> None:
        real, fake = RNG.normal(size=(500, 2)), RNG.normal(size=(400, 2))
        found = self.columns(real, fake)
        assert found["mean_1"] == pytest.approx(fake[:, 1].mean(), rel=1e-5)
        assert found["cov_0_1"] == pytest.approx(np.cov(fake.T, ddof=0)[0, 1], rel=1e-5)
        assert {"sliced_wasserstein", "sliced_wasserstein_floor"} <= set(found)

    def test_of_images(self) -> None:
        real, fake = RNG.random((60, 8, 8)), np.repeat(RNG.random((1, 8, 8)), 50, axis=0)
        found = self.columns(real, fake)
        assert found["spread"] == pytest.approx(0, abs=1e-6)
        assert found["spread_floor"] == pytest.approx(real.reshape(60, -1).std(0).mean(), rel=0.1)

    def test_a_metric_of_ones_own_may_return_what_it_likes(self) -> None:
        metrics = {
            "number": lambda real, fake: float(len(real) + len(fake)),
            "made": lambda fake: len(fake),
            "estimate": lambda fake: Estimate(2.0, se=0.5, floor=1.0),
            "several": lambda fake: {"a": 1.0, "b": np.float32(2)},
            "vector": lambda fake: np.array([1.0, 2.0]),
            "ks": None,
        }
        found = self.columns(REAL, REAL[:100], metrics=metrics)
        assert (found["number"], found["made"]) == (3100, 100)
        assert (found["estimate"], found["estimate_se"], found["estimate_floor"]) == (2, 0.5, 1)
        assert (found["several_a"], found["several_b"]) == (1, 2)
        assert (found["vector_0"], found["vector_1"]) == (1, 2)
        assert "ks" not in found

    def test_a_record_of_the_librarys_gives_its_fields(self) -> None:
        centres = np.array([[0.0, 0.0], [5.0, 5.0]])
        fake = RNG.normal(size=(300, 2)) * 0.1
        modes = partial(mode_coverage, centres=centres, std=0.1)
        found = self.columns(fake, fake, metrics={"modes": modes})
        assert found["modes"] == 1

    def test_an_evaluator_is_what_samples_are_seen_through(self, home: Path) -> None:
        class Halves:
            name = "halves-1"

            def features(self, samples: np.ndarray) -> np.ndarray:
                assert samples.shape[1:] == (4, 4)
                return samples.reshape(len(samples), -1)[:, :1]

        with gandiag.Monitor(home, real=RNG.random((80, 4, 4)), evaluator=Halves()) as monitor:
            monitor.log_samples(0, fake=RNG.random((60, 4, 4)))
        results = gandiag.load(home)
        assert "wasserstein" in results.series
        assert results.provenance["notes"]["evaluator"] == "halves-1"


@pytest.fixture
def complaint() -> Iterator[Callable[[str], None]]:
    """Says that one warning was heard, and what it has to say."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        asked: list[str] = []
        yield asked.append
    said = [str(one.message) for one in heard if one.category is MonitorWarning]
    assert len(said) == len(asked)
    for words, message in zip(asked, said, strict=True):
        assert words in message


Complaint = Callable[[str], None]


def notes(home: Path) -> dict[str, str]:
    return dict(gandiag.load(home).provenance["notes"])


class TestBadInput:
    """Every case has an outcome that is written down; none reaches the loop."""

    def logged(self, home: Path, *fakes: Any, real: Any = REAL) -> pd.DataFrame:
        with gandiag.Monitor(home, real=real, every=1) as monitor:
            for step, fake in enumerate(fakes):
                monitor.log(step, d_loss=1.0)
                monitor.log_samples(step, fake=fake)
        return gandiag.load(home).series

    def test_another_width(self, home: Path, complaint: Complaint) -> None:
        complaint("fake has samples of shape (3,), real of (1,)")
        series = self.logged(home, np.zeros((9, 3)), RNG.normal(size=50))
        assert series["iteration"].tolist() == [0, 1]
        assert series["mean"].isna().tolist() == [True, False]
        assert "shape" in notes(home)["monitor: samples"]

    def test_one_sample(self, home: Path) -> None:
        series = self.logged(home, [4.0])
        assert (series["mean"][0], series["std"][0]) == (4, 0)

    def test_one_sample_in_the_plane_loses_only_what_needs_more(self, home: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MonitorWarning)
            series = self.logged(home, [[4.0, 1.0]], real=RNG.normal(size=(99, 2)))
        assert series["mean_0"][0] == 4

    def test_constant_samples(self, home: Path) -> None:
        series = self.logged(home, np.full(100, 4.0))
        assert series["std"][0] == 0
        assert series["wasserstein"][0] > 0.3
        assert gandiag.load(home).runs["status"].tolist() == ["completed"]

    def test_no_samples(self, home: Path, complaint: Complaint) -> None:
        complaint("fake must be samples on the first axis")
        series = self.logged(home, [])
        assert series["d_loss"].tolist() == [1]
        assert "mean" not in series

    def test_8_bit_images_against_floats(self, home: Path, complaint: Complaint) -> None:
        complaint("real contains 8-bit integers and the other does not")
        real = RNG.integers(0, 256, (30, 4, 4)).astype(np.uint8)
        series = self.logged(home, RNG.random((20, 4, 4)), real=real)
        assert series["d_loss"].tolist() == [1]
        assert "spread" not in series

    def test_8_bit_images_on_both_sides(self, home: Path) -> None:
        images = RNG.integers(0, 256, (30, 4, 4)).astype(np.uint8)
        series = self.logged(home, images[:20], real=images)
        assert series["spread"][0] == pytest.approx(
            images[:20].astype(float).std(0).mean(), rel=0.1
        )

    def test_words_for_samples(self, home: Path, complaint: Complaint) -> None:
        complaint("as real numbers")
        series = self.logged(home, ["a", "b"])
        assert series["d_loss"].tolist() == [1]
        assert "mean" not in series

    def test_a_step_that_falls(self, home: Path, complaint: Complaint) -> None:
        complaint("step fell from 9 to 0")
        with gandiag.Monitor(home, every=5) as monitor:
            for step in [*range(10), *range(9), 10]:
                monitor.log(step, d_loss=float(step))
        series = gandiag.load(home).series
        assert series["iteration"].tolist() == [0, 5, 10]
        assert series["d_loss"].tolist() == [0, 3, 8]
        assert "step fell" in notes(home)["monitor: step"]

    def test_a_vector_for_a_loss(self, home: Path, complaint: Complaint) -> None:
        complaint("d_loss was not recorded: it has shape (3,); log its mean")
        with gandiag.Monitor(home) as monitor:
            for step in range(3):
                monitor.log(step, d_loss=np.zeros(3), g_loss=1.0)
        series = gandiag.load(home).series
        assert "d_loss" not in series
        assert series["g_loss"].iloc[-1] == 1

    def test_a_name_that_a_row_needs(self, home: Path, complaint: Complaint) -> None:
        complaint("iteration was not recorded")
        with gandiag.Monitor(home) as monitor:
            monitor.log(0, iteration=7, g_loss=1.0)
        assert gandiag.load(home).series["iteration"].tolist() == [0]

    def test_samples_logged_twice(self, home: Path, complaint: Complaint) -> None:
        complaint("samples were logged twice at step 0")
        with gandiag.Monitor(home, real=REAL) as monitor:
            monitor.log_samples(0, fake=[1.0, 2.0])
            monitor.log_samples(0, fake=[3.0, 4.0])
        assert gandiag.load(home).series["mean"].tolist() == [1.5]

    def test_what_is_logged_after_the_samples_of_the_last_step(
        self, home: Path, complaint: Complaint
    ) -> None:
        complaint("g_loss: logged after the samples of the last step, in no row")
        with gandiag.Monitor(home, real=REAL, every=1) as monitor:
            for step in range(2):
                monitor.log_samples(step, fake=[1.0, 2.0])
                monitor.log(step, g_loss=float(step))
        series = gandiag.load(home).series
        assert series["g_loss"].tolist()[1] == 0

    def test_a_metric_that_fails(self, home: Path, complaint: Complaint) -> None:
        complaint("the metric mine was not recorded: ZeroDivisionError")
        with gandiag.Monitor(home, real=REAL, metrics={"mine": lambda fake: 1 / 0}) as monitor:
            play(monitor)
        assert gandiag.load(home).series["mean"].notna().all()

    def test_a_step_that_is_not_a_number(self, home: Path, complaint: Complaint) -> None:
        complaint("nothing is recorded of a step that is not a number")
        with gandiag.Monitor(home, every=1) as monitor:
            for step in (0, "one", 2, np.int64(3), 4.0, "two"):
                monitor.log(step, d_loss=1.0)  # type: ignore[arg-type]
        assert gandiag.load(home).series["iteration"].tolist() == [0, 2, 3, 4]

    def test_counts_that_are_none(self, home: Path, complaint: Complaint) -> None:
        complaint("d_updates was not recorded")
        with gandiag.Monitor(home) as monitor:
            monitor.log(0, d_loss=1.0, d_updates=[1, 2], g_updates=np.int64(3))  # type: ignore[arg-type]
        row = gandiag.load(home).series.iloc[0]
        assert (row["d_loss"], row["g_updates"]) == (1, 3)

    def test_a_number_beyond_all_floats(self, home: Path, complaint: Complaint) -> None:
        complaint("huge was not recorded")
        with gandiag.Monitor(home) as monitor:
            monitor.log(0, huge=10**400, g_loss=1.0)
        assert gandiag.load(home).series["g_loss"].tolist() == [1]

    def test_a_failure_within_makes_the_monitor_quiet(
        self, home: Path, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        complaint("nothing more is recorded: RuntimeError")
        with gandiag.Monitor(home) as monitor:
            monitor.log(0, d_loss=1.0)
            monkeypatch.setattr(monitor._recorder._buffer, "add", broken)
            monitor.log(1, d_loss=1.0)
            monitor.log(2, d_loss=1.0)
            assert not monitor.wants_samples(100)
        results = gandiag.load(home)
        assert results.runs["status"].tolist() == ["interrupted"]
        assert "stopped recording after step 0" in notes(home)["monitor"]

    def test_metrics_that_bear_a_name_that_is_taken(self, home: Path) -> None:
        metrics = {"step": lambda fake: 2.0, "iteration": lambda fake: 0.5, "g_loss": len}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MonitorWarning)
            with gandiag.Monitor(home, metrics=metrics) as monitor:
                monitor.log(0, g_loss=7.0)
                monitor.log_samples(0, fake=[1.0, 2.0])
        row = gandiag.load(home).series.iloc[0]
        assert (row["iteration"], row["step"], row["g_loss"]) == (0, 2, 7)
        assert "monitor: iteration" in notes(home)

    def test_an_evaluator_that_fails_once(self, home: Path) -> None:
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

    def test_a_metric_that_writes_into_its_samples(self, home: Path) -> None:
        def vandal(fake: np.ndarray, real: np.ndarray) -> float:
            fake[:] = real[:] = 0
            return 1.0

        with gandiag.Monitor(home, real=REAL, metrics={"vandal": vandal}, every=1) as monitor:
            for step in range(2):
                monitor.log_samples(step, fake=REAL[:50])
        results = gandiag.load(home)
        assert (results.series["mean_floor"] > 3).all()
        assert (results.samples(results.runs["run"][0]).values.mean(axis=(1, 2)) > 3).all()

    def test_without_real_samples_the_first_generated_ones_give_the_form(
        self, home: Path, complaint: Complaint
    ) -> None:
        complaint("fake has samples of shape (3,)")
        series = self.logged(home, np.ones((9, 2)), np.ones((9, 3)), np.ones((9, 2)), real=None)
        assert series["mean_0"].isna().tolist() == [False, True, False]
        assert gandiag.load(home).runs["status"].tolist() == ["completed"]

    def test_threads_that_log_at_once_lose_nothing(self, home: Path) -> None:
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

    def test_a_rule_on_what_is_never_recorded_decides_nothing(self, home: Path) -> None:
        with gandiag.Monitor(home, real=REAL, success={"meen": (3, 5)}) as monitor:
            play(monitor)
        assert gandiag.load(home).runs["success"].isna().all()
        assert "did you mean 'mean'?" in notes(home)["monitor: success"]
        page = report("html")(gandiag.load(home))
        assert "reached the target" not in page
        assert "the success rule cannot be applied" in page

    def test_images_with_their_channels_elsewhere(self, home: Path, complaint: Complaint) -> None:
        complaint("fake has samples of shape (4, 4, 3), real of (3, 4, 4)")
        real = RNG.random((30, 3, 4, 4))
        series = self.logged(home, RNG.random((20, 4, 4, 3)), RNG.random((20, 3, 4, 4)), real=real)
        assert series["spread"].isna().tolist() == [True, False]

    def test_two_records_of_the_same_fields_are_told_apart(self, home: Path) -> None:
        metrics = {
            "near": partial(precision_recall, k=3),
            "far": partial(precision_recall, k=10),
        }
        with gandiag.Monitor(home, real=REAL[:200], metrics=metrics) as monitor:
            monitor.log_samples(0, fake=REAL[:150])
        assert {"precision", "far_precision", "far_recall"} <= set(gandiag.load(home).series)

    def test_a_disk_that_is_full(
        self, home: Path, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        complaint("nothing more is recorded: OSError")
        monitor = gandiag.Monitor(home)

        def full(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("gandiag.store.journal.Journal.append", full)
        for step in range(500):
            monitor.log(step, d_loss=1.0)
        assert gandiag.load(home).runs["status"].tolist() == ["interrupted"]
        assert "No space left on device" in notes(home)["monitor"]

    def test_warnings_that_are_errors_do_not_reach_the_loop(self, home: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with gandiag.Monitor(home) as monitor:
                monitor.log(0, d_loss=np.zeros(2))
                monitor.log("one")  # type: ignore[arg-type]
                monitor.log(1, g_loss=2.0)
        assert gandiag.load(home).series["g_loss"].tolist()[-1] == 2
        assert {"monitor: d_loss", "monitor: step"} <= set(notes(home))


def broken(*_: Any) -> None:
    raise RuntimeError("a bug of ours")


class Broken:
    """An evaluator that is none."""

    name = "broken"

    def features(self, samples: np.ndarray) -> np.ndarray:
        raise ValueError("no weights")


class TestConstruction:
    """What is wrong with the request itself is said at once."""

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"every": 0}, "every, the steps between two rows, must be a whole number"),
            ({"seed": "0"}, "seed must be a whole number of at least 0, not '0'"),
            ({"seed": True}, "seed must be a whole number"),
            ({"success": {"mean": 3}}, r"success bounds mean by \(low, high\)"),
            ({"metrics": {"wassersten": None}}, "did you mean 'wasserstein'"),
            ({"real": [1.0, math.nan]}, "real contains samples that are NaN"),
            ({"real": []}, "real must be samples"),
            ({"existing": "overwrite"}, "existing must be"),
            ({"success": {"mean": (2, 1)}}, "is above"),
            ({"evaluator": len}, "an evaluator has a name and features"),
            ({"iterations": 0}, "iterations"),
            ({"real": [1.0], "evaluator": Broken()}, "the evaluator failed on the real samples: V"),
        ],
        ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
    )
    def test_it_refuses(self, home: Path, given: Any, message: str) -> None:
        with pytest.raises(gandiag.UsageError, match=message):
            gandiag.Monitor(home, **given)

    def test_a_store_of_something_else(self, finished: Path) -> None:
        with pytest.raises(gandiag.UsageError, match="holds another configuration"):
            gandiag.Monitor(finished)

    def test_other_options_are_another_sweep(self, home: Path) -> None:
        gandiag.Monitor(home, options={"lr": 1e-3}).close()
        with pytest.raises(gandiag.UsageError, match=r"options.lr: stored 0.001, asked 0.01"):
            gandiag.Monitor(home, seed=1, options={"lr": 1e-2})

    def test_a_seed_that_has_ended(self, home: Path) -> None:
        gandiag.Monitor(home).close()
        with pytest.raises(gandiag.UsageError, match="already has a run of seed 0, completed"):
            gandiag.Monitor(home)

    def test_a_run_that_is_replaced_is_set_aside(self, home: Path) -> None:
        for loss in (1.0, 2.0, 3.0):
            with gandiag.Monitor(home, existing="replace") as monitor:
                monitor.log(0, d_loss=loss)
        assert gandiag.load(home).series["d_loss"].tolist() == [3]
        kept = sorted((home / "aside").glob("*/metrics.jsonl"))
        assert [json.loads(path.read_text())["d_loss"] for path in kept] == [1, 2]

    def test_a_run_goes_on_where_it_was(self, home: Path) -> None:
        with gandiag.Monitor(home, real=REAL) as monitor:
            play(monitor, steps=201)
        with gandiag.Monitor(home, real=REAL, existing="continue") as monitor:
            for step in range(201, 401):
                monitor.log(step, d_loss=1.0, d_updates=2)
                if monitor.wants_samples(step):
                    monitor.log_samples(step, fake=REAL[:100])
        results = gandiag.load(home)
        assert results.series["iteration"].tolist() == [0, 100, 200, 300, 400]
        assert results.series["d_updates"].tolist() == [2, 202, 402, 602, 802]
        frames = results.samples(results.runs["run"][0])
        assert frames.iterations.tolist() == [0, 100, 200, 300, 400]

    def test_what_a_notebook_runs_again_takes_the_place_of_what_it_began(self, home: Path) -> None:
        first = gandiag.Monitor(home)
        first.log(0, d_loss=1.0)
        with pytest.raises(gandiag.UsageError, match="holds another configuration"):
            gandiag.Monitor(home, options={"lr": 1})
        first.log(1, d_loss=1.0)  # what was refused has ended nothing
        second = gandiag.Monitor(home)
        second.log(0, d_loss=2.0)
        first.log(2, d_loss=1.0)
        second.close()
        assert gandiag.load(home).series["d_loss"].tolist() == [2]
        (kept,) = (home / "aside").glob("*/manifest.json")
        assert json.loads(kept.read_text())["status"] == "interrupted"

    def test_the_comparison_cannot_change_half_way(self) -> None:
        monitor = gandiag.Monitor(None)
        monitor.log(0, d_loss=1.0)
        with pytest.raises(gandiag.UsageError, match="compare comes before the first log"):
            monitor.compare(real=REAL)
