"""The true state of a simulated run at every log point, before anything is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gandiag.selftest.noise import Floats, Noise
from gandiag.selftest.target import Target


@dataclass(frozen=True, eq=False)
class SimulatedRun:
    """The generated distribution and the players of one run.

    Lengths are in standard deviations of the data.

    Attributes:
        iteration: The iteration of every log point [log point].
        target: The data and the game.
        noise: The noise process of all series.
        offset: The samples' mean minus the data's mean [log point].
        log_ratio: The log of the samples' standard deviation over the data's; with known modes, of
            the standard deviation within the modes [log point].
        shape: The part of the distance that mean and standard deviation do not show [log point].
        logits: The logs of the modes' shares, up to a constant [log point, mode].
        quality: The share of the samples that lie on a mode, if modes are known [log point].
        players: The recorded columns of D and G by name, each [log point].
        settled: The iteration at which the transient has decayed to a hundredth.
        frozen_from: The log point from which every metric of the samples is constant, if any.
        nan_from: The log point from which every metric of the samples is NaN, if any.
        ends_at: The last recorded log point, if the run ends early.
        diverged_at: The log point at which the run itself reports divergence, if it does.
        unmeasured: Whether no samples are measured, so that the players' columns are all.
    """

    iteration: NDArray[np.int64]
    target: Target
    noise: Noise
    offset: Floats
    log_ratio: Floats
    shape: Floats
    logits: Floats
    quality: Floats
    players: Mapping[str, Floats]
    settled: int
    frozen_from: int | None = None
    nan_from: int | None = None
    ends_at: int | None = None
    diverged_at: int | None = None
    unmeasured: bool = False

    def __len__(self) -> int:
        return len(self.iteration)

    @cached_property
    def ratio(self) -> Floats:
        """The samples' standard deviation over the data's [log point]."""
        return np.exp(self.log_ratio)

    @cached_property
    def shares(self) -> Floats:
        """The shares of the modes [log point, mode]; they sum to one."""
        if not self.target.modes:
            return self.logits
        from scipy.special import softmax

        shares: Floats = softmax(self.logits, axis=1)
        return shares

    @property
    def error(self) -> Floats:
        """The error of the samples [log point]: 0 if correct, about 1 for a shift by one std."""
        if self.target.modes:
            missing = 0.5 * np.abs(self.shares - 1 / self.target.modes).sum(axis=1)
            return np.asarray(2 * missing + np.maximum(-self.log_ratio, 0.0))
        return normal_distance(self.offset, self.ratio)

    def ramp(self, at: int, part: float) -> Floats:
        """A ramp [log point]: 0 up to log point ``at``, then linear to 1.

        Args:
            at: The log point where it starts.
            part: How long it rises, as a fraction of the run's length; one log point at least.
        """
        since = np.arange(len(self)) - at
        return np.clip(since / max(part * len(self), 1.0), 0.0, 1.0)

    def with_players(self, **columns: Floats) -> SimulatedRun:
        """A copy with some columns of the players replaced."""
        return replace(self, players={**self.players, **columns})


def normal_distance(offset: Floats, ratio: Floats) -> Floats:
    """Wasserstein-1 between N(0, 1) and N(offset, ratio^2), elementwise.

    It is E|offset + (ratio - 1) Z| with Z standard normal: the mean of a folded normal
    distribution.
    """
    from scipy.special import ndtr

    width = np.maximum(np.abs(ratio - 1), 1e-12)
    at = offset / width
    folded = width * np.sqrt(2 / np.pi) * np.exp(-0.5 * np.minimum(at**2, 1e3))
    distance: Floats = folded + offset * (1 - 2 * ndtr(-at))
    return distance
