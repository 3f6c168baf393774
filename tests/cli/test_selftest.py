"""``gandiag selftest``."""

from __future__ import annotations

import json
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from gandiag.analysis.names import Name
from gandiag.cli import selftest
from gandiag.selftest.cases import HEALTHY
from gandiag.selftest.faults import FAULTS
from gandiag.selftest.scoring import DiagnosisFunctions, VerdictLike

Call = Callable[..., CompletedProcess[str]]


class Well:
    """Always the verdict healthy."""

    name: Name = "healthy"
    onset = None


def always_well(record: object) -> VerdictLike:
    return Well()


def nothing(record: object) -> tuple[()]:
    return ()


@pytest.fixture(autouse=True)
def _a_blind_diagnosis(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replaces the diagnosis, because only the command is tested here."""
    blind = DiagnosisFunctions(always_well, nothing, nothing)
    monkeypatch.setattr(selftest, "_diagnosis", lambda: blind)


def test_the_document_has_all_faults_detectors_and_healthy_runs(call: Call) -> None:
    done = call("selftest", "--runs", "2", "--draws", "0", "--jobs", "1", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    table = json.loads(done.stdout)
    assert table["schema"] == "gandiag.selftest/1"
    assert (table["set"], table["runs"]) == ("reporting", 2)
    assert table["healthy"]["all"]["any_alarm"]["n"] == 2 * len(HEALTHY)
    assert table["healthy"]["all"]["any_alarm"]["k"] == 0
    assert set(table["faults"]) == set(FAULTS)
    missed = table["faults"]["nan"]["found"]
    assert (missed["k"], missed["n"], missed["rate"]) == (0, 2, 0.0)
    assert missed["interval"] == pytest.approx([0.0, 1 - 0.025**0.5])
    assert table["faults"]["nan"]["verdicts"] == {"healthy": 2}


def test_without_json_three_tables_list_every_fault_with_its_rate(call: Call) -> None:
    done = call("selftest", "--runs", "1", "--draws", "0", "--jobs", "1", "--set", "calibrating")
    assert (done.returncode, done.stderr) == (0, "")
    assert "calibrating set, runs of each kind: 1" in done.stdout
    for word in ("healthy runs", "faults", "detectors", *FAULTS, *HEALTHY):
        assert word in done.stdout
    assert "0/1 (0–98 %)" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 200


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "all"), "'all' is not one of"),
        (("--runs", "0"), "error: --runs 0: at least one run of each kind is needed"),
        (("--draws", "-1"), "error: --draws -1: a number of runs, or 0 for none"),
        (("--jobs", "0"), "error: --jobs 0: at least one worker is needed"),
    ],
)
def test_an_invalid_option_is_refused_in_one_line(
    words: tuple[str, ...], said: str, call: Call
) -> None:
    done = call("selftest", *words)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
