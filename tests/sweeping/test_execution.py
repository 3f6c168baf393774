"""A sweep from Python: what is trained, what is left alone, and what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import gandiag
from gandiag.errors import StoreBusyError, StoreError
from gandiag.store.locking import lock_directory
from gandiag.sweeping import execution
from gandiag.sweeping.display import Silent
from gandiag.sweeping.execution import carry_out, make_plan, sweep
from gandiag.sweeping.request import Request

Numbers = Callable[[Path], dict[str, Any]]


def contents(store: Path) -> dict[str, bytes]:
    """Every file of a store but for locks and logs."""
    return {
        str(path.relative_to(store)): path.read_bytes()
        for path in sorted(store.rglob("*"))
        if path.is_file() and path.name not in (".lock", ".owner.json") and path.suffix != ".log"
    }


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, quick: dict[str, Any]) -> Path:
    """A store of four runs that came to their end."""
    out = tmp_path_factory.mktemp("clean") / "store"
    sweep("devnag-1d", 4, backend="scripted", settings=quick, out=out)
    return out


@pytest.fixture
def store(clean: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(clean, tmp_path / "store"))


@pytest.fixture
def again(store: Path, quick: dict[str, Any]) -> Callable[..., gandiag.Results]:
    """Repeats the sweep of the finished store, with wishes."""

    def repeat(seeds: Any = 4, settings: dict[str, Any] | None = None, **wishes: Any) -> Any:
        settings = quick | (settings or {})
        return sweep("devnag-1d", seeds, backend="scripted", settings=settings, out=store, **wishes)

    return repeat


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets no worker be started."""
    monkeypatch.setattr(execution, "Supervisor", lambda *a, **k: _Idle())


class _Idle:
    def run(self, job: Any) -> None:
        pytest.fail(f"a worker was started for {job.runs}")


@pytest.mark.usefixtures("idle")
def test_a_finished_sweep_is_not_trained_again_and_changes_no_file(
    store: Path, again: Callable[..., gandiag.Results]
) -> None:
    before = contents(store)
    found = again()
    assert found.runs["status"].tolist() == ["completed"] * 4
    assert contents(store) == before


def test_twenty_seeds_after_ten_add_ten_and_leave_the_first_as_they_are(
    tmp_path: Path, quick: dict[str, Any], numbers: Numbers
) -> None:
    wishes: dict[str, Any] = {"backend": "scripted", "settings": quick}
    sweep("devnag-1d", 10, out=tmp_path / "grown", **wishes)
    before = contents(tmp_path / "grown")
    found = sweep("devnag-1d", 20, out=tmp_path / "grown", **wishes)
    after = contents(tmp_path / "grown")
    assert found.runs["seed"].tolist() == list(range(20))
    assert {name: after[name] for name in before} == before
    sweep("devnag-1d", 20, out=tmp_path / "at once", **wishes)
    assert numbers(tmp_path / "grown") == numbers(tmp_path / "at once")


def test_only_what_is_missing_is_trained(
    store: Path, again: Callable[..., gandiag.Results], numbers: Numbers
) -> None:
    before, bytes_before = numbers(store), contents(store)
    gone = str(gandiag.load(store).runs["directory"][1])
    shutil.rmtree(store / gone)
    again(3)
    after = contents(store)
    assert numbers(store) == before
    assert {k for k in after if after[k] != bytes_before[k]} == {
        f"{gone}/{name}" for name in ("manifest.json", "metrics.jsonl", "metrics.parquet")
    }, "the wall times of the run that was redone are the only difference"


@pytest.mark.parametrize("damage", [b"", b"{", b"[]"])
def test_a_run_whose_manifest_is_damaged_is_done_again(
    damage: bytes, store: Path, again: Callable[..., gandiag.Results], numbers: Numbers
) -> None:
    before = numbers(store)
    name = str(gandiag.load(store).runs["directory"][1])
    (store / name / "manifest.json").write_bytes(damage)
    assert again(3).runs["status"].tolist() == ["completed"] * 4
    assert numbers(store) == before


def test_an_unfinished_run_whose_journal_is_damaged_is_done_again(
    store: Path, again: Callable[..., gandiag.Results], numbers: Numbers
) -> None:
    before = numbers(store)
    found = gandiag.load(store)
    name = str(found.runs["directory"][1])
    manifest = store / name / "manifest.json"
    text = manifest.read_text(encoding="utf-8").replace('"completed"', '"running"')
    manifest.write_text(text, encoding="utf-8")
    (store / name / "metrics.parquet").unlink()
    journal = store / name / "metrics.jsonl"
    journal.write_bytes(b"\xff" + journal.read_bytes()[1:])
    assert gandiag.load(store).runs["status"][1] == "interrupted"
    again(3)
    assert numbers(store) == before


