"""Whether generated samples depend on the latent as they should: equal, the same again, repeated.

A generator that collapses does so later; here its samples are that way from the first log point on.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from gandiag.analysis.thresholds import DISTINCT, EQUAL, HINT_STEPS, REPEATED_GROUPS
from gandiag.monitoring.hints.look import Look, Repeats, Values, repeats_of

FEWEST = 8
"""Samples in a batch below which nothing is said about their differences."""
AGAIN = 3
"""Log points in a row whose samples must be the same before it is said."""


def equal_samples(real: Values, looks: Sequence[Look]) -> str | None:
    """A sentence if all samples of each batch are equal.

    Args:
        real: Real samples [m, d]; m = 0 where there are none.
        looks: The first log points with samples.
    """
    if len(looks) < AGAIN or not all(_equal(look.fake) for look in looks):
        return None
    if len(real) > 1 and _equal(real):
        return None
    trained = not np.array_equal(looks[0].fake[0], looks[-1].fake[0])
    if not trained and looks[-1].step - looks[0].step < HINT_STEPS:
        return None  # e.g. a last layer that starts at 0, while D is trained alone
    return (
        f"all {len(looks[-1].fake)} samples of fake that were looked at are equal, at every log "
        "point since the first: G does not use its latent, or got the same one for all of them"
    )


def same_again(looks: Sequence[Look]) -> str | None:
    """A sentence if the samples do not change from one log point to the next.

    Args:
        looks: The first log points with samples.
    """
    last = looks[-AGAIN:]
    if len(last) < AGAIN or not all(_same(last[0].fake, look.fake) for look in last[1:]):
        return None
    updates = [look.g_updates for look in last]
    updated = all(a is not None and b is not None and b > a for a, b in pairwise(updates))
    if not updated:
        long = looks[-1].step - looks[0].step >= HINT_STEPS and len(looks) >= AGAIN + 2
        if updates[-1] is not None or not long or not _same(looks[0].fake, last[0].fake):
            return None  # while D is trained alone, the samples of one latent stay
    return (
        f"the samples of fake at steps {last[0].step} and {last[-1].step} are the same to the "
        "last bit: G's weights do not change (does its optimizer hold them?), or one array is "
        "logged again and again"
    )


def repeated_samples(real: Values, looks: Sequence[Look]) -> str | None:
    """A sentence if a batch has far fewer different samples than it has samples.

    Args:
        real: Real samples [m, d]; m = 0 where there are none.
        looks: The first log points with samples.
    """
    if len(looks) < 2 or not all(_repeats(look.repeats) for look in looks):
        return None
    counted = looks[-1].repeats
    if len(real):
        theirs = repeats_of(real[: counted.n])
        if not theirs.n or counted.distinct / counted.n > DISTINCT * theirs.distinct / theirs.n:
            return None
    return (
        f"only {counted.distinct} of {counted.n} samples of fake are different, at every log point "
        "since the first: are latents repeated, or is the seed set again for every batch?"
    )


def _equal(samples: Values) -> bool:
    if len(samples) < FEWEST:
        return False
    return bool(np.ptp(samples, axis=0).max() <= EQUAL * np.abs(samples).max())


def _same(one: Values, other: Values) -> bool:
    return len(one) >= FEWEST and np.array_equal(one, other)


def _repeats(repeats: Repeats) -> bool:
    few = repeats.distinct <= DISTINCT * repeats.n
    return repeats.n >= FEWEST and few and repeats.groups >= REPEATED_GROUPS
