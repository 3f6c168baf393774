"""What has to be done: every seed once, in its own lane, and nothing that is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandiag.errors import StoreError, UsageError
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment
from gandiag.plugins import runner
from gandiag.running.runner import Setting
from gandiag.running.training_loop import lanes_of
from gandiag.store.journal import Journal
from gandiag.store.manifest import Manifest, Status
from gandiag.store.store import Store
from gandiag.sweeping.execution import make_plan
from gandiag.sweeping.plan import Choice, make_jobs, missing_runs, plan_runs
from gandiag.sweeping.request import Request

EXPERIMENT = read_experiment("devnag-1d", {"schedule.iterations": 20})
OTHER = read_experiment("devnag-1d", {"schedule.iterations": 30})
NOWHERE = Store(Path("nowhere"))


def asked(
    seeds: Sequence[int], width: int = 10, experiments: Mapping[str, Experiment] = {"": EXPERIMENT}
) -> list[Manifest]:
    choice = Choice(runner("scripted"), Setting("cpu", "script", width), {"scripted": "1"})
    choices = {(point, "scripted"): choice for point in experiments}
    return plan_runs(experiments, choices, seeds, "typed")


def seed_of(runs: Sequence[Manifest]) -> dict[str, int]:
    return {run.identity.directory: run.identity.seed for run in runs}


@given(
    st.sets(st.integers(0, 200), min_size=1, max_size=60).map(sorted), st.sampled_from([1, 3, 10])
)
def test_every_seed_is_trained_once_and_in_its_lane(seeds: list[int], width: int) -> None:
    runs = asked(seeds, width)
    seed = seed_of(runs)
    jobs = make_jobs(NOWHERE, runs)
    assert sorted(seed[name] for job in jobs for name in job.runs) == seeds
    for job in jobs:
        members = [seed[name] for name in job.runs]
        assert members == sorted(members)
        assert len({member % width for member in members}) == len(members) <= width
        lanes = lanes_of(members, width)
        assert len(lanes) == width
        assert all(lanes[member % width] == member for member in members)


@given(st.sets(st.integers(0, 200), min_size=1, max_size=60))
def test_there_are_no_more_groups_than_the_fullest_lane_needs(seeds: set[int]) -> None:
    lanes = [seed % 10 for seed in seeds]
    fullest = max(lanes.count(lane) for lane in lanes)
    assert len(make_jobs(NOWHERE, asked(sorted(seeds)))) == fullest


def test_ten_seeds_in_a_row_are_one_group_and_fifty_are_five() -> None:
    assert len(make_jobs(NOWHERE, asked(range(10)))) == 1
    assert len(make_jobs(NOWHERE, asked(range(5, 15)))) == 1
    assert [len(job.runs) for job in make_jobs(NOWHERE, asked(range(50)))] == [10] * 5


def test_the_points_of_a_grid_do_not_share_a_group() -> None:
    runs = asked(range(3), experiments={"a": EXPERIMENT, "b": OTHER})
    jobs = make_jobs(NOWHERE, runs)
    point = {run.identity.directory: run.point for run in runs}
    assert [{point[name] for name in job.runs} for job in jobs] == [{"a"}, {"b"}]


def test_a_run_says_how_it_was_asked_for() -> None:
    (run,) = asked([7])
    assert (run.status, run.command, run.device) == ("pending", "typed", "cpu")
    assert run.identity.seed == 7
    assert run.identity.experiment == EXPERIMENT.resolved()
    assert run.identity.versions.keys() == {"gandiag", "numpy", "scripted"}
    assert run.platform.keys() == {"system", "python"}
    assert run.run == run.identity.run


def test_an_ordered_latent_is_noted_where_errors_are_missing() -> None:
    experiment = read_experiment("aylien-1d")
    choice = Choice(runner("scripted"), Setting("cpu", "script", 10))
    (run,) = plan_runs({"": experiment}, {("", "scripted"): choice}, [0], "typed")
    assert "ordered and stratified" in run.notes["se"]
    assert asked([0])[0].notes == {}


class Held(Store):
    """A store that holds some runs."""

    def __init__(self, held: list[Manifest]) -> None:
        super().__init__(Path("held"))
        self._held = held

    def runs(self) -> Any:
        return ((Path(run.identity.directory), run) for run in self._held)


@pytest.mark.parametrize(
    ("status", "redone", "retried"),
    [
        ("pending", True, True),
        ("running", True, True),
        ("interrupted", True, True),
        ("completed", False, False),
        ("diverged", False, False),
        ("crashed", False, True),
        ("timed-out", False, True),
    ],
)
def test_what_is_done_again_depends_on_the_status(
    status: Status, redone: bool, retried: bool, tmp_path: Path
) -> None:
    runs = asked([3, 4])
    store = Held([runs[0].with_(status=status)])
    store.directory = tmp_path
    (tmp_path / runs[0].identity.directory).mkdir()
    with Journal(tmp_path / runs[0].identity.directory) as journal:
        journal.append({"phase": "train", "iteration": 0})
    assert missing_runs(store, runs, retry_failed=False) == (runs if redone else runs[1:])
    assert missing_runs(store, runs, retry_failed=True) == (runs if retried else runs[1:])


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"mode": "eager"}, "mode: stored 'eager', asked 'script'"),
        ({"width": 5}, "width: stored 5, asked 10"),
        ({"device_kind": "cuda"}, "device_kind: stored 'cuda', asked 'cpu'"),
        (
            {"versions": {"gandiag": "0.0.9", "numpy": "1", "scripted": "1"}},
            "versions.gandiag: stored '0.0.9', asked '0.1.0'",
        ),
    ],
)
def test_a_seed_that_was_trained_in_another_way_is_refused_with_the_difference(
    changes: dict[str, Any], line: str
) -> None:
    runs = asked([3])
    identity = runs[0].identity.model_copy(update=changes)
    other = runs[0].with_(identity=identity, run=identity.run)
    with pytest.raises(
        StoreError, match="contains seed 3 on scripted, trained with other settings"
    ) as e:
        missing_runs(Held([other]), runs, retry_failed=False)
    assert line in str(e.value)
    assert "Nothing was changed" in str(e.value)


def test_other_seeds_points_and_backends_are_no_contradiction() -> None:
    (run,) = asked([3])
    others = []
    for changes in ({"seed": 4}, {"backend": "torch", "mode": "eager"}):
        identity = run.identity.model_copy(update=changes)
        others.append(run.with_(identity=identity, run=identity.run))
    assert missing_runs(Held(others), [run], retry_failed=False) == [run]


def test_another_seed_that_was_trained_in_another_way_is_refused_too() -> None:
    (run,) = asked([3])
    identity = run.identity.model_copy(update={"seed": 4, "width": 5})
    with pytest.raises(StoreError, match="width: stored 5, asked 10"):
        missing_runs(
            Held([run.with_(identity=identity, run=identity.run)]), [run], retry_failed=False
        )


def test_a_run_whose_records_are_all_damaged_is_made_again(tmp_path: Path) -> None:
    (run,) = asked([3])
    store = Held([run.with_(status="completed")])
    store.directory = tmp_path
    (tmp_path / run.identity.directory).mkdir()
    (tmp_path / run.identity.directory / "metrics.jsonl").write_text("{\n{}\n")
    assert missing_runs(store, [run], retry_failed=False) == [run]


def test_a_plan_writes_nothing(tmp_path: Path) -> None:
    plan = make_plan(Request(backend="scripted", out=tmp_path / "store"))
    assert len(plan.runs) == len(plan.missing) == 10
    assert list(tmp_path.iterdir()) == []


def test_the_store_is_called_by_the_experiment_unless_told(tmp_path: Path) -> None:
    assert make_plan(Request("dirac:r1", backend="scripted")).store.directory == Path(
        "runs/dirac-r1"
    )
    assert make_plan(Request(backend="scripted", out=tmp_path)).store.directory == tmp_path


def test_an_experiment_of_ones_own_can_be_planned(tmp_path: Path) -> None:
    plan = make_plan(Request(EXPERIMENT, seeds=[4], backend="scripted", out=tmp_path))
    assert plan.base is EXPERIMENT
    assert [run.identity.seed for run in plan.runs] == [4]


def test_settings_need_an_experiment_by_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="by name"):
        make_plan(Request(EXPERIMENT, backend="scripted", settings={"title": "x"}, out=tmp_path))


@pytest.mark.parametrize("jobs", [0, -2])
def test_no_worker_is_too_few(jobs: int) -> None:
    with pytest.raises(UsageError, match=f"--jobs {jobs}: at least one worker"):
        make_plan(Request(backend="scripted", jobs=jobs))


def test_an_unknown_mode_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="no mode of scripted 'scrpt'; did you mean 'script'"):
        make_plan(Request(backend="scripted", mode="scrpt"))


def test_a_rule_on_a_column_that_is_not_recorded_is_refused() -> None:
    with pytest.raises(UsageError, match="no column 'wassersten'; did you mean 'wasserstein'"):
        make_plan(Request(backend="scripted", settings={"success.0.column": "wassersten"}))
