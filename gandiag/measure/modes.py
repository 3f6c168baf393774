"""Metrics of samples of a mixture with known modes."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from gandiag.measure.known import Known
from gandiag.metrics import Estimate, mode_coverage

NUMBERS = ("modes", "modes_robust", "high_quality", "reverse_kl", "spread_ratio")

MOST_SHARES = 100
"""Up to this number of modes, the share of each is recorded."""


def modes(known: Known, samples: NDArray[Any]) -> list[dict[str, Estimate]]:
    """The captured modes, the sample quality and the share of each mode, see `mode_coverage`.

    ``mode_share_k`` is the share of the k-th centre among the high-quality samples.

    Args:
        known: What is known of the data: a mixture, or modes that a user gave.
        samples: [lane, size, n].
    """
    data: Any = known.modes or known.data
    weights = None if known.modes is None else known.modes.shares
    coverages = [
        mode_coverage(fake=lane.T, centres=data.centres, std=data.std, weights=weights)
        for lane in samples
    ]
    lanes = [{name: getattr(each, name) for name in NUMBERS} for each in coverages]
    if len(data.centres) <= MOST_SHARES:
        for lane, each in zip(lanes, coverages, strict=True):
            lane["mode_share"] = each.histogram
    elif known.modes is not None:
        for lane in lanes:
            lane["modes_known"] = Estimate(float(len(data.centres)))
    return lanes
