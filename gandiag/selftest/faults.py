"""The faults that are injected into healthy runs, with the correct verdicts for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gandiag.analysis.episode import Kind
from gandiag.analysis.names import Name
from gandiag.selftest import game_faults, loss_faults, player_faults, sample_faults
from gandiag.selftest.simulated_run import SimulatedRun
from gandiag.selftest.target import DataKind

Inject = Callable[[np.random.Generator, SimulatedRun, int], SimulatedRun]

ALL_KINDS: tuple[DataKind, ...] = ("line", "modes", "features")


@dataclass(frozen=True)
class Fault:
    """A way in which a healthy run goes wrong.

    Attributes:
        name: Its name.
        inject: Takes a random generator, a healthy run and a log point, and gives the run with the
            fault from there on; its docstring describes the strength.
        correct: The correct verdicts at the end, the best first.
        kinds: The kinds of episodes that it should cause.
        data: The kinds of data it applies to.
        between: The earliest and the latest onset, as fractions of the length.
        shortest: The least number of log points of such a run.
    """

    name: str
    inject: Inject
    correct: tuple[Name, ...]
    kinds: tuple[Kind, ...]
    data: tuple[DataKind, ...] = ALL_KINDS
    between: tuple[float, float] = (0.3, 0.7)
    shortest: int = 60

    @property
    def strength(self) -> str:
        """The description of its strength."""
        return " ".join((self.inject.__doc__ or "").split())


_WITHOUT_MODES: tuple[DataKind, ...] = ("line", "features")

FAULTS = {
    fault.name: fault
    for fault in (
        Fault("frozen-generator", player_faults.frozen_generator, ("dead",), ("standstill",)),
        Fault(
            "dead-generator",
            player_faults.dead_generator,
            ("dead",),
            ("standstill",),
        ),
        Fault("dead-discriminator", player_faults.dead_discriminator, ("dead",), ("standstill",)),
        Fault("nan", player_faults.not_a_number, ("diverging",), ("non-finite",)),
        Fault("blow-up", player_faults.blow_up, ("diverging",), ("blow-up",)),
        Fault(
            "shrinking-variance",
            sample_faults.shrinking_variance,
            ("collapsed",),
            ("collapse",),
            ("line",),
        ),
        Fault("mean-image", sample_faults.mean_image, ("collapsed",), ("collapse",), ("features",)),
        Fault(
            "late-collapse",
            sample_faults.late_collapse,
            ("collapsed",),
            ("collapse",),
            between=(0.5, 0.7),
        ),
        Fault("few-modes", sample_faults.few_modes, ("collapsed",), ("collapse",), ("modes",)),
        Fault(
            "lost-modes",
            sample_faults.lost_modes,
            ("partially-collapsed",),
            ("partial-collapse",),
            ("modes",),
        ),
        Fault(
            "duplicated-mode",
            sample_faults.duplicated_mode,
            ("partially-collapsed",),
            ("partial-collapse",),
            ("modes",),
        ),
        Fault(
            "narrow-peak",
            sample_faults.narrow_peak,
            ("partially-collapsed",),
            ("partial-collapse",),
            _WITHOUT_MODES,
        ),
        Fault(
            "growing-oscillation",
            sample_faults.growing_oscillation,
            ("oscillating", "diverging"),
            ("oscillation",),
            ("line",),
            shortest=200,
        ),
        Fault(
            "limit-cycle",
            sample_faults.limit_cycle,
            ("oscillating",),
            ("oscillation",),
            ("line",),
            shortest=200,
        ),
        Fault(
            "rotating-modes",
            sample_faults.rotating_modes,
            ("oscillating", "collapsed"),
            ("mode-hopping", "collapse"),
            ("modes",),
        ),
        Fault(
            "wrong-mean",
            sample_faults.wrong_mean,
            ("off-target",),
            ("quality-regression", "stagnation"),
            _WITHOUT_MODES,
        ),
        Fault(
            "overpowering-discriminator",
            game_faults.overpowering_discriminator,
            ("off-target",),
            ("d-overpowering", "vanishing-gradient", "quality-regression"),
            _WITHOUT_MODES,
        ),
        Fault(
            "blind-discriminator",
            game_faults.blind_discriminator,
            ("off-target",),
            ("d-blind", "quality-regression"),
            _WITHOUT_MODES,
        ),
        Fault(
            "misleading-loss",
            game_faults.misleading_loss,
            ("off-target",),
            ("quality-regression",),
            _WITHOUT_MODES,
            between=(0.3, 0.5),
            shortest=200,
        ),
        Fault(
            "swapped-labels",
            loss_faults.swapped_labels,
            ("off-target",),
            ("no-contest",),
            _WITHOUT_MODES,
        ),
        Fault(
            "unseen-equilibrium",
            loss_faults.unseen_equilibrium,
            ("undecided",),
            ("d-at-chance",),
        ),
        Fault(
            "unseen-runaway",
            loss_faults.unseen_runaway,
            ("undecided",),
            ("loss-runaway",),
            between=(0.1, 0.4),
        ),
        Fault("loss-spike", game_faults.loss_spike, ("healthy",), ("loss-spike",), shortest=200),
    )
}
"""All faults by name."""
