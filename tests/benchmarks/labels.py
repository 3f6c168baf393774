"""What a run is by its distance to the target alone: labels to hold verdicts against.

The rule was written down, and committed, before there was a verdict to compare with. It looks at
nothing but where the samples ended, on the mean of the last tenth of the log points, in units of
the target's standard deviation:

* ``diverged``: something was not finite;
* ``good``: the distance is at most 1/3;
* ``narrow``: it is not, and the generated standard deviation is below half of the target's;
* ``wrong``: all others.

The distance is Wasserstein-1 on the line. In the plane it is the root mean square over the axes of
the Gaussian Wasserstein-2 distance, √((mean - m)² + (std - s)²).
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from gandiag.analysis.success import settled

Label = Literal["diverged", "good", "narrow", "wrong"]

AGREES: dict[Label, tuple[str, ...]] = {
    "diverged": ("diverging",),
    "good": ("healthy",),
    "narrow": ("collapsed", "partially-collapsed"),
    "wrong": ("off-target", "oscillating", "diverging", "dead", "unconverged"),
}
"""The verdicts that agree with a label."""

GOOD = 1 / 3
"""The greatest distance, in standard deviations of the target, that is good."""

NARROW = 0.5
"""The ratio of standard deviations below which samples are narrow."""


def label(series: Any, status: str, mean: list[float], std: list[float]) -> Label:
    """The label of one run.

    Args:
        series: Its log points, a pandas frame.
        status: How it ended.
        mean: Of the target, one an axis.
        std: The same of its standard deviation.
    """
    if status == "diverged":
        return "diverged"
    axes = [""] if len(mean) == 1 else [f"_{k}" for k in range(len(mean))]
    m, s = (np.array([settled(series[name + axis]) for axis in axes]) for name in ("mean", "std"))
    if len(mean) == 1:
        distance = settled(series["wasserstein"]) / std[0]
    else:
        distance = np.sqrt(np.mean(((m - mean) ** 2 + (s - std) ** 2) / np.square(std)))
    if distance <= GOOD:
        return "good"
    return "narrow" if np.exp(np.log(s / std).mean()) < NARROW else "wrong"
