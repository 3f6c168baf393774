"""What truly happens in a simulated run, log point by log point, before anybody measures it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gandiag.selftest.noise import Floats, Noise
from gandiag.selftest.target import Target


@dataclass(frozen=True, eq=False)
class Course:
    """The generated law and the players of one run; lengths are in data's standard deviations.

    Attributes:
        iteration: Of every log point [log point].
        target: The data.
        noise: How everything wanders.
        offset: From the data's mean to that of the samples [log point].
        log_ratio: The log of the samples' standard deviation over the data's, and with known
            modes of that within the modes [log point].
        shape: The distance that is in no moment [log point].
        logits: The logs of the modes' shares, but for a constant [log point, mode].
        quality: The part of the samples that lies on a mode, if modes are known [log point].
        players: The columns of D and G by name.
        settled: The iteration at which a hundredth of the transient is left.
        held: Since which log point every measure of the samples is the same, if any.
        lost: Since which log point every measure of the samples is NaN, if any.
        last: Which log point is the last that is recorded, if not all are.
        diverged: At which log point something is not finite, if the run itself says so.
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
    held: int | None = None
    lost: int | None = None
    last: int | None = None
    diverged: int | None = None

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
        powers = np.exp(self.logits - self.logits.max(axis=1, keepdims=True))
        shares: Floats = powers / powers.sum(axis=1, keepdims=True)
        return shares

    @property
    def wrong(self) -> Floats:
        """How far the samples are off [log point]: 0 where right, about 1 by a deviation."""
        if self.target.modes:
            missing = 0.5 * np.abs(self.shares - 1 / self.target.modes).sum(axis=1)
            return np.asarray(2 * missing + np.maximum(-self.log_ratio, 0.0))
        return normal_distance(self.offset, self.ratio)

    def ramp(self, at: int, part: float) -> Floats:
        """From 0 at a log point to 1 a part of the length, or one log point, later [log point]."""
        since = np.arange(len(self)) - at
        return np.clip(since / max(part * len(self), 1.0), 0.0, 1.0)

    def with_players(self, **columns: Floats) -> Course:
        """The same with some columns of the players anew."""
        return replace(self, players={**self.players, **columns})


def normal_distance(offset: Floats, ratio: Floats) -> Floats:
    """Wasserstein-1 from the standard normal law to one of that mean and standard deviation.

    It is the mean of |offset + (ratio - 1) Z|, Z standard normal: that of a folded normal law.
    """
    from scipy.special import ndtr

    width = np.maximum(np.abs(ratio - 1), 1e-12)
    at = offset / width
    folded = width * np.sqrt(2 / np.pi) * np.exp(-0.5 * np.minimum(at**2, 1e3))
    distance: Floats = folded + offset * (1 - 2 * ndtr(-at))
    return distance
