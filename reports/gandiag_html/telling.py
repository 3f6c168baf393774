"""Which of the recorded columns tell how a training went, in what words, and in what order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gandiag.experiment.experiment import Experiment
from gandiag_html.formatting import exact, number

if TYPE_CHECKING:
    from gandiag_html.configurations import Configuration
    from gandiag_html.outcomes import Outcome

WORDS: Mapping[str, str] = {
    "mean": "Mean",
    "std": "Standard deviation",
    "wasserstein": "Wasserstein distance",
    "modes": "Modes captured",
    "modes_robust": "Modes captured with a tenth of their due",
    "digits": "Classes captured",
    "digit_share_min": "Share of the rarest digit",
    "digit_kl": "KL divergence of the digits",
    "digit_diversity": "Diversity within the digits",
    "high_quality": "High-quality share",
    "sliced_wasserstein": "Sliced Wasserstein distance",
    "spread": "Spread",
    "frechet": "Fréchet distance",
    "kid": "Kernel Inception distance",
    "mmd": "Maximum mean discrepancy",
    "precision": "Precision",
    "recall": "Recall",
    "density": "Density",
    "coverage": "Coverage",
    "reverse_kl": "Reverse KL divergence",
    "spread_ratio": "Spread within the modes",
    "latent_sensitivity": "Latent sensitivity",
}
"""The known columns, the most telling first."""

BRIEFLY: Mapping[str, tuple[int, str]] = {
    "modes": (1, "modes {}"),
    "high_quality": (100, "high quality {} %"),
    "digits": (1, "digits {}"),
    "digit_share_min": (100, "rarest {} %"),
    "digit_diversity": (1, "diversity {}"),
}
"""What is said of the samples of one picture: in what unit, and in what words."""

DIGITS = ("digits", "digit_share_min", "digit_kl", "digit_diversity", "frechet", "coverage")
MODES = ("modes", "modes_robust", "high_quality", "reverse_kl", "spread_ratio")
PLAIN = ("mean", "std", "wasserstein", "sliced_wasserstein", "spread", "latent_sensitivity")
"""What is drawn of an experiment of ours, which records much that is not of the samples: that of
digits where there are digits, of modes where there are modes, and else of plain numbers."""
OURS = frozenset(
    ("run", "point", "seed", "backend", "phase", "iteration", "d_updates", "g_updates", "wall_s",
     "n_samples")
)  # fmt: skip
"""Columns that say where a row belongs, and nothing of how it went."""
REDUNDANT = re.compile(r"(skew|kurtosis|ks|energy|cov)(_\d+)*")
"""Standard columns that say little beyond the mean, the standard deviation and a distance."""
COORDINATE = re.compile(r"(mean|std)_(\d+)")
MOST_COORDINATES = 3
MOST_IN_A_FAMILY = 3
"""Numbered columns beyond so many are the parts of a vector, such as a histogram."""
MOST_TABLED = 20
"""Columns of somebody's own that the table of runs has room for; the store has all of them."""
PARTS = ("_se", "_floor", "_min", "_max", "_last")
LOSSES = ("d_loss", "d_cross_entropy", "d_l2", "g_loss", "g_cross_entropy", "g_l2")
"""A player's whole loss, and where it has an L2 term, what its scores cost and that term."""


def losses(group: Configuration) -> list[str]:
    """The columns of losses: those of the two players first, then others that are called so."""
    found = [name for name in _recorded(group) if _is_loss(name)]
    if isinstance(group.experiment, Experiment):
        found = [name for name in found if name in LOSSES]
    return sorted(found, key=lambda name: LOSSES.index(name) if name in LOSSES else len(LOSSES))


def measures(group: Configuration) -> list[str]:
    """All other columns that tell something, the most telling first.

    An experiment of ours is told by its samples: their moments, their distance from the data,
    and what its rule bounds. Of somebody's own training everything may matter that was logged.
    """
    ruled = {rule.column for rule in group.experiment.success}
    names = [name for name in _recorded(group) if not _is_loss(name)]
    if isinstance(group.experiment, Experiment):
        telling = _telling(names)
        names = [name for name in names if name in telling or name in ruled]
    else:
        crowded = _crowded(names)
        names = [
            name
            for name in names
            if name in ruled or not (REDUNDANT.fullmatch(name) or _family(name) in crowded)
        ]
    return sorted(names, key=partial(_rank, group, ruled))


