"""A run is located by its directory or by the beginning of its name or id."""

from __future__ import annotations

from pathlib import Path

import pytest

from gandiag.errors import UsageError
from gandiag.sampling.locating import locate_run
from gandiag.store.manifest import read_manifest


def test_a_directory_a_name_and_an_id_lead_to_the_same_run(finished: Path) -> None:
    (run,) = finished.glob("scripted-0001-*")
    manifest = read_manifest(run)
    assert manifest is not None
    for name in (str(run), run.name, "scripted-0001", manifest.run):
        for where in (finished, finished.parent):
            assert locate_run(name, where) == run


def test_what_fits_several_runs_or_none_is_refused(finished: Path) -> None:
    with pytest.raises(UsageError, match=r"4 runs in .* begin with 'scripted', e\.g\. .*-0000-"):
        locate_run("scripted", finished)
    with pytest.raises(UsageError, match=r"there is no run 'torch'.*--store says where else"):
        locate_run("torch", finished)


def test_any_directory_is_taken_at_its_word(tmp_path: Path) -> None:
    assert locate_run(str(tmp_path), Path("nowhere")) == tmp_path
