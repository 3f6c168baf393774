"""The format of a file or folder is recognised, and anything else is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from gandiag.errors import UsageError
from gandiag.exchange import formats

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    ("path", "kind", "count"),
    [
        ("events", "tensorboard", 2),
        ("mlruns", "mlflow", 2),
        ("wandb-history.csv", "table", 1),
        ("wandb-history.jsonl", "table", 1),
    ],
)
def test_the_format_is_recognised(path: str, kind: str, count: int) -> None:
    sources = formats.locate(DATA / path)
    assert [name for name, _ in sources] == [kind] * count


def test_a_named_format_is_the_only_one_that_is_tried(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("step,d_loss\n0,1\n")
    (tmp_path / "events.out.tfevents.1").touch()
    assert [name for name, _ in formats.locate(tmp_path)] == ["tensorboard"]
    assert formats.locate(tmp_path, "table") == [("table", tmp_path / "log.csv")]
    with pytest.raises(UsageError, match="has no logs"):
        formats.locate(tmp_path, "mlflow")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.csv").mkdir()
    with pytest.raises(UsageError, match=r"cannot read .*log\.csv"):
        formats.read(("table", tmp_path / "log.csv"), None)
