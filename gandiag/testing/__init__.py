"""For authors of runners and tests: checks of what a runner promises, and a scripted runner."""

from gandiag.testing.promises import check_runner
from gandiag.testing.scripted import RUNNER, ScriptedRunner

__all__ = ["RUNNER", "ScriptedRunner", "check_runner"]
