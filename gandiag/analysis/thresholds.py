"""Where the diagnosis draws its lines: every threshold of every detector, with its reason.

Distances are in standard deviations of the data, durations in parts of the planned length or in
log points. They were set on the calibrating set of `gandiag selftest` and are judged on another.
"""

from __future__ import annotations

# --- quality -----------------------------------------------------------------------------------

GOOD_DISTANCE = 1 / 3
"""The distance above its floor, in standard deviations, up to which samples are good: the mean off
by a third of a standard deviation, or the standard deviation by 40 %."""

GOOD_SCORE = 0.4
"""The part of the classifier's score that good images of digits may lack."""

GOOD_MODES = 0.2
"""The divergence of the modes' shares, in nats, up to which the modes are held evenly enough."""