def _telling(names: Sequence[str]) -> Sequence[str]:
    """Which of the recorded columns are drawn of an experiment of ours."""
    for some in (DIGITS, MODES):
        if some[0] in names:
            return some
    return [name for name in names if name in PLAIN or _axis(name) is not None]


def is_flat(group: Configuration, name: str) -> bool:
    """Whether a column that nobody knows never changes, as a rate of learning often does."""
    if name in WORDS or _axis(name) is not None or _has_part(group, name):
        return False
    seen = np.concatenate([one.column(name) for one in group.outcomes])
    seen = seen[~np.isnan(seen)]
    return not len(seen) or bool((seen == seen[0]).all())


def title(name: str) -> str:
    """A column in human words, where they are known.

    >>> title("modes"), title("std_1"), title("my_metric")
    ('Modes captured', 'Standard deviation of coordinate 1', 'my_metric')
    """
    if name in WORDS:
        return WORDS[name]
    found = COORDINATE.fullmatch(name)
    return f"{WORDS[found[1]]} of coordinate {found[2]}" if found else name


def briefly(one: Outcome, iteration: int) -> list[str]:
    """What a run's samples read at a log point, in a few words; nothing of plain numbers.

    Args:
        one: The run.
        iteration: The log point.
    """
    here = np.flatnonzero(one.iterations == iteration)
    said = []
    for name, (unit, words) in BRIEFLY.items():
        value = float(one.column(name)[here[0]]) if len(here) else np.nan
        if np.isfinite(value):
            said.append(
                words.format(number(unit * value, 2) if unit == 100 else exact(round(value, 2)))
            )
    return said


def floor(group: Configuration, name: str) -> float | None:
    """What a perfect generator would read, where that was recorded: the median over all of it."""
    held = np.concatenate([np.empty(0), *(one.column(f"{name}_floor") for one in group.outcomes)])
    held = held[np.isfinite(held)]
    return float(np.median(held)) if len(held) else None


def _recorded(group: Configuration) -> Iterator[str]:
    """The columns of values in which something finite was recorded, in the order they came in."""
    names = dict.fromkeys(str(name) for one in group.outcomes for name in one.series.columns)
    for name in names:
        base = next((name.removesuffix(end) for end in PARTS if name.endswith(end)), name)
        if name in OURS or (base != name and base in names):
            continue
        if any(np.isfinite(one.column(name)).any() for one in group.outcomes):
            yield name


def _is_loss(name: str) -> bool:
    return "loss" in name or name in LOSSES


def _axis(name: str) -> int | None:
    """Which coordinate's moment it is; None where it is of none that is drawn."""
    found = COORDINATE.fullmatch(name)
    return int(found[2]) if found and int(found[2]) < MOST_COORDINATES else None


def _family(name: str) -> str:
    return re.sub(r"(_\d+)+$", "", name)


def _crowded(names: Sequence[str]) -> set[str]:
    sizes = Counter(_family(name) for name in names if _family(name) != name)
    return {family for family, size in sizes.items() if size > MOST_IN_A_FAMILY}


def _rank(group: Configuration, ruled: set[str], name: str) -> tuple[int, int]:
    """Where a column stands: what is known, what a rule bounds, what has a floor or an error."""
    if name in WORDS:
        return 0, list(WORDS).index(name)
    axis = _axis(name)
    if axis is not None:
        return 3, 2 * axis + name.startswith("std")
    if name in ruled:
        return 1, 0
    return (2, 0) if _has_part(group, name) else (4, 0)


def _has_part(group: Configuration, name: str) -> bool:
    return any(f"{name}{end}" in one.series for one in group.outcomes for end in ("_se", "_floor"))
