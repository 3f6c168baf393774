"""Since when something that is logged is NaN or infinite, and has not recovered."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.presence import Presence
from gandiag.columns import is_loss
from gandiag.monitoring.log_buffer import Block


class NonFinite:
    """Follows which columns are not finite.

    A loss may recover, as under loss scaling in mixed precision: then it is an event of the run,
    and not its outcome. A column that is NaN as a rule, as between two validations, is not
    measured there; see `gandiag.analysis.presence`.

    Args:
        notify: Called with a column and a step when a column stops being finite.
    """

    def __init__(self, notify: Callable[[str, int], None]) -> None:
        self._notify = notify
        self._columns: dict[str, Presence] = {}
        self._samples: int | None = None
        self._open: set[str] = set()

    @property
    def since(self) -> int | None:
        """The first step of the earliest column that is lost by now; None if none is."""
        return self._earliest(ended=False)

    @property
    def since_at_end(self) -> int | None:
        """The same if nothing follows: no value can come back."""
        return self._earliest(ended=True)

    def _earliest(self, *, ended: bool) -> int | None:
        found = [self._columns[name].lost(loss=is_loss(name), ended=ended) for name in self._open]
        known = [step for step in (*found, self._samples) if step is not None]
        return min(known, default=None)

    def check_samples(self, step: int, finite: bool) -> None:
        """Takes in whether the samples of a step are finite: they were measured in any case."""
        if finite:
            self._samples = None
        elif self._samples is None:
            self._samples = step
            self._notify("samples", step)

    def check_block(self, block: Block) -> None:
        """Takes in all calls of a block."""
        for name, values in zip(block.names, block.values.T, strict=True):
            self._take(name, block.steps, values)

    def _take(self, name: str, steps: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        column = self._columns.setdefault(name, Presence())
        finite = np.isfinite(values)
        if not finite.all():
            first = int(np.argmin(finite))
            infinite = bool(np.isinf(values).any())
            new = first > 0 or name not in self._open
            if new and (infinite or (not column.sporadic and column.known + first > 0)):
                self._notify(name, int(steps[first]))
        column.take(steps, values)
        (self._open.add if column.length else self._open.discard)(name)
