"""For those who build on gandiag: a scripted runner, and a runner's promise as checks."""

from gandiag.testing.promises import check_runner
from gandiag.testing.scripted import RUNNER, ScriptedRunner

__all__ = ["RUNNER", "ScriptedRunner", "check_runner"]
