"""Sessions to test, check and measure this project; ``nox -l`` lists them."""

from __future__ import annotations

import nox

nox.options.sessions = ["tests", "lint", "types"]
nox.options.default_venv_backend = "venv"

ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONSAFEPATH": "1"}
CONSTRAINTS = ("-c", ".ci/constraints.txt")
EXTRAS = {"torch": "torch", "tensorflow": "tensorflow-cpu"}
ADAPTERS = {
    "lightning": "lightning,torch",
    "keras": "keras,tensorflow-cpu",
    "accelerate": "accelerate,torch",
}


@nox.session
def tests(session: nox.Session) -> None:
    """Test the core from the wheel, without a framework."""
    session.install(".[test]")
    session.run("pytest", "-n", "2", *session.posargs, env=ONE_THREAD)


@nox.session
@nox.parametrize("framework", ["torch", "tensorflow"])
def runner(session: nox.Session, framework: str) -> None:
    """Test one runner; a missing framework is a failure here."""
    session.install(*CONSTRAINTS, f".[test,{EXTRAS[framework]}]")
    environment = ONE_THREAD | {"GANDIAG_REQUIRE": framework}
    session.run("pytest", "-m", "not gpu", "tests/runners", *session.posargs, env=environment)


@nox.session
@nox.parametrize("framework", [nox.param(name, id=name) for name in ADAPTERS])
def adapter(session: nox.Session, framework: str) -> None:
    """Test one adapter against the real package; a missing one is a failure here."""
    session.install(*CONSTRAINTS, f".[test,{ADAPTERS[framework]}]")
    environment = ONE_THREAD | {"GANDIAG_REQUIRE": framework}
    test = f"tests/adapters/gandiag_{framework}"
    session.run("pytest", test, *session.posargs, env=environment)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and import contracts."""
    session.install("-e", ".[lint]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types, strictly, with all frameworks installed."""
    extras = "lint,torch,tensorflow-cpu,lightning,keras,accelerate,tensorboard"
    session.install(*CONSTRAINTS, f".[{extras}]")
    session.run("mypy")


@nox.session
def bench(session: nox.Session) -> None:
    """Print benchmarks of speed and memory, as ratios measured in one run."""
    session.install(*CONSTRAINTS, ".[test,torch,tensorflow-cpu]")
    session.run("pytest", "-m", "benchmark", "-s", "tests/benchmarks", env=ONE_THREAD)


@nox.session
def report(session: nox.Session) -> None:
    """Train ten short runs and write their report, to look at."""
    session.install(*CONSTRAINTS, ".[tensorflow-cpu]")
    out = session.create_tmp()
    session.run("gandiag", "sweep", "--seeds", "10", "--iterations", "1000", "--out", f"{out}/runs")
