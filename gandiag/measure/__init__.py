"""From generated samples and what is known of the data to the numbers that are recorded.

What is measured is a function of the real samples, the fake ones and what is known of the data:
the same in a sweep and in a monitor. A row is the only bridge between training and diagnosis.
"""

from __future__ import annotations

from gandiag.measure.estimates import Row
from gandiag.measure.rows import columns_of, measure, notes

__all__ = ["Row", "columns_of", "measure", "notes"]
