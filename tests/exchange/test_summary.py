"""The summary of an import names what was renamed, guessed, left out and dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from gandiag.exchange.importing import ImportRequest, ImportResult, import_logs
from gandiag.exchange.summary import as_document, as_lines

TEXT = (
    "step,Loss_D,errG,Loss_G,seed,lr\n0,1,2,3,7,0.1\n5,1,2,3,7,0.1\n2,4,5,6,7,0.1\n2,8,5,6,7,0.1\n"
)


@pytest.fixture
def result(tmp_path: Path) -> ImportResult:
    (tmp_path / "log.csv").write_text(TEXT)
    request = ImportRequest(
        [tmp_path / "log.csv"], tmp_path / "store", columns={"rate": "lr"}, seed=3, resumed=True
    )
    return import_logs(request)[1][0]


def test_the_lines_explain_every_tag(result: ImportResult) -> None:
    first, *lines = as_lines(result)
    assert first.startswith("seed 3: ")
    assert first.endswith("log.csv (csv), completed, 2 rows, steps 0 to 2")
    assert lines == [
        "  d_loss is Loss_D (guessed from the name; change it with --d-loss, --g-loss or --map)",
        "  rate is lr",
        "  not renamed: errG, Loss_G",
        "  g_loss may be errG or Loss_G; choose one with --g-loss",
        "  left out: seed",
        "  5 values repeat a step; the last one was kept",
        "  5 values were logged again after a restart",
    ]


def test_the_document_has_the_same_facts(result: ImportResult) -> None:
    document = as_document(result)
    assert (document["seed"], document["rows"], document["status"]) == (3, 2, "completed")
    assert document["columns"] == {
        "d_loss": "Loss_D", "rate": "lr", "errG": "errG", "Loss_G": "Loss_G",
    }  # fmt: skip
    assert document["guessed"] == ["d_loss"]
    assert document["unclear"] == {"g_loss": ["errG", "Loss_G"]}
    assert (document["left_out"], document["superseded"]) == (["seed"], 5)
