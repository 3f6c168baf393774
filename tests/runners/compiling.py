"""Compiles the engine of a process once, however many trainings it is to make."""

from __future__ import annotations

from copy import copy
from typing import Any

from gandiag.running.runner import Engine, Runner, Setting, Tree
from gandiag.training.process import Process


class CompiledOnce:
    """A runner whose engines of a process share one program, each with its own state.

    That a program which is compiled anew makes the same numbers, other tests say.
    """

    def __init__(self, found: Runner) -> None:
        self._found = found
        self._made: dict[Any, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._found, name)

    def engine(
        self, process: Process, evaluation: Tree, setting: Setting, precision: str
    ) -> Engine:
        """An engine that looks at what it is told to."""
        key = (process, setting, precision)
        if key not in self._made:
            self._made[key] = self._found.engine(process, evaluation, setting, precision)
            return self._made[key]  # type: ignore[no-any-return]
        engine = copy(self._made[key])
        engine._evaluation = engine._program.prepare(engine._to_tensors(evaluation))
        return engine  # type: ignore[no-any-return]
