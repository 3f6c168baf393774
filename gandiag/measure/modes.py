"""Samples of a mixture whose modes are known."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from gandiag.measure.known import Known
from gandiag.metrics import Estimate, mode_coverage

NUMBERS = ("modes", "modes_robust", "high_quality", "reverse_kl", "spread_ratio")

MOST_SHARES = 100
"""Up to so many modes, the share of each is recorded."""


def modes(known: Known, samples: NDArray[Any]) -> list[dict[str, Estimate]]:
    """Which modes there are, how well they are hit, and what share each has, as `mode_coverage`.

    ``mode_share_k`` is the share of the k-th centre among the high-quality samples.

    Args:
        known: What is known of the data, which are a mixture.
        samples: [lane, size, n].
    """
    data: Any = known.data
    found = [mode_coverage(fake=lane.T, centres=data.centres, std=data.std) for lane in samples]
    lanes = [{name: getattr(each, name) for name in NUMBERS} for each in found]
    if len(data.centres) <= MOST_SHARES:
        for lane, each in zip(lanes, found, strict=True):
            lane["mode_share"] = each.histogram
    return lanes