@pytest.mark.parametrize(
    ("seeds", "settings", "line"),
    [
        (4, {"schedule.iterations": 30}, "schedule.iterations: stored 20, asked 30"),
        ("40-49", {"schedule.iterations": 30}, "schedule.iterations: stored 20, asked 30"),
        ("40-49", {"title": "x"}, "asked 'x'"),
        (4, {"generator.layers.0.units": 6}, "generator.layers.0.units: stored 5, asked 6"),
    ],
)
@pytest.mark.usefixtures("idle")
def test_another_configuration_is_refused_with_the_difference_and_nothing_changes(
    seeds: Any,
    settings: dict[str, Any],
    line: str,
    store: Path,
    again: Callable[..., gandiag.Results],
) -> None:
    before = contents(store)
    with pytest.raises(StoreError) as caught:
        again(seeds, settings)
    assert line in str(caught.value)
    assert "Nothing was changed" in str(caught.value)
    assert contents(store) == before


@pytest.mark.usefixtures("idle")
def test_another_version_is_refused_and_nothing_changes(
    store: Path, again: Callable[..., gandiag.Results], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gandiag.testing import ScriptedRunner

    before = contents(store)
    monkeypatch.setattr(ScriptedRunner, "version", lambda self: "2")
    with pytest.raises(StoreError, match=r"versions\.scripted: stored '1', asked '2'"):
        again()
    assert contents(store) == before


@pytest.mark.usefixtures("idle")
def test_a_plan_that_is_carried_out_late_leaves_alone_what_was_finished_meanwhile(
    store: Path, quick: dict[str, Any], tmp_path: Path
) -> None:
    place = tmp_path / "late"
    request = Request(seeds=4, backend="scripted", settings=quick, out=place)
    plan = make_plan(request)
    assert len(plan.missing) == 4
    shutil.copytree(store, place)
    before = contents(place)
    assert carry_out(plan, Silent()).runs["status"].tolist() == ["completed"] * 4
    assert contents(place) == before


@pytest.mark.usefixtures("idle")
def test_a_store_in_use_is_refused(store: Path, again: Callable[..., gandiag.Results]) -> None:
    before = contents(store)
    with lock_directory(store), pytest.raises(StoreBusyError, match="in use by process"):
        again(9)
    assert contents(store) == before


def test_a_grid_is_a_sweep_a_point_and_grows_point_by_point(
    tmp_path: Path, quick: dict[str, Any]
) -> None:
    wishes: dict[str, Any] = {"backend": "scripted", "settings": quick, "out": tmp_path / "store"}
    key = "schedule.iterations"
    sweep("devnag-1d", 2, grid={key: [10]}, **wishes)
    before = contents(tmp_path / "store")
    found = sweep("devnag-1d", 2, grid={key: [10, 15]}, **wishes)
    assert found.runs[["point", "seed", "iteration"]].to_numpy().tolist() == [
        *(["schedule.iterations=10", 0, 10], ["schedule.iterations=10", 1, 10]),
        *(["schedule.iterations=15", 0, 15], ["schedule.iterations=15", 1, 15]),
    ]
    assert [e.schedule.iterations for e in found.experiments.values()] == [10, 15]
    after = contents(tmp_path / "store")
    assert {k for k in before if after[k] != before[k]} == {"sweep.json"}
    with pytest.raises(StoreError, match=r"grid: stored .'schedule\.iterations'., asked none"):
        sweep("devnag-1d", "70-71", **wishes)


def test_a_seeds_numbers_do_not_depend_on_its_company_or_on_the_number_of_workers(
    tmp_path: Path, quick: dict[str, Any], numbers: Numbers
) -> None:
    wishes: dict[str, Any] = {"backend": "scripted", "settings": quick}
    sweep("devnag-1d", "7-7", out=tmp_path / "alone", jobs=1, **wishes)
    sweep("devnag-1d", "0-12,27", out=tmp_path / "among", jobs=2, **wishes)
    (alone,) = numbers(tmp_path / "alone").items()
    assert numbers(tmp_path / "among")[alone[0]] == alone[1]


def test_an_experiment_without_a_rule_leaves_success_unknown(
    tmp_path: Path, quick: dict[str, Any]
) -> None:
    settings = quick | {"success": []}
    found = sweep("devnag-1d", 2, backend="scripted", settings=settings, out=tmp_path / "store")
    assert found.runs["status"].tolist() == ["completed"] * 2
    assert found.runs["success"].tolist() == [pd.NA] * 2


def test_both_phases_are_recorded_each_with_its_own_counts(tmp_path: Path) -> None:
    settings = {
        "pretraining.iterations": 20,
        "recording.pretrain_every": 10,
        "schedule.iterations": 10,
        "recording.every": 5,
        "recording.samples": 40,
    }
    found = sweep("aylien-1d", 1, backend="scripted", settings=settings, out=tmp_path / "store")
    told = found.series[["phase", "iteration", "d_updates", "g_updates"]].to_numpy().tolist()
    assert told == [
        *(["pretrain", 0, 0, 0], ["pretrain", 10, 0, 0], ["pretrain", 20, 0, 0]),
        *(["train", 0, 0, 0], ["train", 5, 5, 5], ["train", 10, 10, 10]),
    ]
    pretrain = found.series["phase"] == "pretrain"
    assert found.series.loc[pretrain, "mean"].isna().all()
    assert found.series.loc[~pretrain, "mean"].notna().all()
    assert "mean_se" not in found.series, "an ordered latent has no standard errors"
    assert found.runs["iteration"].tolist() == [10]
