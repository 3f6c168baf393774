"""Since when something that is logged is NaN or infinite, and has not recovered."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gandiag.monitoring.log_buffer import Block


class NonFinite:
    """Follows which columns are not finite.

    A loss may recover, as under loss scaling in mixed precision: then it is an event of the run,
    and not its outcome.

    Args:
        notify: Called with a column and a step when the column stops being finite.
    """

    def __init__(self, notify: Callable[[str, int], None]) -> None:
        self._notify = notify
        self._since: dict[str, int] = {}

    @property
    def since(self) -> int | None:
        """The first step of the earliest column that is not finite now; None if all are."""
        return min(self._since.values(), default=None)

    def check(self, name: str, step: int, finite: bool) -> None:
        """Takes in whether a column is finite at a step."""
        if finite:
            self._since.pop(name, None)
        elif name not in self._since:
            self._since[name] = step
            self._notify(name, step)

    def check_block(self, block: Block) -> None:
        """Takes in all calls of a block."""
        finite = np.isfinite(block.values)
        for name, column in zip(block.names, finite.T, strict=True):
            if column[-1] and column.all():
                self._since.pop(name, None)
            else:
                self._check_calls(name, block.steps, column)

    def _check_calls(self, name: str, steps: NDArray[np.int64], finite: NDArray[np.bool_]) -> None:
        """Takes in the first call that is not finite, and the streak that the block ends with."""
        self.check(name, int(steps[np.argmin(finite)]), False)
        if finite[-1]:
            self._since.pop(name)
        elif finite.any():
            streak = len(finite) - int(np.argmax(finite[::-1]))
            self._since[name] = int(steps[streak])
