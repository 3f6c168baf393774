"""``gandiag import`` with a measure of quality and the meaning of D's loss."""

from __future__ import annotations

import math

import pytest

import gandiag
from gandiag.diagnosis.runs import diagnose_runs
from gandiag.errors import UsageError
from gandiag.exchange.importing import ImportRequest, import_logs


@pytest.fixture
def log(tmp_path):
    rows = [f"{k},1.38,0.69,{20 - k if k < 9 else 11 + k}" for k in range(40)]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["step,d_loss,g_loss,fid", *rows]))
    return path


def test_the_quality_and_the_loss_are_kept_with_the_run(log, tmp_path):
    known = {"quality": {"fid": "low"}, "d_loss": "sum"}
    store, _ = import_logs(ImportRequest([log], tmp_path / "out", **known))
    (run,) = diagnose_runs(gandiag.load(store))
    assert run.record.expected.d_loss == 2 * math.log(2)
    assert run.record.expected.goals == {"fid": "low"}
    assert "quality-regression" in {each.kind for each in run.diagnosis.episodes}


def test_a_quality_that_the_log_lacks_is_refused_by_name(log, tmp_path):
    with pytest.raises(UsageError, match="fid"):
        import_logs(ImportRequest([log], tmp_path / "out", quality={"fidd": "low"}))
