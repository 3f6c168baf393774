"""The faults of drawn samples by name: which data they suit, and how strong they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gandiag.selftest.drawn import changes
from gandiag.selftest.drawn.changes import Make
from gandiag.selftest.drawn.population import Population


@dataclass(frozen=True)
class Fault:
    """A way in which a generator is wrong.

    Attributes:
        name: Its name.
        make: Makes what the generator draws; its docstring describes the strength.
        strengths: The least and the greatest strength.
        suits: Whether it can be planted in some data.
        unit: The unit of the strength.
    """

    name: str
    make: Make
    strengths: tuple[float, float]
    suits: Callable[[Population], bool]
    unit: str


def _smooth(data: Population) -> bool:
    return bool(data.smooth)


FAULTS = {
    fault.name: fault
    for fault in (
        Fault("offset", changes.offset, (0.25, 0.8), _smooth, "robust sd"),
        Fault("narrow", changes.width, (0.2, 0.7), _smooth, "ratio of widths"),
        Fault("wide", changes.width, (1.3, 2.6), _smooth, "ratio of widths"),
        Fault("lost", changes.lost, (0.03, 0.5), lambda data: True, "share of the data"),
        Fault("misplaced", changes.misplaced, (0.03, 0.5), lambda data: data.junk is not None,
              "share of the samples"),
        Fault("repeated", changes.repeated, (1, 10), lambda data: True, "distinct samples"),
        Fault("swing", changes.swing, (0.15, 0.7), _smooth, "robust sd"),
        Fault("scrambled", changes.scrambled, (1, 1),
              lambda data: data.name.startswith("correlated"), "always the same"),
    )
}  # fmt: skip
"""The faults by name."""

HEALTHY = "none"
"""The name of a run without a fault."""
