"""A short experiment, a run of it, and the command line in this or another process."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import hypothesis
import pytest

# As in our workers, and before NumPy: threads of several tests on few cores wait for each other.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import gandiag
from gandiag import cli
from gandiag.experiment.loading import experiment_from
from gandiag.store.manifest import Manifest
from gandiag.store.run import RunWriter
from gandiag.sweeping.execution import make_plan
from gandiag.sweeping.request import Request

hypothesis.settings.register_profile("gandiag", deadline=None)
hypothesis.settings.load_profile("gandiag")

PATIENCE_S = 120.0
"""The time limit of a process in a test, in seconds."""

QUICK: dict[str, Any] = {
    "schedule.iterations": 20,
    "schedule.batch": 8,
    "schedule.d_steps": 1,
    "schedule.g_steps": 1,
    "recording.every": 5,
    "recording.frame_every": 5,
    "recording.samples": 40,
    "recording.batches": 4,
}


@pytest.fixture
def without_text(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """When called, every text of a finding, an episode and a verdict is "x" from then on."""
    from gandiag.analysis.episode import Episode
    from gandiag.analysis.finding import Finding
    from gandiag.analysis.verdict import Verdict

    def mute(kind: type, *names: str) -> None:
        fill: Callable[..., None] = kind.__init__  # type: ignore[misc]

        def filled(self: Any, *values: Any, **fields: Any) -> None:
            fill(self, *values, **fields)
            for name in names:
                text = getattr(self, name)
                object.__setattr__(self, name, "x" if isinstance(text, str) else ("x",) * len(text))

        monkeypatch.setattr(kind, "__init__", filled)

    def mute_all() -> None:
        mute(Finding, "sentence", "against")
        mute(Episode, "description")
        mute(Verdict, "since", "statements")

    return mute_all


@pytest.fixture
def no_rates(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The shipped table of error rates, without any of drawn runs; a test may plant some."""
    from gandiag.selftest import rates

    table = {key: value for key, value in rates.shipped().items() if key != "by_evidence"}
    monkeypatch.setattr(rates, "shipped", lambda: table)
    return table


@pytest.fixture
def rates_of_kind(no_rates: dict[str, Any]) -> Callable[..., None]:
    """Plants the rates of a verdict (k and n) on a kind of evidence and a band of samples."""
    from gandiag.selftest.rates import proportion

    def rate(k: int, n: int) -> dict[str, Any]:
        return proportion([True] * k + [False] * (n - k))

    def plant(evidence: str, band: str, verdict: str, *counts: tuple[int, int]) -> None:
        names = ("deserved", "missed", "false_alarms")
        row = {name: rate(*each) for name, each in zip(names, counts, strict=False)}
        bands = no_rates.setdefault("by_evidence", {}).setdefault(evidence, {})
        of_band = bands.setdefault(band, {"any_alarm": rate(1, 400), "verdicts": {}})
        of_band["verdicts"][verdict] = row

    return plant


def pytest_configure() -> None:
    """Enables Ctrl-C even if the tests were started in the background, which disables it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Removes settings of script, colour and width, so that each test sets its own."""
    for name in ("GANDIAG_SCRIPT", "FORCE_COLOR", "NO_COLOR", "COLUMNS", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONSAFEPATH", "1")


@pytest.fixture(scope="session")
def quick() -> dict[str, Any]:
    """Settings that make ``devnag-1d`` fast."""
    return dict(QUICK)


@pytest.fixture
def sweeping(tmp_path: Path) -> Callable[..., list[str]]:
    """The arguments of a fast sweep on the scripted runner into ``tmp_path / "store"``."""

    def words(
        *more: str, seeds: str = "3", preset: str = "devnag-1d", **overrides: Any
    ) -> list[str]:
        settings = [f"--set={key}={value}" for key, value in (QUICK | overrides).items()]
        store = str(tmp_path / "store")
        return [
            *("sweep", preset, "--backend=scripted", f"--seeds={seeds}", f"--out={store}"),
            *("--no-report", *settings, *more),
        ]

    return words


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Callable[..., CompletedProcess[str]]:
    """Runs the command line in this process."""

    def run(*words: str) -> CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["gandiag", *words])
        out, err, code = io.StringIO(), io.StringIO(), 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                cli.main()
            except SystemExit as leaving:
                code = leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
        return CompletedProcess(["gandiag", *words], code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a Python process; by default the command line of gandiag."""
    started: list[subprocess.Popen[str]] = []

    def begin(*words: str, module: bool = True, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *(["-m", "gandiag"] if module else []), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=dict(os.environ) | environment,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def run(start: Callable[..., subprocess.Popen[str]]) -> Callable[..., CompletedProcess[str]]:
    """Runs a Python process to its end."""

    def finish(*words: str, **options: Any) -> CompletedProcess[str]:
        process = start(*words, **options)
        out, err = process.communicate(timeout=PATIENCE_S)
        return CompletedProcess(list(words), process.returncode, out, err)

    return finish


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of four runs, of which seed 3 diverged at iteration 7; read it or copy it only."""
    store = tmp_path_factory.mktemp("finished") / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANDIAG_SCRIPT", '{"3": {"diverge": 7}}')
        gandiag.sweep("devnag-1d", 4, backend="scripted", settings=QUICK, out=store)
    return store


@pytest.fixture
def store(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished store."""
    return Path(shutil.copytree(finished, tmp_path / "store"))


@pytest.fixture
def manifest(quick: dict[str, Any], tmp_path: Path) -> Manifest:
    """The manifest of seed 3."""
    out = tmp_path / "nowhere"
    request = Request(seeds="3-3", backend="scripted", settings=quick, out=out, command="typed")
    return make_plan(request).runs[0]


@pytest.fixture
def writer(manifest: Manifest, tmp_path: Path) -> Callable[[], RunWriter]:
    """Opens the run of seed 3, again at every call."""
    directory = tmp_path / "run"
    directory.mkdir()
    experiment = experiment_from(manifest.identity.experiment, "here")
    return lambda: RunWriter(directory, manifest, experiment)
