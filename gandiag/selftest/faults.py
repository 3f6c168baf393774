"""The faults that are planted, and what is right to say of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gandiag.analysis.episode import Kind
from gandiag.analysis.names import Name
from gandiag.selftest import faulty_games, faulty_players, faulty_samples
from gandiag.selftest.course import Course
from gandiag.selftest.target import Family

Plant = Callable[[np.random.Generator, Course, int], Course]

EVERYWHERE: tuple[Family, ...] = ("line", "modes", "features")


@dataclass(frozen=True)
class Fault:
    """A way in which a healthy run goes wrong.

    Attributes:
        name: What it is called.
        plant: Makes it of a healthy run, since a log point; its docstring says how strong it is.
        right: The verdicts that are right at the end, the best first.
        kinds: The kinds of episodes that show it.
        families: On which data it can be.
        between: The least and the greatest part of the length before it begins.
        shortest: How many log points a run needs for it.
    """

    name: str
    plant: Plant
    right: tuple[Name, ...]
    kinds: tuple[Kind, ...]
    families: tuple[Family, ...] = EVERYWHERE
    between: tuple[float, float] = (0.3, 0.7)
    shortest: int = 60

    @property
    def strength(self) -> str:
        """How strong it is, in words."""
        return " ".join((self.plant.__doc__ or "").split())


_WIDE: tuple[Family, ...] = ("line", "features")

FAULTS = {
    fault.name: fault
    for fault in (
        Fault("frozen-generator", faulty_players.frozen_generator, ("dead",), ("standstill",)),
        Fault(
            "dead-generator",
            faulty_players.dead_generator,
            ("dead",),
            ("standstill",),
        ),
        Fault("dead-discriminator", faulty_players.dead_discriminator, ("dead",), ("standstill",)),
        Fault("nan", faulty_players.not_a_number, ("diverging",), ("non-finite",)),
        Fault("blow-up", faulty_players.blow_up, ("diverging",), ("blow-up",)),
        Fault(
            "shrinking-variance",
            faulty_samples.shrinking_variance,
            ("collapsed",),
            ("collapse",),
            ("line",),
        ),
        Fault(
            "mean-image", faulty_samples.mean_image, ("collapsed",), ("collapse",), ("features",)
        ),
        Fault(
            "late-collapse",
            faulty_samples.late_collapse,
            ("collapsed",),
            ("collapse",),
            between=(0.5, 0.7),
        ),
        Fault("few-modes", faulty_samples.few_modes, ("collapsed",), ("collapse",), ("modes",)),
        Fault(
            "lost-modes",
            faulty_samples.lost_modes,
            ("partially-collapsed",),
            ("partial-collapse",),
            ("modes",),
        ),
        Fault(
            "duplicated-mode",
            faulty_samples.duplicated_mode,
            ("partially-collapsed",),
            ("partial-collapse",),
            ("modes",),
        ),
        Fault(
            "narrow-peak",
            faulty_samples.narrow_peak,
            ("partially-collapsed",),
            ("partial-collapse",),
            _WIDE,
        ),
        Fault(
            "growing-oscillation",
            faulty_samples.growing_oscillation,
            ("oscillating", "diverging"),
            ("oscillation",),
            ("line",),
            shortest=200,
        ),
        Fault(
            "limit-cycle",
            faulty_samples.limit_cycle,
            ("oscillating",),
            ("oscillation",),
            ("line",),
            shortest=200,
        ),
        Fault(
            "rotating-modes",
            faulty_samples.rotating_modes,
            ("oscillating", "collapsed"),
            ("mode-hopping", "collapse"),
            ("modes",),
        ),
        Fault(
            "wrong-mean",
            faulty_samples.wrong_mean,
            ("off-target",),
            ("quality-regression", "stagnation"),
            _WIDE,
        ),
        Fault(
            "overpowering-discriminator",
            faulty_games.overpowering_discriminator,
            ("off-target",),
            ("d-overpowering", "vanishing-gradient", "quality-regression"),
            _WIDE,
        ),
        Fault(
            "blind-discriminator",
            faulty_games.blind_discriminator,
            ("off-target",),
            ("d-blind", "quality-regression"),
            _WIDE,
        ),
        Fault(
            "misleading-loss",
            faulty_games.misleading_loss,
            ("off-target",),
            ("quality-regression",),
            _WIDE,
            between=(0.3, 0.5),
            shortest=200,
        ),
        Fault("loss-spike", faulty_games.loss_spike, ("healthy",), ("loss-spike",), shortest=200),
    )
}
"""All faults by name."""
