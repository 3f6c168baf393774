"""MLflow's file store: runs in the order of their start, metrics line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from gandiag.errors import UsageError
from gandiag.exchange.mlflow import locate, read


def run(folder: Path, start: int, **metrics: str) -> Path:
    """Writes a run; ``__`` in the name of a metric is a folder."""
    for name, text in metrics.items():
        path = folder / "metrics" / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "meta.yaml").write_text(f"run_id: x\nstart_time: {start}\n")
    return folder


def test_runs_are_ordered_by_their_start_and_deleted_ones_are_left_out(tmp_path: Path) -> None:
    late = run(tmp_path / "0" / "a", 2000, d_loss="1 1 0")
    early = run(tmp_path / "0" / "b", 1000, d_loss="1 1 0")
    run(tmp_path / ".trash" / "c", 500, d_loss="1 1 0")
    assert locate(tmp_path) == [early, late]
    assert locate(early) == [early]


def test_tags_are_paths_and_times_are_seconds(tmp_path: Path) -> None:
    folder = run(tmp_path / "a", 0, loss__d="1500 0.5 10\n2500 nan 20\n", fid="3000 7\n")
    (log,) = read(folder)
    points = [(point.step, point.tag, str(point.value), point.time) for point in log.points]
    assert points == [
        (0, "fid", "7.0", 3.0),  # the oldest versions wrote no step
        (10, "loss/d", "0.5", 1.5),
        (20, "loss/d", "nan", 2.5),
    ]


@pytest.mark.parametrize("line", ["a", "1500 x 3", "1500 0.5 1.5"])
def test_a_line_of_another_form_is_refused_with_its_number(line: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"d_loss, line 2: .* is not 'timestamp value step'"):
        read(run(tmp_path / "a", 0, d_loss=f"1 1 0\n{line}\n"))


def test_a_run_without_metrics_is_refused(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    with pytest.raises(UsageError, match="contains no metrics"):
        read(tmp_path)
